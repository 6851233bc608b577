"""Rows of a school of every kind that refers to a protected parent, for the walk of foreign parents (check C11)."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from support.county import as_asker, as_system
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

KINDS = {FamilyActivity: {"kind": "outdoor"}, HomeReport: {"relation": "father"}}


def filled(county, school):
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
        _notice(school)
        _tried(class_)
    _talked(leader, class_, pupil, guardian)
    with as_system():
        _kept_from(pupil, guardian, day)
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
