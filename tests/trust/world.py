"""Seventeen principals and four places, for walking every URL as everybody.

Places: A1 and A2 (two classes of school A), B1 (another school of the same township), C1 (another township).
`REACH` says by hand, not by code under test, which places each principal's jurisdiction holds.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.utils import timezone

from support.county import County, as_asker, as_system
from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import (
    GuardianBlock,
    Guardianship,
    JoinRequest,
    RosterAbsent,
    RosterConflict,
    RosterState,
    SecondPlace,
    Transfer,
)
from tongyu.directory.rollover.actions import open_roll_over
from tongyu.directory.rollover.exceptions import Said, set_exception
from tongyu.directory.roster.actions import upload_roster
from tongyu.duties.models import Closing, DryRun, DryRunChange, Exemption
from tongyu.oversight.disputes.models import Dispute
from tongyu.oversight.supervision.models import NoticeItem, SupervisionNotice
from tongyu.plan.models import LocalNumber, Obligation, Plan
from tongyu.records import attachments, confirming
from tongyu.workbenches.coordination.documents.actions import file_document
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.committees.actions.business import decide, keep_meeting, put_forward
from tongyu.workbenches.families.committees.actions.calling import call_election, stand
from tongyu.workbenches.families.home_visits.actions import record_visit
from tongyu.workbenches.gatherings.events.actions import plan_event
from trust.world_families import invited, message, parent_schools, picture, told
from trust.world_home import told_at_home

PLACES = ("A1", "A2", "B1", "C1")
ALL = frozenset(PLACES)
REACH: dict[str, frozenset[str]] = {
    "office": ALL,
    "education": ALL,
    "justice": frozenset(),
    "culture": frozenset(),
    "township 1": frozenset({"A1", "A2", "B1"}),
    "township 2": frozenset({"C1"}),
    "leader A": frozenset({"A1", "A2"}),
    "leader B": frozenset({"B1"}),
    "leader C": frozenset({"C1"}),
    "teacher A1": frozenset({"A1"}),
    "teacher A2": frozenset({"A2"}),
    "teacher B1": frozenset({"B1"}),
    "teacher C1": frozenset({"C1"}),
    "subject A1": frozenset({"A1"}),
    "admin": frozenset(),
    "parent A1": frozenset({"A1"}),
    "parent B1": frozenset({"B1"}),
}
"""A parent's place is the one child: rows of that child, never the class's."""


@dataclass
class World:
    """The places, who asks, and one record of each kind at each place."""

    askers: dict[str, Asker] = field(default_factory=dict)
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)
    fathers: dict[str, Asker] = field(default_factory=dict)
    """The father of each place's pupil; two of them ask."""


def build() -> World:
    """Everything above, in the running transaction."""
    county = County()
    first, second = county.township("甲镇"), county.township("乙镇")
    schools = {
        "A": county.school(first, "甲一小学"),
        "B": county.school(first, "甲二小学"),
        "C": county.school(second, "乙一小学"),
    }
    classes = {place: county.class_(schools[place[0]], number=int(place[1])) for place in PLACES}
    world = World()
    world.askers = {
        "office": county.office_staff(),
        **{key: county.department_staff(key) for key in ("education", "justice", "culture")},
        "township 1": county.township_staff(first),
        "township 2": county.township_staff(second),
        **{f"leader {key}": county.leader(school) for key, school in schools.items()},
        **{f"teacher {place}": county.teacher(body) for place, body in classes.items()},
        "subject A1": county.subject_teacher(classes["A1"]),
        "admin": county.admin(),
    }
    far = county.class_(county.school(county.township("丙镇"), "丙一小学"))
    _close_a_year(county, world.askers["office"])
    with as_asker(world.askers["office"]):
        roll_over = open_roll_over(by=world.askers["office"], start_year=2027)
    for place, body in classes.items():
        _fill(world, county, place, body, schools[place[0]])
        _move(world, county, place, body, far)
        leader, pupil = world.askers[f"leader {place[0]}"], world.rows["pupil", place]
        with as_asker(leader):
            said = Said("left", f"随迁 {place}")
            set_exception(by=leader, roll_over=roll_over, student=pupil.pk, said=said)
    for place in PLACES:
        _family(world, county, place)
        told(world, place)
    parent_schools(world, county, PLACES)
    _of_the_county(world)
    return world


