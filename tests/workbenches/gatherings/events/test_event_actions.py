"""Plan, hold, enter afterwards, cancel, correct, withdraw: what each leaves, proves and refuses."""

from datetime import date, datetime
from decimal import Decimal
from threading import Barrier, Thread
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
import yaml
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connections

from tests.architecture.house import SRC
from tests.support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.records.facts import facts_of
from tongyu.records.models import Revision
from tongyu.workbenches.gatherings.events import actions
from tongyu.workbenches.gatherings.events.models import Event, EventScope, Status
from tongyu.workbenches.gatherings.events.models.types import BY_KEY, GROUPS, TYPES
from tongyu.workbenches.gatherings.events.queries import visible

DAY = date(2026, 11, 20)
CHINA = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def place(db):
    """A school with two classes of one grade, and a second school elsewhere."""
    county = County()
    county.school_a = county.school(county.township("太极镇"))
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.class_2 = county.class_(county.school_a, 2023, 2)
    county.school_b = county.school(county.township("岘塬镇"), "岘塬镇中心小学")
    return county


def held(by, **kwargs):
    kwargs.setdefault("type", "parent_meeting")
    kwargs.setdefault("occurred_on", DAY)
    with as_asker(by):
        return actions.record_held(by=by, **kwargs)


def facts(event):
    with as_system():
        return facts_of("event", [event.pk])


def types_of_the_plan():
    """Every type that an obligation of the edition counts."""
    for path in (SRC / "plan/editions/yongjing-2024-5/obligations").glob("*.yaml"):
        for obligation in yaml.safe_load(path.read_text())["obligations"]:
            for counted in obligation["counts"]:
                if counted["kind"] == "event":
                    yield from counted["where"].get("category", ())


def test_every_type_of_the_plan_exists():
    wanted = set(types_of_the_plan())
    assert wanted - BY_KEY.keys() == set()
    assert len(wanted) == 36


def test_types_stand_once_and_in_a_group():
    assert len(BY_KEY) == len(TYPES)
    assert {each.group for each in TYPES} == set(GROUPS)


def test_a_planned_event_gives_no_fact_until_it_was_held(place):
    leader = place.leader(place.school_a)
    with as_asker(leader):
        event = actions.plan_event(by=leader, type="guidance", occurred_on=DAY, expected=80)
    assert (event.status, event.title, facts(event)) == (Status.PLANNED, "家庭教育指导", [])
    with as_asker(leader):
        event = actions.hold_event(
            by=leader, event=event, participants=73, hours=Decimal("1.5"), summary="讲了陪伴"
        )
    (fact,) = facts(event)
    assert event.status is Status.HELD
    assert (fact.category, fact.quantity, fact.occurred_on) == ("guidance", 73, DAY)
    assert (fact.scope_lo, fact.scope_hi) == (place.school_a.code, place.school_a.hi)
    assert fact.by_body == place.school_a.code
    assert fact.attributes == {
        "organizer": "school",
        "organizer_key": "school",
        "with_parents": "no",
        "hours": 1.5,
    }


def test_a_meeting_of_the_school_covers_the_classes_below(place):
    event = held(place.leader(place.school_a))
    (fact,) = facts(event)
    for body in (place.class_1, place.class_2):
        assert fact.scope_lo <= body.code < body.hi <= fact.scope_hi


def test_a_class_beside_its_school_is_one_scope(place):
    event = held(place.leader(place.school_a), scopes=[place.class_1.code, place.school_a.code])
    assert [(f.scope_lo, f.scope_hi) for f in facts(event)] == [(place.school_a.code, place.school_a.hi)]


def test_one_row_for_each_scope_and_organiser(place):
    staff = place.department_staff("publicity")
    culture = place.departments["culture"]
    event = held(
        staff,
        type="arts_on_campus",
        scopes=[place.school_a.code, place.school_b.code],
        co_organisers=[culture.code],
    )
    rows = {(f.scope_lo, f.by_body, f.attributes["organizer_key"]) for f in facts(event)}
    publicity = place.departments["publicity"].code
    assert rows == {
        (place.school_a.code, publicity, "department:publicity"),
        (place.school_b.code, publicity, "department:publicity"),
        (place.school_a.code, culture.code, "department:culture"),
        (place.school_b.code, culture.code, "department:culture"),
    }


