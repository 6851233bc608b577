"""No row may refer to another place's parent, neither when it is made nor later (check C11, in full).

Row-level security does not guard foreign keys. Every foreign key whose parent is protected is read from the catalogue
and tried: a leader copies, and then turns, an own row so that it points to the other school's parent.
"""

import json
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from support.county import County, as_asker, as_system
from tongyu.core import clock
from tongyu.core.ids import uuid7
from tongyu.core.models import JobProgress, KeptFile
from tongyu.directory.models import (
    Account,
    Consent,
    Guardian,
    GuardianBlock,
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
from tongyu.workbenches.families.bulletins import actions as bulletins
from tongyu.workbenches.families.bulletins.models import BulletinChild
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.committees.models import (
    Candidate,
    Decision,
    Election,
    Meeting,
    PaperSheet,
    Proposal,
    Voted,
)
from tongyu.workbenches.families.conversations import actions as conversations
from tongyu.workbenches.families.daily_notes.actions import write_notes
from tongyu.workbenches.families.family_life.models import FamilyActivity, FamilyAgreement, FamilyContact
from tongyu.workbenches.families.home_reports.models import HomeReport
from tongyu.workbenches.families.home_visits.actions import record_visit
from tongyu.workbenches.families.parent_school.models import Course, Lesson, Media
from tongyu.workbenches.gatherings.events.actions import plan_event
from tongyu.workbenches.gatherings.events.models import (
    FamilyAnswer,
    FamilyQuestion,
    FollowUp,
    Participation,
    SharedAnswer,
    SignInTap,
)
from tongyu.workbenches.gatherings.talks.models import Booking, TalkClass, TalkDay, TalkDesk, TalkSlot

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

PROTECTED_PARENTS = """
SELECT DISTINCT c.relname, a.attname
FROM pg_constraint f JOIN pg_class c ON c.oid = f.conrelid JOIN pg_class p ON p.oid = f.confrelid
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (f.conkey)
WHERE f.contype = 'f' AND p.relrowsecurity AND a.attname NOT IN ('org', 'place')
"""
REFERENCES = {
    ("bulletins_answer", "bulletin_id"),
    ("bulletins_answer", "child_id"),
    ("bulletins_answer", "guardian_id"),
    ("bulletins_answer", "student_id"),
    ("bulletins_bulletinchild", "bulletin_id"),
    ("bulletins_bulletinchild", "enrolment_id"),
    ("bulletins_bulletinchild", "student_id"),
    ("bulletins_bulletinfile", "bulletin_id"),
    ("bulletins_reminder", "bulletin_id"),
    ("conversations_conversation", "guardian_id"),
    ("conversations_conversation", "student_id"),
    ("conversations_message", "conversation_id"),
    ("conversations_message", "student_id"),
    ("conversations_messagefile", "message_id"),
    ("conversations_readto", "conversation_id"),
    ("committees_member", "committee_id"),
    ("committees_candidate", "election_id"),
    ("committees_decision", "committee_id"),
    ("committees_decision", "meeting_id"),
    ("committees_election", "committee_id"),
    ("committees_meeting", "committee_id"),
    ("committees_papersheet", "election_id"),
    ("committees_proposal", "committee_id"),
    ("committees_voted", "election_id"),
    ("committees_voted", "student_id"),
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
    ("directory_consent", "student_id"),
    ("directory_consent", "guardian_id"),
    ("directory_guardianblock", "student_id"),
    ("directory_guardianblock", "guardian_id"),
    ("daily_notes_dailynote", "enrolment_id"),
    ("daily_notes_dailynote", "student_id"),
    ("family_life_familyactivity", "student_id"),
    ("family_life_familyagreement", "student_id"),
    ("family_life_familycontact", "student_id"),
    ("home_reports_homereport", "student_id"),
    ("events_familyanswer", "event_id"),
    ("events_familyanswer", "student_id"),
    ("events_familyanswer", "guardian_id"),
    ("events_familyquestion", "event_id"),
    ("events_familyquestion", "student_id"),
    ("events_familyquestion", "guardian_id"),
    ("events_followup", "event_id"),
    ("events_followup", "student_id"),
    ("events_sharedanswer", "event_id"),
    ("events_sharedanswer", "question_id"),
    ("events_signintap", "event_id"),
    ("events_signintap", "student_id"),
    ("talks_booking", "slot_id"),
    ("talks_booking", "desk_id"),
    ("talks_booking", "student_id"),
    ("talks_booking", "guardian_id"),
    ("talks_talkclass", "desk_id"),
    ("talks_talkclass", "student_id"),
    ("talks_talkdesk", "day_id"),
    ("talks_talkdesk", "staff_id"),
    ("talks_talkslot", "desk_id"),
    ("talks_talkslot", "staff_id"),
    ("home_visits_homevisit", "enrolment_id"),
    ("home_visits_homevisit", "student_id"),
    ("parent_school_lesson", "course_id"),
    ("parent_school_media", "course_id"),
    ("supervision_noticeitem", "notice_id"),
}
OF_ITS_WRITER = {
    ("family_life_agreementtext", "agreement_id"),
    ("family_life_agreementtext", "by_account"),
    ("family_life_diaryline", "activity_id"),
    ("family_life_diaryline", "by_account"),
    ("home_reports_content", "by_account"),
    ("home_reports_content", "report_id"),
}
"""Seen by nobody but the account that wrote it, so not by who copies it here; see test_words_of_others.py."""
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
BY_THE_HOUSE = {
    ("notices_attempt", "delivery_id"),
    ("notices_concern", "delivery_id"),
    ("notices_delivery", "message_id"),
}
"""Lines of messages are made by `send` and the worker alone, which reach every place."""
APART = {
    "bulletins_answer": {"number": 99, "act_done": "agree"},
    "conversations_message": {"number": 99},
    "committees_papersheet": {"by_account": 2},
    "directory_secondplace": {"mode": "home_teaching"},
    "events_eventorganiser": {"main": False},
    "documents_documentversion": {"number": 99},
    "parent_school_lesson": {"number": 99, "key": "other"},
    "parent_school_media": {"name": "other.mp3"},
}
"""What keeps a unique constraint from refusing first: the parent must be the reason."""
ONE_ROW_A_CHILD = {("bulletins_bulletinchild", "enrolment_id"): {"23505"}}
"""A copy is one too many, whatever its parent; that it cannot be turned is shown all the same."""
REFUSALS = {"23503", "42501"}
"""A foreign key, or row-level security and its triggers."""


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition: a notice is about an obligation."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def schools(db, plan, settings, tmp_path):
    """Two schools of one township, each with one row in every table; the leaders of both."""
    settings.MEDIA_ROOT = tmp_path
    county = County()
    township = county.township()
    return [_filled(county, county.school(township, name)) for name in ("甲小学", "乙小学")]


KINDS = {FamilyActivity: {"kind": "outdoor"}, HomeReport: {"relation": "father"}}


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
        _noted(teacher, pupil, day)
    with as_asker(leader):
        committee = elect_committee(
            by=leader, body=class_.code, elected_on=day, until_day=date(2027, 9, 1), members=[NewMember("甲")]
        )
        file_document(by=leader, category="work_plan", title="计划", valid_from=day)
        _course(leader)
        _files(leader, class_, pupil)
    _elected(leader, committee, pupil)
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
        _told(class_, pupil)
        Participation.objects.create(student=pupil, guardian=guardian, **shared)
        Participation.objects.create(staff_id=teacher.staff_id, **shared)
        _with_families(event, class_, pupil, guardian, teacher)
        _kept_from(pupil, guardian, day)
        _notice(school)
        _tried(class_)
    _talked(leader, class_, pupil, guardian)
    return leader


def _elected(leader, committee, pupil):
    """An election with a candidate, a vote and a paper count; a meeting, a decision, a proposal."""
    row = {"org": committee.org, "by_account": 1, "entered_at": timezone.now()}
    with as_system():
        election = Election.objects.create(
            hi=committee.hi, level="class", vote_from=clock.now(), vote_until=clock.now() + timedelta(days=1),
            seats=2, until_day=date(2027, 9, 1), committee=committee, cancelled_at=clock.now(), **row,
        )  # fmt: skip
        Candidate.objects.create(election=election, name="甲", by_role="guardian", **row)
        PaperSheet.objects.create(election=election, papers=0, invalid=0, counts={}, **row)
        Voted.objects.create(election=election, student=pupil, org=pupil.org, way="online")
        meeting = Meeting.objects.create(committee=committee, held_on=date(2026, 11, 12), agenda="一", **row)
        Decision.objects.create(committee=committee, meeting=meeting, text="甲", **row)
        Proposal.objects.create(
            committee=committee, name="甲", text="乙", entered_on=date(2026, 11, 12), due_on=date(2026, 11, 27),
            **row,
        )  # fmt: skip


def _course(leader):
    """A course of the school with a lesson and a sound."""
    course = Course.objects.create(org=leader.lo, lo=leader.lo, hi=leader.hi, key="a", title="课", digest="x")
    Lesson.objects.create(course=course, org=leader.lo, key="a", number=1, title="一", text="好")
    Media.objects.create(
        course=course, org=leader.lo, name="a.mp3", path="p", media_type="audio/mpeg", size=1
    )


def _files(leader, class_, pupil):
    """A job with its file, and a roster with a conflict, somebody missing and what it changed."""
    whose = {"asked_by": str(leader.account_id), "org": leader.lo}
    job = JobProgress.objects.create(kind="records.make_file", title="导出", **whose)
    KeptFile.objects.create(job=job, role="x", name="名单", asked_text="/", kept_until=clock.now(), **whose)
    roster = RosterImport.objects.create(org=leader.lo, kind="students", filename="名册.csv", asked_by="1")
    listed = {"roster": roster, "org": class_.code, "subject": pupil.pk, "name": pupil.name}
    RosterConflict.objects.create(row=2, field="name", mark=b"1", **listed)
    RosterAbsent.objects.create(**listed)
    RosterChange.objects.create(roster=roster, org=roster.org, part=0, rows=1, content=b"1")


def _kept_from(pupil, guardian, day):
    """A guardian who has agreed, and is kept from the child."""
    whose = {"student": pupil, "org": pupil.org, "guardian": guardian}
    GuardianBlock.objects.create(
        **whose, from_day=day, document="判决", reason="甲", by_account=1, entered_at=timezone.now()
    )
    account = Account.objects.create_user(f"g-{guardian.pk}", None)
    Consent.objects.create(
        **whose, account=account, text_version="1", text_hash="x", decides=True, given_at=timezone.now()
    )


def _noted(teacher, pupil, day):
    """A line of the teacher's to the parents."""
    said = {"category": "praise", "line": "有礼貌", "occurred_on": day}
    write_notes(by=teacher, id=uuid7(), students=[pupil.pk], **said)


def _told(class_, pupil):
    """What a family told of itself."""
    told = {
        "student": pupil,
        "org": class_.code,
        "place": class_.code,
        "by_account": 1,
        "by_role": "guardian",
    }
    for model in (FamilyActivity, FamilyAgreement, FamilyContact, HomeReport):
        model.objects.create(occurred_on=date(2026, 11, 10), **told, **KINDS.get(model, {}))


def _with_families(event, class_, pupil, guardian, teacher):
    """What a family and the school told each other about the event, and a talk with the class teacher."""
    at, later = event.entered_at, event.entered_at + timedelta(minutes=10)
    own = {"event": event, "org": class_.code, "student": pupil, "by_account": 1}
    FamilyAnswer.objects.create(guardian=guardian, says="come", at=at, **own)
    SignInTap.objects.create(id=uuid7(), attended=True, received_at=at, **own)
    FollowUp.objects.create(way="phone", at=at, **own)
    asked = FamilyQuestion.objects.create(guardian=guardian, text="问", asked_at=at, **own)
    SharedAnswer.objects.create(
        event=event, org=class_.code, question=asked, text="问", answer="答", by_account=1, at=at
    )
    where = {"org": class_.code, "lo": class_.code - class_.code % 100_000, "hi": class_.code + 1}
    day = TalkDay.objects.create(
        **where, title="面谈", day=at.date(), closes_at=at, made_at=at, by_account=1, by_role="x"
    )
    desk = TalkDesk.objects.create(day=day, **where, staff_id=teacher.staff_id, name="某")
    TalkClass.objects.create(desk=desk, org=class_.code, lo=class_.code, hi=class_.code + 1, student=pupil)
    times = {"starts_at": at, "ends_at": later}
    slot = TalkSlot.objects.create(desk=desk, **where, staff_id=teacher.staff_id, booked=True, **times)
    Booking.objects.create(
        slot=slot, desk=desk, org=class_.code, student=pupil, guardian=guardian, name="某", who="某", booked_at=at,
        by_account=1, **times,
    )  # fmt: skip


def _talked(leader, class_, pupil, guardian):
    """A bulletin with an answer, a file and a reminder; a conversation with one message and its file."""
    upload = SimpleUploadedFile("告知书.pdf", b"%PDF-1.4 %%EOF")
    with as_asker(leader):
        bulletin = bulletins.send_bulletin(
            by=leader,
            id=uuid7(),
            place=class_.code,
            title="告知",
            text="请确认。",
            need="confirm",
            uploads=[upload],
        )
        bulletins.remind(by=leader, bulletin=bulletin, id=uuid7())
        child = BulletinChild.objects.get(bulletin=bulletin)
        bulletins.enter_for(
            by=leader, child=child.pk, guardian=guardian.pk, act="confirm", how="paper", id=uuid7()
        )
        upload.seek(0)
        talk = conversations.open_conversation(
            by=leader, id=uuid7(), student=pupil.pk, topic="作业", text="您好", audience="one",
            guardian=guardian.pk, uploads=[upload],
        )  # fmt: skip
        conversations.mark_read(by=leader, conversation=talk.pk, number=1)


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
        own = OF_ITS_WRITER | BY_GUARDIANS
        assert set(cursor.fetchall()) == REFERENCES | own | BY_THE_ENGINE | BY_THE_HOUSE


@pytest.mark.parametrize(("table", "column"), sorted(REFERENCES))
def test_c11_a_new_row_with_a_foreign_parent_is_refused(schools, table, column):
    mine, other = schools
    row = row_of(mine, table, column)
    forged = row | APART.get(table, {}) | {"id": str(uuid7()), column: row_of(other, table, column)[column]}
    copy = f"INSERT INTO {table} SELECT (jsonb_populate_record(NULL::{table}, %s::jsonb)).*"
    assert verdict(mine, copy, [json.dumps(forged)]) in REFUSALS | ONE_ROW_A_CHILD.get((table, column), set())


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


@pytest.mark.parametrize(("table", "column"), sorted(BY_THE_HOUSE))
def test_c11_nobody_puts_a_line_under_a_message(schools, table, column):
    leader = schools[0]
    row = {"id": str(uuid7()) if table == "notices_delivery" else 1, "org": leader.body_code}
    row |= {"account_id": leader.account_id, column: str(uuid7())}
    sql = f"INSERT INTO {table} SELECT * FROM jsonb_populate_record(NULL::{table}, %s::jsonb)"
    assert verdict(leader, sql, [json.dumps(row)]) == "42501"