def _family(world: World, county: County, place: str) -> None:
    """The pupil's father, who has joined; a blocked uncle; somebody who waits for the teacher's word."""
    pupil = world.rows["pupil", place]
    father = county.parent(pupil, name=f"家长{place}")
    world.fathers[place] = father
    if place in ("A1", "B1"):
        world.askers[f"parent {place}"] = father
    world.rows |= told_at_home(place, world.askers[f"teacher {place}"], father, pupil)
    with as_asker(father):
        world.rows["doubt of a visit", place] = confirming.answer(
            by=father,
            record=world.rows["visit", place],
            student=pupil.pk,
            took_place=False,
            words=f"暗号没来{place}",
        )
    invited(world, father, place)
    _committee_of(world, place, father)
    uncle = county.guardian(pupil, f"暗号叔{place}", "relative")
    with as_system():
        world.rows["guardianship", place] = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id)
        world.rows["guardian block", place] = GuardianBlock.objects.create(
            student=pupil, org=pupil.org, guardian=uncle, from_day=date(2026, 11, 2), reason=f"暗号缘由{place}",
            document=f"暗号文书{place}", by_account=1, entered_at=timezone.now(),
        )  # fmt: skip
        world.rows["message", place] = message(place, pupil, world.askers[f"teacher {place}"])
        world.rows["join request", place] = JoinRequest.objects.create(
            org=pupil.org, account_id=father.account_id, name=f"暗号来客{place}", child_name="某某", relation="other",
            phone="+8616000000009", asked_at=timezone.now(),
        )  # fmt: skip


def _committee_of(world: World, place: str, father: Asker) -> None:
    """The class elects its committee, and the committee has something to do; the father stands and proposes."""
    leader, committee = world.askers[f"leader {place[0]}"], world.rows["committee", place]
    begins = clock.now() + timedelta(days=3)
    with as_asker(leader):
        election = call_election(
            by=leader, body=committee.org, vote_from=begins, vote_until=begins + timedelta(days=3), seats=2,
            until_day=date(2027, 9, 1),
        )  # fmt: skip
        meeting = keep_meeting(
            by=leader, committee=committee, held_on=date(2026, 11, 12), agenda=f"议题 {place}"
        )
        decision = decide(
            by=leader, committee=committee, text=f"决定 {place}", who="主任甲", due_on=date(2027, 1, 8),
            meeting=meeting,
        )  # fmt: skip
        decision.guardian_id = father.wards[0].guardian_id
        decision.save(update_fields=["guardian_id"])
    with as_asker(father):
        candidate = stand(by=father, election=election, student=father.wards[0].student_id)
        proposal = put_forward(by=father, committee=committee, text=f"暗号建议{place}")
    world.rows |= {
        ("election", place): election,
        ("candidate", place): candidate,
        ("committee meeting", place): meeting,
        ("committee decision", place): decision,
        ("proposal", place): proposal,
    }


def _move(world: World, county: County, place: str, body: Any, far: Any) -> None:
    """A pupil who is to leave the county, and one of a school of nobody here who is to come."""
    leaving, coming = county.pupil(body, f"要走的{place}"), county.pupil(far, f"暗号来人{place}")
    school = codes.containing(body.code, BodyKind.SCHOOL)
    words = {"reason": "随父母外出", "by_account": 1, "entered_at": timezone.now()}
    with as_system():
        world.rows["transfer", place] = Transfer.objects.create(
            kind="away",
            org=body.code,
            student=leaving,
            name=leaving.name,
            day=date(2027, 3, 1),
            state="agreed",
            **words,
        )
        world.rows["second place", place] = SecondPlace.objects.create(
            student=coming, org=far.code, place=body.code, mode="inclusive_class", name=f"暗号兼读{place}",
            from_day=date(2026, 11, 2), by_account=1, entered_at=timezone.now(),
        )  # fmt: skip
        world.rows["arriving", place] = Transfer.objects.create(
            kind="between", org=far.code, student=coming, name=coming.name, to_school=school, day=date(2027, 3, 1),
            **words,
        )  # fmt: skip


