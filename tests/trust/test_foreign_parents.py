"""No row may refer to another place's parent, neither when it is made nor later (check C11, in full).

Row-level security does not guard foreign keys. Every foreign key whose parent is protected is read from the catalogue
and tried: a leader copies, and then turns, an own row so that it points to the other school's parent.
"""

import json
from datetime import date

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from support.county import County, as_asker, as_system
from tongyu.core import clock
from tongyu.core.ids import uuid7
from tongyu.core.models import JobProgress, KeptFile
from tongyu.directory.models import (
    Guardian,
    RollOver,
    RollOverLine,
    RosterAbsent,
    RosterChange,
    RosterConflict,
    RosterImport,
    SecondPlace,
    Transfer,
)
from tongyu.duties.models import DryRun, DryRunChange
from tongyu.oversight.supervision.models import NoticeItem, SupervisionNotice
from tongyu.plan import loader
from tongyu.plan.models import Obligation
from tongyu.workbenches.coordination.documents.actions import file_document
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.home_visits.actions import record_visit
from tongyu.workbenches.families.parent_school.models import Course, Lesson, Media
from tongyu.workbenches.gatherings.events.actions import plan_event
from tongyu.workbenches.gatherings.events.models import Participation

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PROTECTED_PARENTS = """
SELECT DISTINCT c.relname, a.attname
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (f.conkey)
WHERE f.contype = 'f' AND p.relrowsecurity AND a.attname NOT IN ('org', 'place')
"""
REFERENCES = {
    ("committees_member", "committee_id"),
    ("core_keptfile", "job_id"),
    ("directory_appointment", "staff_id"),
    ("directory_enrolment", "student_id"),
    ("directory_guardianship", "student_id"),
    ("directory_rolloverline", "student_id"),
    ("directory_rosterabsent", "roster_id"),
    ("directory_rosterchange", "roster_id"),
    ("directory_rosterconflict", "roster_id"),
    ("directory_guardianship", "guardian_id"),
    ("directory_secondplace", "student_id"),
    ("directory_transfer", "student_id"),
    ("documents_documentversion", "document_id"),
    ("duties_dryrunchange", "run_id"),
    ("events_eventorganiser", "event_id"),
    ("events_eventscope", "event_id"),
    ("events_participation", "event_id"),
    ("events_participation", "student_id"),
    ("events_participation", "guardian_id"),
    ("events_participation", "staff_id"),
    ("home_visits_homevisit", "enrolment_id"),
    ("home_visits_homevisit", "student_id"),
    ("parent_school_lesson", "course_id"),
    ("parent_school_media", "course_id"),
    ("supervision_noticeitem", "notice_id"),
}
BY_GUARDIANS = {
    ("parent_school_completionof", "completion_id"),
    ("parent_school_needsanswer", "survey_id"),
}
"""Rows of one's own account; tried by a guardian in tests/workbenches/families/parent_school/test_own_rows.py."""
BY_THE_ENGINE = {
    ("duties_closedduty", "closing_id"),
    ("duties_closednumber", "duty_id"),
    ("duties_closedstanding", "duty_id"),
    ("duties_difference", "duty_id"),
}
"""Written by the engine alone: under the range of a person no row of these tables is made or changed."""
APART = {
    "directory_secondplace": {"mode": "home_teaching"},
    "events_eventorganiser": {"main": False},
    "documents_documentversion": {"number": 99},
    "parent_school_lesson": {"number": 99, "key": "other"},
    "parent_school_media": {"name": "other.mp3"},
}
"""What keeps a unique constraint from refusing first: the parent must be the reason."""
REFUSALS = {"23503", "42501"}
"""A foreign key, or row-level security and its triggers."""


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition: a notice is about an obligation."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def schools(db, plan):
    """Two schools of one township, each with one row in every table; the leaders of both."""
    county = County()
    township = county.township()
    return [_filled(county, county.school(township, name)) for name in ("甲小学", "乙小学")]


