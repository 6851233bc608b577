"""Twelve principals share one connection, and nobody's scope outlives their transaction (check C10)."""

import random

from django.db import connection, transaction

from support.county import County
from tongyu.core.context import acting
from tongyu.directory.hats import scope_of
from tongyu.directory.models import Student


def a_school_with_one_pupil(county, township, number):
    school = county.school(township, f"第{number}小学")
    county.pupil(county.class_(school), f"学生{number}")
    return county.leader(school)


def test_c10_interleaved_transactions_never_see_foreign_rows(committed):
    county = County()
    township = county.township()
    leaders = [a_school_with_one_pupil(county, township, number) for number in range(12)]
    order = random.Random(10)
    foreign = outside = 0
    for _ in range(1200):
        leader = order.choice(leaders)
        with acting(scope_of(leader)), transaction.atomic():
            foreign += sum(not leader.reaches(org) for org in Student.objects.values_list("org", flat=True))
        outside += Student.objects.count()
    assert (foreign, outside) == (0, 0)


def test_c10_control_a_session_variable_does_leak(committed):
    county = County()
    a_school_with_one_pupil(county, county.township(), 1)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.lo', '0', false), set_config('app.hi', %s, false)", [str(2**62)]
        )
        try:
            assert Student.objects.count() == 1
        finally:
            cursor.execute("RESET app.lo; RESET app.hi")