def _close_a_year(county: County, office: Asker) -> None:
    """The school year before, closed and restated once, with nothing in it."""
    basis = {"plans": [], "calendar": {}, "engine": "1", "audit": {"seal": 0, "hash": ""}}
    with as_system():
        for edition, reason in ((0, ""), (1, "更正原因")):
            Closing.objects.create(
                lo=county.code,
                hi=county.body.hi,
                number=edition + 1,
                period_key="2025",
                edition=edition,
                first_on=date(2025, 9, 1),
                end_on=date(2026, 9, 1),
                settled_on=date(2026, 9, 1),
                closed_on=date(2026, 9, 10),
                closed_at=datetime(2026, 9, 10, 3, tzinfo=UTC),
                by_account=office.account_id,
                by_name="结账人",
                reason=reason,
                basis=basis,
                counts={},
                standings=0,
                before=str(edition),
                hash=str(edition + 1),
            )


def _fill(world: World, county: County, place: str, body: Any, school: Any) -> None:
    pupil = county.pupil(body, f"学生{place}")
    teacher, leader = world.askers[f"teacher {place}"], world.askers[f"leader {place[0]}"]
    day = date(2026, 11, 10)
    with as_asker(teacher):
        visit = record_visit(
            by=teacher,
            id=uuid7(),
            student=pupil.pk,
            occurred_on=day,
            visitors=["class_teacher"],
            met=["mother"],
            line=f"家访 {place}",
        )
        event = plan_event(by=teacher, type="parent_meeting", occurred_on=day, title=f"家长会 {place}")
    with as_asker(leader):
        members = [NewMember("主任甲", "chair"), NewMember("委员乙", "member")]
        committee = elect_committee(
            by=leader, body=body.code, elected_on=day, until_day=date(2027, 9, 1), members=members
        )
        document = file_document(by=leader, category="work_plan", title=f"计划 {place}", valid_from=day)
    _rosters(world, leader, pupil, body, place)
    with as_asker(teacher):
        photo = attachments.add(by=teacher, record=visit, uploads=[picture()])[0]
    office = world.askers["office"]
    with as_asker(office):
        words = {"reason": f"暂缓 {place}", "decided_by": "教育局", "approver": f"批准 {place}"}
        later = Exemption.objects.create(
            org=body.code, lo=body.code, hi=body.hi, subject=pupil.pk, from_day=date(2027, 3, 1), **words
        )
        contested, supervised = _overseen(office, world.askers[f"teacher {place}"], body, school)
    world.rows |= {
        ("dispute", place): contested,
        ("notice", place): supervised,
        ("exemption", place): later,
        ("attachment", place): photo,
        ("class", place): body,
        ("school", place): school,
        ("pupil", place): pupil,
        ("visit", place): visit,
        ("event", place): event,
        ("committee", place): committee,
        ("document", place): document,
    }


def _rosters(world: World, leader: Asker, pupil: Any, body: Any, place: str) -> None:
    """Files of the school: just uploaded, with unknown columns, with a conflict, and one that lacks the pupil."""
    with as_asker(leader):
        table = "学籍号,姓名\nG1,甲".encode()
        roster = upload_roster(by=leader, kind="students", filename="名册.csv", data=table, complete=False)
        told = upload_roster(by=leader, kind="staff", filename="教职工.csv", data=table, complete=False)
        told.state, told.layout, told.summary = (
            RosterState.COLUMNS,
            "x" * 64,
            {"headers": ["姓名", f"列{place}"]},
        )
        told.save()
        decided = upload_roster(by=leader, kind="students", filename="分歧.csv", data=table, complete=False)
        decided.state = RosterState.READY
        decided.save()
        RosterConflict.objects.create(
            roster=decided, org=body.code, row=2, name=pupil.name, subject=pupil.pk, field="name",
            stands_text=pupil.name, file_text="改名", mark=b"1",
        )  # fmt: skip
        lacking = upload_roster(by=leader, kind="students", filename="全校.csv", data=table, complete=True)
        lacking.state, lacking.imported_at = RosterState.IMPORTED, clock.now()
        lacking.save()
        RosterAbsent.objects.create(roster=lacking, org=body.code, subject=pupil.pk, name=pupil.name)
    world.rows |= {
        ("roster", place): roster,
        ("roster to tell", place): told,
        ("roster to decide", place): decided,
        ("roster with missing", place): lacking,
    }


