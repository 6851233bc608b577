"""The office sets the county's terms and holidays; everybody may read them."""

from datetime import date

import pytest

from support.county import County, as_asker, signed_in
from tongyu.core.models import JobProgress
from tongyu.directory.calendar import load_calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return County()


def test_the_office_sets_a_term_and_the_calendar_follows(county):
    client = signed_in(county.office_staff())
    answer = client.post("/calendar/2026/term/2/", {"first_day": "2027-02-22", "last_day": "2027-07-02"})
    assert answer.headers["Location"] == "/calendar/2026/"
    assert load_calendar(county.code, 2026).term(2).span.start == date(2027, 2, 22)


def test_every_saved_day_asks_once_for_all_duties_to_be_computed_again(county):
    staff = county.office_staff()
    client = signed_in(staff)
    client.post("/calendar/2026/term/2/", {"first_day": "2027-02-22", "last_day": "2027-07-02"})
    client.post("/calendar/2026/holiday/", {"day": "2026-10-01", "worked": "no", "name": "国庆节"})
    page = client.get("/calendar/2026/").content.decode()
    assert "正在按新日期重算" in page
    with as_asker(staff):
        assert list(JobProgress.objects.values_list("kind", "state")) == [("duties.full", "queued")]


@pytest.mark.parametrize(
    ("first_day", "last_day", "message"),
    [
        ("2027-07-09", "2027-02-22", "最后一天不能早于开学日期"),
        ("2026-12-01", "2027-07-09", "与另一学期"),
        ("2027-02-22", "2027-09-10", "日期要在 2026—2027学年 之内"),
        ("", "2027-07-09", "请填写开学日期"),
        ("二月", "2027-07-09", "日期"),
    ],
)
def test_impossible_dates_are_refused_at_the_field(county, first_day, last_day, message):
    client = signed_in(county.office_staff())
    answer = client.post("/calendar/2026/term/2/", {"first_day": first_day, "last_day": last_day})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert load_calendar(county.code, 2026).term(2).span.start == date(2027, 3, 1)


def test_a_holiday_and_its_make_up_day_change_the_school_days(county):
    client = signed_in(county.office_staff())
    before = load_calendar(county.code, 2026)
    client.post("/calendar/2026/holiday/", {"day": "2026-10-01", "worked": "no", "name": "国庆节"})
    client.post("/calendar/2026/holiday/", {"day": "2026-10-10", "worked": "yes", "name": "国庆节调休"})
    after = load_calendar(county.code, 2026)
    assert (before.is_school_day(date(2026, 10, 1)), after.is_school_day(date(2026, 10, 1))) == (True, False)
    assert (before.is_school_day(date(2026, 10, 10)), after.is_school_day(date(2026, 10, 10))) == (
        False,
        True,
    )

    client.post("/calendar/2026/holiday/remove/", {"day": "2026-10-10"})
    assert load_calendar(county.code, 2026).is_school_day(date(2026, 10, 10)) is False


def test_a_free_sunday_is_refused_with_a_reason(county):
    answer = signed_in(county.office_staff()).post(
        "/calendar/2026/holiday/", {"day": "2026-10-04", "worked": "no", "name": "国庆节"}
    )
    assert (answer.status_code, "本来就是周末" in answer.content.decode()) == (422, True)


def test_others_read_and_cannot_set(county):
    school = county.school(county.township())
    client = signed_in(county.leader(school))
    assert client.get("/calendar/").status_code == 200
    answer = client.post("/calendar/2026/holiday/", {"day": "2026-10-01", "worked": "no", "name": "国庆节"})
    assert answer.status_code == 403
