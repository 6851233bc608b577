"""The same tap, sent twice at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from django.db import connection

from support.county import County, as_asker
from tongyu.core.ids import uuid7
from tongyu.workbenches.families.daily_notes.actions import write_notes
from tongyu.workbenches.families.daily_notes.queries import visible


def test_two_sendings_at_once_are_one(committed):
    county = County()
    class_ = county.class_(county.school(county.township()))
    teacher = county.teacher(class_)
    for number in range(6):
        county.pupil(class_, f"学生{number}")
    sent = {"id": uuid7(), "students": [], "category": "praise", "line": "作业工整", "whom": "rest_but"}
    together = Barrier(4)

    def send(_number):
        try:
            with as_asker(teacher):
                together.wait(timeout=20)
                return len(write_notes(by=teacher, occurred_on=date(2026, 11, 23), **sent))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(send, range(4))) == [6] * 4
    with as_asker(teacher):
        assert visible(teacher).count() == 6