def test_a_committee_organises_for_its_school(place):
    event = held(place.leader(place.school_a), type="guidance", organizer="committee", with_parents=True)
    (fact,) = facts(event)
    assert fact.attributes["organizer"] == "committee"
    assert fact.attributes["with_parents"] == "yes"


def test_a_department_is_no_committee(place):
    with pytest.raises(ValidationError) as error:
        held(place.department_staff("police"), organizer="committee")
    assert error.value.message_dict == {"organizer": ["只有学校的活动可以由家委会组织。"]}


def test_a_cancelled_event_gives_no_fact_and_cannot_be_held(place):
    leader = place.leader(place.school_a)
    with as_asker(leader):
        event = actions.plan_event(by=leader, type="sport", occurred_on=DAY)
        cancelled = actions.cancel_event(by=leader, event=event, reason="下雪")
        again = actions.cancel_event(by=leader, event=event, reason="又点了一次")
    assert (cancelled.status, cancelled.cancel_reason, facts(event)) == (Status.CANCELLED, "下雪", [])
    assert again.cancel_reason == "下雪"
    with pytest.raises(ValidationError, match="已经取消"), as_asker(leader):
        actions.hold_event(by=leader, event=event)


def test_cancelling_asks_for_a_reason(place):
    leader = place.leader(place.school_a)
    with as_asker(leader):
        event = actions.plan_event(by=leader, type="sport", occurred_on=DAY)
    with pytest.raises(ValidationError) as error, as_asker(leader):
        actions.cancel_event(by=leader, event=event, reason="  ")
    assert error.value.message_dict == {"reason": ["请写明取消的原因。"]}


def test_a_withdrawn_event_gives_no_fact_and_keeps_its_words(place):
    leader = place.leader(place.school_a)
    event = held(leader, summary="原话")
    with as_asker(leader):
        actions.withdraw_event(by=leader, event=event, version=event.version, reason="重复登记")
        revision = Revision.objects.get(record_id=event.pk)
    assert facts(event) == []
    assert (revision.reason, revision.before["summary"]) == ("重复登记", "原话")


def test_a_correction_moves_day_and_scope(place):
    leader = place.leader(place.school_a)
    event = held(leader)
    with as_asker(leader):
        actions.correct_event(
            by=leader,
            event=event,
            version=1,
            reason="日期记错",
            changes={"occurred_on": date(2026, 11, 19), "participants": 40},
            scopes=[place.class_2.code],
        )
    (fact,) = facts(event)
    assert (fact.occurred_on, fact.quantity, fact.scope_lo) == (date(2026, 11, 19), 40, place.class_2.code)


def test_a_correction_of_a_stale_page_is_refused(place):
    leader = place.leader(place.school_a)
    event = held(leader)
    with as_asker(leader):
        actions.correct_event(by=leader, event=event, version=1, reason="一", changes={"participants": 1})
    with pytest.raises(ValidationError, match="有人改过"), as_asker(leader):
        actions.correct_event(by=leader, event=event, version=1, reason="二", changes={"participants": 2})
    assert Event.objects.none().count() == 0
    assert facts(event)[0].quantity == 1


def test_the_event_of_another_school_is_invisible(place):
    event = held(place.leader(place.school_a))
    other = place.leader(place.school_b)
    with as_asker(other):
        assert list(visible(other)) == []
        assert list(Event.objects.all()) == []
        assert list(EventScope.objects.all()) == []
    assert facts(event) != []


def test_an_invited_school_sees_the_event_of_a_department_but_may_not_change_it(place):
    event = held(place.department_staff("justice"), type="legal_lecture", scopes=[place.school_a.code])
    leader, teacher = place.leader(place.school_a), place.teacher(place.class_1)
    for asker in (leader, teacher):
        with as_asker(asker):
            assert list(visible(asker)) == [event] == list(Event.objects.all())
            with pytest.raises(PermissionDenied):
                actions.withdraw_event(by=asker, event=event, version=1, reason="不该")
    with as_asker(other := place.leader(place.school_b)):
        assert list(visible(other)) == []


