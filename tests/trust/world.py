"""Fifteen principals and four places, for walking every URL as everybody.

Places: A1 and A2 (two classes of school A), B1 (another school of the same township), C1 (another township).
`REACH` says by hand, not by code under test, which places each principal's jurisdiction holds.
"""

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from support.county import County, as_asker
from tongyu.core import clock
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory.models import RosterAbsent, RosterConflict, RosterState
from tongyu.directory.roster.actions import upload_roster
from tongyu.duties.models import Exemption
from tongyu.records import attachments
from tongyu.workbenches.coordination.documents.actions import file_document
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.home_visits.actions import record_visit
from tongyu.workbenches.gatherings.events.actions import plan_event

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
}


TABLE = "学籍号,姓名\nG1,甲".encode()


@dataclass
class World:
    """The places, who asks, and one record of each kind at each place."""

    askers: dict[str, Asker] = field(default_factory=dict)
    rows: dict[tuple[str, str], Any] = field(default_factory=dict)


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
    for place, body in classes.items():
        _fill(world, county, place, body, schools[place[0]])
    return world


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
    with as_asker(leader):
        roster = upload_roster(by=leader, kind="students", filename="名册.csv", data=TABLE, complete=False)
        _fill_rosters(world, leader, place, pupil)
    with as_asker(teacher):
        photo = attachments.add(by=teacher, record=visit, uploads=[_picture()])[0]
    office = world.askers["office"]
    with as_asker(office):
        words = {"reason": f"暂缓 {place}", "decided_by": "教育局", "approver": f"批准 {place}"}
        later = Exemption.objects.create(
            org=body.code, lo=body.code, hi=body.hi, subject=pupil.pk, from_day=date(2027, 3, 1), **words
        )
    world.rows |= {
        ("exemption", place): later,
        ("roster", place): roster,
        ("attachment", place): photo,
        ("class", place): body,
        ("school", place): school,
        ("pupil", place): pupil,
        ("visit", place): visit,
        ("event", place): event,
        ("committee", place): committee,
        ("document", place): document,
    }


def _fill_rosters(world: World, leader: Asker, place: str, pupil: Any) -> None:
    """One upload that waits for its columns, one for decisions, one that lacks a pupil; as the leader."""
    told = upload_roster(by=leader, kind="staff", filename="教职工.csv", data=TABLE, complete=False)
    told.state, told.layout, told.summary = (
        RosterState.COLUMNS,
        "x" * 64,
        {"headers": ["姓名", f"列{place}"]},
    )
    told.save()
    decided = upload_roster(by=leader, kind="students", filename="分歧.csv", data=TABLE, complete=False)
    decided.state = RosterState.READY
    decided.save()
    RosterConflict.objects.create(
        roster=decided, org=pupil.org, row=2, name=pupil.name, subject=pupil.pk, field="name",
        stands_text=pupil.name, file_text="改名", mark=b"1",
    )  # fmt: skip
    lacking = upload_roster(by=leader, kind="students", filename="全校.csv", data=TABLE, complete=True)
    lacking.state, lacking.imported_at = RosterState.IMPORTED, clock.now()
    lacking.save()
    RosterAbsent.objects.create(roster=lacking, org=pupil.org, subject=pupil.pk, name=pupil.name)
    world.rows |= {
        ("roster to tell", place): told,
        ("roster to decide", place): decided,
        ("roster with missing", place): lacking,
    }


def _picture() -> SimpleUploadedFile:
    data = BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "JPEG")
    return SimpleUploadedFile("照片.jpg", data.getvalue())
