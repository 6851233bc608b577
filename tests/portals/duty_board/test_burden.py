"""The burden meter: counts and minutes by role, month and duty; never by person; what no duty asks for stands apart."""

import io
from datetime import date

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from support.county import County, as_asker, signed_in
from tongyu.core.ids import uuid7
from tongyu.duties.queries.burden import burden, of_month
from tongyu.duties.queries.scope import county_of
from tongyu.plan import loader
from tongyu.plan import queries as plans
from tongyu.records.burden import asked_by
from tongyu.records.kinds import kinds
from tongyu.workbenches.families.home_visits.actions import record_visit
from tongyu.workbenches.gatherings.events.actions import plan_event

DAY = date(2026, 11, 10)


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def county(db, plan):
    return County()


def work(county, visits=2):
    """A class teacher who visits pupils and holds one meeting; returns the teacher."""
    class_ = county.class_(county.school(county.township()))
    teacher = county.teacher(class_)
    with as_asker(teacher):
        for number in range(visits):
            child = county.pupil(class_, f"马{number}")
            record_visit(
                by=teacher, id=uuid7(), student=child.pk, occurred_on=DAY, visitors=["class_teacher"], met=["father"],
                line="聊了学习",
            )  # fmt: skip
        plan_event(by=teacher, type="parent_meeting", occurred_on=DAY)
    return teacher


def counted(asker):
    """By kind: records of the running month by role, by the duties that ask for them, and those nobody asks for."""
    from tongyu.core import clock

    real = clock.now().date().replace(day=1)
    with as_asker(asker):
        found = burden(asker, plans.active(county_of(asker), DAY), real, date(2099, 1, 1), DAY)
        return {
            one.kind.key: (
                dict(one.records),
                {rule.id for rule, by in zip(one.rules, one.by_rule, strict=True) if of_month(by, real)},
                of_month(one.unasked, real),
            )
            for one in found
        }, real


def test_every_form_has_fields_and_minutes_and_kinds_without_a_form_are_left_out():
    asked = {kind.key: asked_by(kind) for kind in kinds}
    assert asked["appointment"] is None
    assert all(one.fields >= one.required > 0 and 0.5 < one.minutes < 10 for one in asked.values() if one)


def test_records_are_counted_by_role_and_month_and_by_the_duties_that_ask_for_them(county):
    work(county)
    found, month = counted(county.office_staff())
    records, duties, unasked = found["home_visit"]
    assert (records, unasked) == ({(month, "class_teacher"): 2}, 0)
    assert "home-visit" in duties
    assert found["committee"] == ({}, set(), 0)


def test_a_record_that_two_duties_use_is_counted_once_in_all(county):
    work(county, visits=1)
    found, month = counted(county.office_staff())
    assert sum(found["home_visit"][0].values()) == 1


def test_without_a_plan_nobody_asks_for_anything(county):
    work(county)
    office = county.office_staff()
    with as_asker(office):
        found = burden(office, None, date(2020, 1, 1), date(2099, 1, 1), DAY)
        visits = next(one for one in found if one.kind.key == "home_visit")
        assert sum(visits.unasked.values()) == sum(visits.records.values()) == 2


def test_the_page_shows_estimates_and_how_they_are_made_and_nobody_by_name(county):
    teacher = work(county)
    client = signed_in(county.office_staff())
    page = client.get("/duties/burden/").content.decode()
    for words in ("填报负担", "班主任", "怎么算的", "家访", "按责任事项", "少于 5 人的职务不显示平均数"):
        assert words in page
    assert "马0" not in page
    assert signed_in(teacher).get("/duties/burden/").status_code == 403
    assert client.get("/duties/burden/?month=xx&format=").status_code == 200


def test_the_average_is_hidden_where_fewer_than_five_hold_the_role(county):
    work(county)
    office = county.office_staff()
    page = signed_in(office).get("/duties/burden/").content.decode()
    assert "分钟</td>" not in page
    for number in range(2, 7):
        work(county, visits=number % 2)
    assert "分钟</td>" in signed_in(office).get("/duties/burden/").content.decode()


def test_the_workbook_holds_counts_only(county):
    work(county)
    answer = signed_in(county.office_staff()).get("/duties/burden/?format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0].iter_rows(values_only=True))
    assert rows[0][:2] == ("月份", "职务")
    assert any(row[2] == "家访" and row[6] == 2 for row in rows[1:])
    assert "马0" not in str(rows)


def test_the_queries_do_not_grow_with_the_records(county):
    client = signed_in(county.office_staff())
    counts = []
    for visits in (1, 3):
        work(county, visits)
        client.get("/duties/burden/")
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get("/duties/burden/")
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 25


def test_the_offices_board_has_a_card_that_leads_here(county):
    work(county)
    page = signed_in(county.office_staff()).get("/office/").content.decode()
    assert ("本月填写用时（估计）" in page, "/duties/burden/" in page) == (True, True)