def test_a_co_organiser_sees_the_event(place):
    event = held(
        place.leader(place.school_a), type="liaison", co_organisers=[place.departments["women"].code]
    )
    women = place.department_staff("women")
    with as_asker(women):
        assert list(visible(women)) == [event] == list(Event.objects.all())


def test_a_class_teacher_cannot_invite_another_class(place):
    with pytest.raises(ValidationError) as error:
        held(place.teacher(place.class_1), scopes=[place.class_2.code])
    assert error.value.message_dict == {"scopes": ["参加范围超出了您可以邀请的单位。"]}


def test_a_subject_teacher_cannot_plan(place):
    with pytest.raises(PermissionDenied):
        held(place.subject_teacher(place.class_1))


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"type": "dancing"}, {"type": ["请选择活动类型。"]}),
        (
            {"occurred_on": date(2026, 11, 24)},
            {"occurred_on": ["这一天还没有到。请先保存为计划，举行之后再确认。"]},
        ),
        ({"occurred_on": date(202, 6, 1)}, {"occurred_on": ["请核对日期，年份不对。"]}),
        ({"scopes": [1]}, {"scopes": ["请重新选择参加范围，其中有不存在的单位。"]}),
        ({"co_organisers": [7]}, {"co_organisers": ["请重新选择联合组织的单位，其中有不存在的单位。"]}),
        (
            {
                "starts_at": datetime(2026, 11, 20, 9, tzinfo=CHINA),
                "ends_at": datetime(2026, 11, 20, 8, tzinfo=CHINA),
            },
            {"ends_at": ["结束时间应晚于开始时间。"]},
        ),
    ],
)
def test_bad_input_is_told_at_the_field(place, fields, fault):
    with pytest.raises(ValidationError) as error:
        held(place.leader(place.school_a), **fields)
    assert error.value.message_dict == fault
    with as_system():
        assert Event.objects.count() == 0


@pytest.mark.parametrize("fields", [{"participants": -1}, {"participants": 2**40}, {"hours": Decimal("-1")}])
def test_odd_numbers_are_refused(place, fields):
    with pytest.raises(ValidationError) as error:
        held(place.leader(place.school_a), **fields)
    assert list(error.value.message_dict) == list(fields)


def test_the_same_id_sent_again_is_one_event(place):
    leader = place.leader(place.school_a)
    key = uuid7()
    first = held(leader, id=key, summary="一")
    second = held(leader, id=key, summary="一")
    assert first.pk == second.pk == key
    with as_system():
        assert (Event.objects.count(), EventScope.objects.count()) == (1, 1)


def test_the_same_id_with_other_content_or_by_another_is_refused(place):
    key = uuid7()
    held(place.leader(place.school_a), id=key, summary="一")
    with pytest.raises(ValidationError, match="同一编号"):
        held(place.leader(place.school_a), id=key, summary="一")
    with pytest.raises(ValidationError, match="同一编号"):
        held(place.leader(place.school_b), id=key, summary="一")


def test_holding_twice_with_the_same_words_changes_nothing(place):
    leader = place.leader(place.school_a)
    with as_asker(leader):
        event = actions.plan_event(by=leader, type="sport", occurred_on=DAY)
        one = actions.hold_event(by=leader, event=event, participants=5)
        two = actions.hold_event(by=leader, event=event, participants=5)
    assert (one.version, two.version) == (2, 2)
    with pytest.raises(ValidationError, match="更正"), as_asker(leader):
        actions.hold_event(by=leader, event=event, participants=6)


def test_two_at_once_make_one_event(committed):
    county = County()
    school = county.school(county.township())
    leader, key, gate = county.leader(school), uuid7(), Barrier(2)
    found: list[UUID] = []

    def send():
        gate.wait()
        try:
            found.append(held(leader, id=key).pk)
        finally:
            connections.close_all()

    threads = [Thread(target=send) for _ in range(2)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert found == [key, key]
    with as_system():
        assert (Event.objects.count(), EventScope.objects.count()) == (1, 1)
