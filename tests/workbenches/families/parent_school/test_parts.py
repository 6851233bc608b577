"""The four parts fulfil 办好家长学校; stations fulfil 家庭教育指导站; the needs survey picks topics without names."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.support.county import DAY, County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from tongyu.records import life
from tongyu.records.facts import facts_of
from tongyu.workbenches.families.parent_school.actions.needs import answer_needs, ask_needs, end_needs
from tongyu.workbenches.families.parent_school.actions.parts import carry_over, correct_part, record_part
from tongyu.workbenches.families.parent_school.actions.stations import correct_station, open_station
from tongyu.workbenches.families.parent_school.models import NeedsAnswer, Part, PartKind
from tongyu.workbenches.families.parent_school.queries import needs, parts, stations

ALL = list(PartKind.values)


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def place(db, plan):
    county = County()
    county.town = county.township("太极镇")
    county.school_a = county.school(county.town)
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.head = county.leader(county.school_a)
    county.clerk = county.township_staff(county.town)
    county.women = county.department_staff("women")
    return county


def put(by, part, **kwargs):
    with as_asker(by):
        return record_part(by=by, part=part, line="写几行", **kwargs)


def state(key, org):
    with as_system("engine"):
        return Standing.objects.get(obligation__key=key, unit_org=org).state


def test_the_duty_is_met_with_the_fourth_part_and_open_again_without_one(place):
    update.recompute_all(DAY)
    made = [put(place.head, part) for part in ALL[:3]]
    assert state("parent-school", place.school_a.code) == "in_progress"
    put(place.head, "activity")
    assert state("parent-school", place.school_a.code) == "met"
    with as_asker(place.head):
        life.withdraw(made[0], by=place.head, reason="写错", version=1)
    assert state("parent-school", place.school_a.code) == "in_progress"


def test_a_townships_parts_prove_nothing_for_its_schools(place):
    update.recompute_all(DAY)
    made = [put(place.clerk, part) for part in ALL]
    with as_system():
        assert facts_of("parent_school", [one.pk for one in made]) == []
    assert state("parent-school", place.school_a.code) == "in_progress"


def test_the_same_part_sent_twice_is_one(place):
    key = uuid7()
    assert put(place.head, "team", id=key) == put(place.head, "team", id=key)
    with as_asker(place.head):
        assert Part.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"part": "money"}, "part"),
        ({"line": "  "}, "line"),
        ({"topics": ["nonsense"]}, "topics"),
        ({"occurred_on": DAY + timedelta(days=1)}, "occurred_on"),
        ({"occurred_on": date(2024, 3, 1)}, "occurred_on"),
        ({"amount": -1}, "amount"),
    ],
)
def test_bad_input_is_told_at_the_field(place, changed, field):
    with as_asker(place.head), pytest.raises(ValidationError) as caught:
        record_part(by=place.head, **{"part": "plan", "line": "好", **changed})
    assert field in caught.value.error_dict


def test_teachers_and_the_office_keep_no_parts(place):
    for asker in (place.teacher(place.class_1), place.office_staff()):
        with pytest.raises(PermissionDenied):
            put(asker, "team")


def test_team_and_place_of_last_year_are_taken_over_once(place):
    for part in ALL:
        put(place.head, part, occurred_on=date(2026, 3, 10))
    with as_asker(place.head):
        assert [one.part for one in carry_over(by=place.head)] == ["team", "place"]
        assert carry_over(by=place.head) == []
        found = parts.of_year(place.head, place.school_a.code, DAY)
    assert [key for key, rows in found.items() if rows] == ["team", "place"]


def test_a_correction_keeps_what_stood_there_and_needs_the_version(place):
    part = put(place.head, "plan")
    changes = {"line": "改了", "topics": ["law"], "amount": 4}
    with as_asker(place.head):
        correct_part(by=place.head, record=part, reason="补充", version=1, changes=changes)
        with pytest.raises(ValidationError):
            correct_part(by=place.head, record=part, reason="补充", version=1, changes=changes)


def test_the_list_of_schools_shows_what_lacks(place):
    put(place.head, "team")
    with as_asker(place.clerk):
        (row,) = parts.summaries(place.clerk, DAY)
    assert row.missing == ["场所", "教学计划", "活动"]


def opened(by, place, **kwargs):
    fields = {"township": place.town.code, "name": "太极镇服务站", "place": "镇政府一楼", "occurred_on": DAY}
    with as_asker(by):
        return open_station(by=by, **{**fields, **kwargs})


@pytest.mark.parametrize("who", ["clerk", "women"])
def test_a_station_meets_the_duty_of_the_womens_federation_until_it_is_closed(place, who):
    update.recompute_all(DAY)
    by = getattr(place, who)
    station = opened(by, place)
    assert state("guidance-station", place.town.code) == "met"
    with as_asker(by):
        correct_station(by=by, station=station, reason="搬走", version=1, changes={"closed_on": DAY})
    assert state("guidance-station", place.town.code) == "missing"


def test_nobody_else_opens_a_station(place):
    other = place.township("刘家峡镇")
    askers = (place.department_staff("justice"), place.township_staff(other))
    for asker in askers:
        with pytest.raises(PermissionDenied):
            opened(asker, place)
    with pytest.raises(ValidationError):
        opened(place.women, place, township=place.school_a.code)


def test_everybody_finds_the_station_and_families_the_one_of_their_township(place):
    opened(place.clerk, place)
    parent = place.parent(place.pupil(place.class_1))
    far = place.parent(place.pupil(place.class_(place.school(place.township("刘家峡镇")))))
    for asker, count in ((parent, 1), (far, 0)):
        with as_asker(asker):
            assert len(stations.near(asker, DAY)) == count
    with as_asker(place.teacher(place.class_1)) as _:
        pass


def asked(place, topics=("talking", "phones", "law")):
    with as_asker(place.head):
        return ask_needs(by=place.head, topics=topics, closes_on=DAY + timedelta(days=10))


def chosen(by, survey, *topics):
    with as_asker(by):
        answer_needs(by=by, survey=survey, topics=topics)


def families(place, count):
    return [place.parent(place.pupil(place.class_1, f"孩{n}"), name=f"长{n}") for n in range(count)]


def outcome(place, survey):
    with as_asker(place.head):
        found = needs.wishes(place.head, survey)
    return found.answered, {one.key: one.count for one in found.topics}, found.wanted


def test_counts_begin_with_five_and_small_ones_stay_hidden(place):
    survey = asked(place)
    people = families(place, 6)
    for number, parent in enumerate(people[:4]):
        chosen(parent, survey, "phones", *(["law"] if number else []))
    assert outcome(place, survey) == (None, {}, [])
    for parent in people[4:]:
        chosen(parent, survey, "phones")
    assert outcome(place, survey) == (6, {"phones": 6, "law": None, "talking": 0}, ["phones"])


def test_a_choice_is_changed_and_taken_back_and_its_own(place):
    survey = asked(place)
    mine, other = families(place, 2)
    chosen(mine, survey, "phones")
    chosen(mine, survey, "law", "nonsense")
    with as_asker(mine):
        assert needs.open_for(mine, DAY) == [(survey, ["law"])]
    for asker in (other, place.head):
        with as_asker(asker):
            assert NeedsAnswer.objects.count() == 0
    chosen(mine, survey)
    with as_system():
        assert NeedsAnswer.objects.count() == 0


def test_one_survey_at_a_time_and_none_after_its_end(place):
    survey = asked(place)
    with pytest.raises(ValidationError, match="正在进行"):
        asked(place)
    with as_asker(place.head):
        end_needs(by=place.head, survey=survey)
        survey.refresh_from_db()
    (parent,) = families(place, 1)
    with pytest.raises(ValidationError, match="已经结束"):
        chosen(parent, survey, "law")


def test_a_family_of_another_school_does_not_answer(place):
    survey = asked(place)
    far = place.parent(place.pupil(place.class_(place.school(place.town, "另一小学"))))
    with pytest.raises(PermissionDenied):
        chosen(far, survey, "law")