def _filled(county, school):
    class_ = county.class_(school)
    leader, teacher, pupil = county.leader(school), county.teacher(class_), county.pupil(class_)
    guardian: Guardian = county.guardian(pupil)
    day = date(2026, 11, 10)
    with as_asker(teacher):
        record_visit(
            by=teacher, id=uuid7(), student=pupil.pk, occurred_on=day, visitors=["class_teacher"], met=["father"],
            line="聊了学习",
        )  # fmt: skip
        event = plan_event(by=teacher, type="parent_meeting", occurred_on=day)
    with as_asker(leader):
        elect_committee(
            by=leader, body=class_.code, elected_on=day, until_day=date(2027, 9, 1), members=[NewMember("甲")]
        )
        file_document(by=leader, category="work_plan", title="计划", valid_from=day)
        _course(leader)
    with as_asker(leader):
        whose = {"asked_by": str(leader.account_id), "org": leader.lo}
        job = JobProgress.objects.create(kind="records.make_file", title="导出", **whose)
        KeptFile.objects.create(
            job=job, role="x", name="名单", asked_text="/", kept_until=clock.now(), **whose
        )
        roster = RosterImport.objects.create(
            org=leader.lo, kind="students", filename="名册.csv", asked_by="1"
        )
        listed = {"roster": roster, "org": class_.code, "subject": pupil.pk, "name": pupil.name}
        RosterConflict.objects.create(row=2, field="name", mark=b"1", **listed)
        RosterAbsent.objects.create(**listed)
        RosterChange.objects.create(roster=roster, org=roster.org, part=0, rows=1, content=b"1")
    with as_system():
        first = date(2027, 9, 1)
        turning, _made = RollOver.objects.get_or_create(county=county.body, start_year=2027, day=first)
        RollOverLine.objects.create(
            roll_over=turning,
            org=school.code,
            student=pupil,
            outcome="left",
            reason="随迁",
            entered_at=timezone.now(),
        )
        shared = {"event": event, "org": class_.code, "attended": True, "by_account": 1}
        SecondPlace.objects.create(
            student=pupil, org=class_.code, place=school.code, mode="boarding", name=pupil.name, from_day=day,
            by_account=1, entered_at=event.entered_at,
        )  # fmt: skip
        Transfer.objects.create(
            student=pupil, org=class_.code, kind="away", state="agreed", name=pupil.name, day=date(2027, 3, 1),
            reason="随父母外出", by_account=1, entered_at=event.entered_at,
        )  # fmt: skip
        Participation.objects.create(student=pupil, **shared)
        Participation.objects.create(student=pupil, guardian=guardian, **shared)
        Participation.objects.create(staff_id=teacher.staff_id, **shared)
        _notice(school)
        _tried(class_)
    return leader


def _course(leader):
    """A draft course of the school with a lesson and a sound."""
    course = Course.objects.create(org=leader.lo, lo=leader.lo, hi=leader.hi, key="a", title="课", digest="x")
    Lesson.objects.create(course=course, org=leader.lo, key="a", number=1, title="一", text="好")
    Media.objects.create(
        course=course, org=leader.lo, name="a.mp3", path="p", media_type="audio/mpeg", size=1
    )


def _notice(school):
    """A notice to the school about some obligation."""
    notice = SupervisionNotice.objects.create(
        id=uuid7(), org=school.code, batch=uuid7(), by_account=1, sent_at=timezone.now(),
        begins_on=date(2026, 11, 10), deadline=date(2026, 11, 24),
    )  # fmt: skip
    NoticeItem.objects.create(
        id=uuid7(), notice=notice, org=school.code, bearer=school.code, obligation=Obligation.objects.first(),
        period_key="2026", missing_then=1, behind_then=0, done_then=0,
    )  # fmt: skip