def _overseen(office: Asker, teacher: Asker, body: Any, school: Any) -> tuple[Dispute, SupervisionNotice]:
    """The class contests its rate, the school was asked for its side; and the class was sent a notice."""
    duty, sent = Obligation.objects.get(key="home-visit"), datetime(2026, 11, 16, 10, tzinfo=UTC)
    dispute = Dispute.objects.create(
        org=body.code,
        by_account=teacher.account_id,
        by_role=teacher.role.key,
        obligation=duty,
        period_key="2026",
        place=body.code,
        hi=body.hi,
        line="少算一次",
        was={"counts": {"met": 1}, "records": []},
        opened_at=sent,
        asked_org=school.code,
        asked_at=sent,
    )
    notice = SupervisionNotice.objects.create(
        id=uuid7(),
        org=body.code,
        batch=uuid7(),
        by_account=office.account_id,
        sent_at=sent,
        begins_on=date(2026, 11, 16),
        deadline=date(2026, 11, 30),
    )
    NoticeItem.objects.create(
        id=uuid7(),
        notice=notice,
        org=body.code,
        bearer=body.code,
        obligation=duty,
        period_key="2026",
        missing_then=0,
        behind_then=1,
        done_then=0,
        accountables=[school.code],
    )
    return dispute, notice


def _of_the_county(world: World) -> None:
    """A number that the office has set, to begin later, and a trial of it that names every pupil."""
    office, plan = world.askers["office"], Plan.objects.get()
    place = {
        "org": office.lo,
        "plan": plan,
        "key": "guidance.minimum",
        "value": 3,
        "valid_from": date(2027, 9, 1),
    }
    paper = {"paper": "永协办〔2026〕3号", "paper_date": date(2026, 11, 1), "reason": "从严"}
    with as_asker(office):
        number = LocalNumber.objects.create(hi=office.hi, by_account=office.account_id, **place, **paper)
        tried = DryRun.objects.create(by_account=office.account_id, ran_at=clock.now(), **place)
        duty = plan.obligations.get(key="home-visit")
        for name in PLACES:
            pupil = world.rows["pupil", name]
            change = {"was": "met", "becomes": "in_progress", "at_once": True, "period_key": "2026"}
            DryRunChange.objects.create(run=tried, org=pupil.org, obligation=duty, subject=pupil.pk, **change)
    for name in PLACES:
        world.rows |= {("local number", name): number, ("dry run", name): tried}
    _of_a_school(world, plan, duty, paper)


def _of_a_school(world: World, plan: Plan, duty: Obligation, paper: dict[str, Any]) -> None:
    """A number that the leader of school A has set for the school, and its trial; they stand at A1."""
    leader, pupil = world.askers["leader A"], world.rows["pupil", "A1"]
    place = {
        "org": leader.body_code,
        "plan": plan,
        "key": "home-visit.minimum",
        "value": 2,
        "valid_from": date(2027, 9, 1),
    }
    with as_asker(leader):
        number = LocalNumber.objects.create(hi=leader.hi, by_account=leader.account_id, **place, **paper)
        tried = DryRun.objects.create(by_account=leader.account_id, ran_at=clock.now(), **place)
        change = {"was": "met", "becomes": "in_progress", "at_once": True, "period_key": "2026"}
        DryRunChange.objects.create(run=tried, org=pupil.org, obligation=duty, subject=pupil.pk, **change)
    world.rows |= {("local number", "A1"): number, ("dry run", "A1"): tried}
