"""The office says how unclear words are read: it confirms the starting reading with one click, or writes its own."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import CODE, DAY, County, as_asker, signed_in
from tongyu.core import closed_days
from tongyu.core.ids import uuid7
from tongyu.plan import actions, queries
from tongyu.plan.models import OfficeReading

pytestmark = pytest.mark.django_db

FIRST = date(2024, 1, 30)


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(loaded):
    return County()


@pytest.fixture
def office(county):
    return county.office_staff()


def readings(by, on=DAY):
    with as_asker(by):
        return queries.interpretations(queries.active(CODE, on), CODE, on)


def doubt_of(by, on=DAY):
    """How 至少组织2次以上 is read on a day."""
    return next(row for row in readings(by, on) if row.kind == "ambiguous_quantity")


def write(by, **changed):
    words = {
        "reading": "至少2次，多做不限。", "paper": "永协办〔2026〕4号", "paper_date": date(2026, 11, 2),
        "valid_from": date(2026, 11, 10), "id": uuid7(),
    }  # fmt: skip
    doubt = doubt_of(by)
    with as_asker(by):
        return actions.write_reading(by=by, doubt=doubt, **{**words, **changed})


def test_one_click_confirms_the_starting_reading_as_it_stands(office):
    before = doubt_of(office)
    with as_asker(office):
        actions.confirm_reading(by=office, doubt=before)
        actions.confirm_reading(by=office, doubt=before)
        assert OfficeReading.objects.count() == 1
    now = doubt_of(office)
    assert (now.pk, now.reading, now.source["kind"]) == (before.pk, before.reading, "confirmed")
    assert len(readings(office)) == 97


def test_the_offices_own_reading_holds_from_its_day_and_the_earlier_days_keep_theirs(office):
    write(office)
    assert doubt_of(office).reading == "至少2次，多做不限。"
    assert doubt_of(office, date(2026, 11, 9)).reading.startswith("“以上”包括本数")
    write(office, reading="按2次计。", valid_from=date(2026, 11, 20))
    assert doubt_of(office).reading == "按2次计。"


def test_what_the_office_has_settled_is_not_confirmed_again(office):
    write(office)
    with as_asker(office), pytest.raises(ValidationError, match="办公室已经定过了"):
        actions.confirm_reading(by=office, doubt=doubt_of(office))


@pytest.mark.parametrize(
    ("field", "changed"),
    [
        ("reading", {"reading": " "}),
        ("paper", {"paper": ""}),
        ("paper_date", {"paper_date": date(2027, 1, 1)}),
        ("valid_from", {"valid_from": date(2023, 1, 1)}),
    ],
)
def test_what_is_missing_is_told_at_its_field(office, field, changed):
    with pytest.raises(ValidationError) as error:
        write(office, **changed)
    assert list(error.value.message_dict) == [field]


def test_a_closed_day_is_refused(office, monkeypatch):
    monkeypatch.setattr(closed_days, "_guards", [lambda day, county: "已结账。"])
    with pytest.raises(ValidationError, match="已结账"):
        write(office)


def test_nobody_but_the_office_settles_words(county):
    with pytest.raises(PermissionDenied):
        write(county.department_staff("education"))


def test_the_readings_of_one_county_are_not_the_others(office):
    write(office)
    other = County(622924).office_staff()
    with as_asker(other):
        assert OfficeReading.objects.count() == 0


def test_the_page_keeps_what_waits_apart_from_what_is_settled(office):
    client, doubt = signed_in(office), doubt_of(office)
    html = client.get("/plan/readings/").content.decode()
    assert "待办公室确定（97）" in html
    assert client.post(f"/plan/readings/{doubt.pk}/confirm/").status_code == 302
    html = client.get("/plan/readings/").content.decode()
    assert "待办公室确定（96）" in html
    assert html.count(">确认</button>") == 96
    sent = {"id": str(uuid7()), "reading": "按2次计。", "paper": "永协办〔2026〕4号"}
    sent |= {"paper_date": "2026-11-02", "valid_from": "2026-11-23"}
    assert client.post(f"/plan/readings/{doubt.pk}/", sent).status_code == 302
    plan = client.get("/plan/guidance/").content.decode()
    assert "按2次计。" in plan
    assert "永协办〔2026〕4号（县协同育人办公室，2026-11-02）" in plan
    assert client.get("/plan/readings/30000/").status_code == 404
    assert client.post(f"/plan/readings/{doubt.pk}/", {}).status_code == 422


def test_a_doubt_that_nobody_closed_waits_for_the_office_without_words(loaded):
    from tongyu.plan import loader, reader

    edition = reader.read()
    edition.interpretations = None
    open_ = loader._open_doubts(edition)
    assert len(open_) == 97
    assert {one.reading for one in open_} == {""}
    assert {one.since for one in open_} == {FIRST}