def _tried(class_):
    """A trial of a number, as if it were the class's own, and what it would change there."""
    duty, day = Obligation.objects.first(), date(2026, 11, 10)
    run = DryRun.objects.create(
        org=class_.code, plan_id=duty.plan_id, key="k", value=1, valid_from=day, by_account=1
    )
    DryRunChange.objects.create(run=run, org=class_.code, obligation=duty, period_key="2026", at_once=True)


def row_of(leader, table, column):
    """One row of the table in the leader's school in which the column is filled."""
    with as_system(), connection.cursor() as cursor:
        cursor.execute(
            f"SELECT to_jsonb(t) FROM {table} t WHERE org >= %s AND org < %s AND {column} IS NOT NULL "
            f"ORDER BY id LIMIT 1",
            [leader.lo, leader.hi],
        )
        return json.loads(cursor.fetchone()[0])


def verdict(leader, sql, parameters):
    """The SQL state of the refusal, or how many rows were written."""
    try:
        with as_asker(leader), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            written = cursor.rowcount
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return written
    except DatabaseError as error:
        return error.__cause__.sqlstate


def test_c11_the_list_holds_every_reference_to_a_protected_parent():
    with connections["owner"].cursor() as cursor:
        cursor.execute(PROTECTED_PARENTS)
        assert set(cursor.fetchall()) == REFERENCES | BY_GUARDIANS | BY_THE_ENGINE


@pytest.mark.parametrize(("table", "column"), sorted(REFERENCES))
def test_c11_a_new_row_with_a_foreign_parent_is_refused(schools, table, column):
    mine, other = schools
    row = row_of(mine, table, column)
    forged = row | APART.get(table, {}) | {"id": str(uuid7()), column: row_of(other, table, column)[column]}
    copy = f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*"
    assert verdict(mine, copy, [json.dumps(forged)]) in REFUSALS


@pytest.mark.parametrize(("table", "column"), sorted(REFERENCES))
def test_c11_an_own_row_cannot_be_turned_to_a_foreign_parent(schools, table, column):
    mine, other = schools
    row, foreign = row_of(mine, table, column), row_of(other, table, column)[column]
    values = {column: foreign} | APART.get(table, {})
    turn = f"UPDATE {table} SET {', '.join(f'{name} = %s' for name in values)} WHERE id = %s"
    assert verdict(mine, turn, [*values.values(), row["id"]]) in REFUSALS


def test_c11_the_same_statements_are_taken_with_an_own_parent(schools):
    mine, _other = schools
    row = row_of(mine, "documents_documentversion", "document_id") | {"id": str(uuid7()), "number": 99}
    copy = (
        "INSERT INTO documents_documentversion "
        "SELECT (jsonb_populate_record(NULL::documents_documentversion, %s::jsonb)).*"
    )
    assert verdict(mine, copy, [json.dumps(row)]) == 1
    turn = "UPDATE documents_documentversion SET document_id = %s WHERE id = %s"
    assert verdict(mine, turn, [row["document_id"], row["id"]]) == 1


@pytest.mark.parametrize(("table", "column"), sorted(BY_THE_ENGINE))
def test_c11_nobody_but_the_engine_writes_a_closing(schools, table, column):
    leader = schools[0]
    row = {
        "id": 1,
        "org": leader.body_code,
        "bearer_org": leader.body_code,
        "lo": leader.body_code,
        "gone": False,
    }
    row |= {"state": "met", "count": 1, "needed": 1, "why": "in_time", "seen_at": "2026-11-23", column: None}
    row |= {"obligation_id": 1, "period_key": "2025", "standings": 1} | dict.fromkeys(
        ("period", "rule", "rule_hash", "inputs", "inputs_hash", "counts", "standings_hash"), "{}"
    )
    row[column] = str(uuid7()) if column == "closing_id" else 1
    sql = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    assert verdict(leader, sql, [json.dumps(row)]) == "42501"
