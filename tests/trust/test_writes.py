"""Fields that a form does not ask for change nothing (check C03); of many, each one is decided (check C04)."""

from datetime import date

import pytest
from django.urls import reverse

from support.county import County, as_asker, as_system, signed_in
from support.roster import HEADERS, OTHER_SCHOOL, SCHOOL, check, fault_codes, pupil, workbook
from tongyu.core.ids import uuid7
from tongyu.directory.models import Account, Appointment, Student
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.families.committees.models import Committee
from tongyu.workbenches.families.home_visits.models import HomeVisit
from tongyu.workbenches.gatherings.events.actions import plan_event, sign_in_list
from tongyu.workbenches.gatherings.events.models import Event, Participation

pytestmark = pytest.mark.django_db

DAY = "2026-11-10"
FORGED = {
    "by_account": "1", "account_id": "1", "by_role": "office_staff", "by_staff": str(uuid7()), "version": "7",
    "withdrawn_at": DAY, "received_at": "2020-01-01", "entered_at": "2020-01-01", "state": "met", "kind": "charter",
    "category": "charter", "type": "drill", "level": "school", "role": "office_staff", "subject": str(uuid7()),
    "held_at": DAY, "confirmed": "1", "is_active": "0", "is_staff": "1", "is_superuser": "1", "number": "9",
}  # fmt: skip


@pytest.fixture
def two_schools():
    """Two schools of a township; the class, teacher and leader of the first, and the class of the second."""
    county = County()
    township = county.township()
    mine, other = (
        county.school(township, "甲小学", school_code=SCHOOL),
        county.school(township, "乙小学", school_code=OTHER_SCHOOL),
    )
    class_, foreign = county.class_(mine), county.class_(other)
    return county, class_, foreign, county.teacher(class_), county.leader(mine)


def forged(foreign, **sent):
    """The form's own fields, and everything an attacker would add."""
    places = dict.fromkeys(("org", "place", "body_code", "scope_lo", "lo", "hi"), str(foreign.code))
    return {**FORGED, **places, **sent}


def stored(model, pk):
    """The row, whoever may see it."""
    with as_system():
        return model.objects.get(pk=pk)


def test_c03_a_visit_takes_only_what_its_form_asks(two_schools):
    county, class_, foreign, teacher, _leader = two_schools
    child, stranger, key = county.pupil(class_), county.pupil(foreign), uuid7()
    sent = forged(
        foreign, id=str(key), student=str(child.pk), student_id=str(stranger.pk), visitors=["class_teacher"],
        met=["father"], line="聊了学习", occurred_on=DAY,
    )  # fmt: skip
    assert signed_in(teacher).post(reverse("home_visits:new"), sent).status_code == 302
    row = stored(HomeVisit, key)
    assert (row.org, row.place, row.student_id) == (class_.code, class_.code, child.pk)
    assert (row.by_account, row.by_role, row.by_staff) == (
        teacher.account_id, "class_teacher", teacher.staff_id,
    )  # fmt: skip
    assert (row.version, row.withdrawn_at, row.received_at.year) == (1, None, row.received_at.now().year)


def test_c03_an_event_takes_only_what_its_form_asks(two_schools):
    _county, class_, foreign, teacher, _leader = two_schools
    key = uuid7()
    sent = forged(foreign, id=str(key), occurred_on=DAY, act="planned")
    address = reverse("events:enter", args=["parent_meeting"])
    assert signed_in(teacher).post(address, sent).status_code == 302
    row = stored(Event, key)
    assert (row.org, row.type, row.by_account, row.by_role) == (
        class_.code, "parent_meeting", teacher.account_id, "class_teacher",
    )  # fmt: skip
    assert (row.version, row.held_at, row.withdrawn_at) == (1, None, None)
    with as_system():
        assert [scope.lo for scope in row.scopes.all()] == [class_.code]
        assert [one.body for one in row.organisers.all()] == [class_.code]


def test_c03_a_committee_a_document_and_a_role_stay_at_their_body(two_schools):
    _county, class_, foreign, teacher, leader = two_schools
    client, keys = signed_in(leader), [uuid7() for _ in range(3)]
    rows = {"m-TOTAL_FORMS": "1", "m-INITIAL_FORMS": "0", "m-0-name": "甲", "m-0-office": "chair"}
    term = forged(foreign, id=str(keys[0]), elected_on=DAY, last_day="2027-08-31", **rows)
    assert client.post(reverse("committees:elect", args=[class_.code]), term).status_code == 302
    filed = forged(foreign, id=str(keys[1]), title="计划", valid_from=DAY)
    assert client.post(reverse("documents:file", args=["work_plan"]), filed).status_code == 302
    role = forged(
        foreign, id=str(keys[2]), body=str(class_.code), staff=str(teacher.staff_id), from_day=DAY,
        holder_name="外人", holder_employer="外单位",
    )  # fmt: skip
    assert client.post(reverse("appointments:new_role", args=["subject_teacher"]), role).status_code == 302

    committee, document = stored(Committee, keys[0]), stored(Document, keys[1])
    given = stored(Appointment, keys[2])
    assert (committee.org, committee.level, committee.by_account) == (class_.code, "class", leader.account_id)
    assert (document.org, document.category, document.by_role) == (leader.lo, "work_plan", "school_leader")
    assert (given.org, given.role, given.by_account) == (class_.code, "subject_teacher", leader.account_id)
    assert (given.account_id, given.holder_name) == (teacher.account_id, "")
    assert {row.version for row in (committee, document)} == {1}


def test_c03_a_new_account_is_no_more_than_an_account(two_schools):
    county, _class, foreign, _teacher, leader = two_schools
    with as_system():
        person = county.staff(two_schools[0].office)
        person.account, person.org = None, leader.lo
        person.save()
    sent = forged(foreign, username="new.teacher", password="known-to-attacker")
    answer = signed_in(leader).post(reverse("appointments:open_account", args=[person.pk]), sent)
    account = Account.objects.get(username="new.teacher")
    assert (answer.status_code, account.is_active, account.check_password("known-to-attacker")) == (
        200, True, False,
    )  # fmt: skip


@pytest.mark.parametrize("role", ["school_leader", "office_staff", "system_admin"])
def test_c03_a_leader_gives_no_role_beyond_the_school(two_schools, role):
    _county, class_, _foreign, teacher, leader = two_schools
    sent = {"id": str(uuid7()), "body": str(class_.code), "staff": str(teacher.staff_id), "from_day": DAY}
    assert signed_in(leader).post(reverse("appointments:new_role", args=[role]), sent).status_code == 404


def test_c03_an_id_that_stands_elsewhere_is_a_message_and_no_error(two_schools):
    county, class_, foreign, teacher, leader = two_schools
    taken = county.teacher(foreign)
    sent = {
        "id": str(taken.appointment_id), "body": str(class_.code), "staff": str(teacher.staff_id), "from_day": DAY,
    }  # fmt: skip
    answer = signed_in(leader).post(reverse("appointments:new_role", args=["subject_teacher"]), sent)
    assert (answer.status_code, "同一编号" in answer.content.decode()) == (422, True)
    assert stored(Appointment, taken.appointment_id).org == foreign.code


def test_c04_of_fifty_pupils_on_a_list_the_foreign_one_is_not_taken(two_schools):
    county, class_, foreign, teacher, leader = two_schools
    own = [county.pupil(class_, f"学生{number}") for number in range(49)]
    stranger = county.pupil(foreign, "外校学生")
    with as_asker(leader):
        event = plan_event(by=leader, type="parent_meeting", occurred_on=date(2026, 11, 10))
    marks = {(child.pk, None): True for child in [*own[:20], stranger, *own[20:]]}
    with as_asker(teacher):
        assert sign_in_list(by=teacher, event=event, class_code=class_.code, marks=marks) == 49
    with as_system():
        taken = set(Participation.objects.values_list("student_id", flat=True))
    assert taken == {child.pk for child in own}


def test_c04_one_foreign_place_among_those_invited_refuses_the_event(two_schools):
    _county, class_, foreign, _teacher, leader = two_schools
    key = uuid7()
    sent = {"id": str(key), "occurred_on": DAY, "scopes": [str(class_.code), str(foreign.code)]}
    assert signed_in(leader).post(reverse("events:enter", args=["parent_meeting"]), sent).status_code == 422
    with as_system():
        assert not Event.objects.filter(pk=key).exists()


def test_c04_one_foreign_pupil_in_a_roster_of_fifty_keeps_all_out(two_schools):
    *_others, leader = two_schools
    rows = [pupil(number) for number in range(1, 50)] + [pupil(50, 学校标识码=OTHER_SCHOOL)]
    row = check(leader, workbook(rows))
    place = HEADERS.index("学校标识码")
    assert (row.state, fault_codes(row)) == ("faulty", [(52, HEADERS[place], "foreign_school")])
    assert "马小花" not in str(row.faults)
    with as_system():
        assert not Student.objects.exists()
