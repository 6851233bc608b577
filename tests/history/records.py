"""Records go on being made, every year: home visits, gatherings, committees, papers; some are mended or taken back."""

from datetime import date, timedelta

from history.county import Living, Pupil
from support.county import as_asker
from tongyu.core.access import Asker
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.roles import ClassTeacher, DepartmentStaff, SchoolLeader, TownshipStaff
from tongyu.records.demos import Dice
from tongyu.workbenches.coordination.documents.actions import end_document, file_document
from tongyu.workbenches.coordination.documents.models import Document
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee, renew_term
from tongyu.workbenches.families.committees.models import Committee
from tongyu.workbenches.families.home_visits.actions import correct_visit, record_visit, withdraw_visit
from tongyu.workbenches.families.home_visits.models import HomeVisit
from tongyu.workbenches.gatherings.events.actions import (
    cancel_event,
    correct_event,
    hold_event,
    plan_event,
    record_held,
    withdraw_event,
)
from tongyu.workbenches.gatherings.events.models import Event

OF_SCHOOL = (
    "guidance teacher_training liaison social_theme volunteering cleaning core_values ideals_course party_history"
    " festival flag_raising legal_education constitution experience_exchange study_trip labour"
).split()
BY_MONTH = {3: "lei_feng", 9: "first_lesson"}
DEPARTMENTS = {"justice": "legal_education", "culture": "opera_on_campus", "education": "experience_exchange"}


def a_day_of_records(county: Living, visits: int, gatherings: int) -> None:
    """What is written down on an ordinary school day."""
    dice = county.dice("records")
    schools = county.bodies(BodyKind.SCHOOL)
    pupils = county.pupils()
    led = [code for code in pupils if county.who(ClassTeacher, code)]
    for _ in range(visits if led else 0):
        class_ = dice.choice(led)
        visit(county, dice, class_, dice.choice(pupils[class_]))
    for _ in range(gatherings):
        gather(county, dice, dice.choice(schools))
    for key, type_ in DEPARTMENTS.items():
        if dice.chance(0.1):
            by_department(county, dice, key, type_, dice.sample(schools, min(2, len(schools))))
    if dice.chance(0.2):
        by_township(county, dice)


def visit(county: Living, dice: Dice, class_: int, pupil: Pupil, day: date | None = None) -> None:
    """The class teacher comes to a pupil's home; now and then the leader or a whole team."""
    teacher = county.who(ClassTeacher, class_)
    assert teacher is not None
    day = day or max(pupil.entered_on, county.day - timedelta(days=dice.randrange(6)))
    leader = county.who(SchoolLeader, class_ - class_ % 10**5)
    by, visitors = teacher, ["class_teacher"]
    if leader and dice.chance(0.15):
        by, visitors = leader, dice.choice((["leader"], ["leader", "class_teacher"]))
    made = county.does(
        "home visit", by, record_visit, id=county.new_id(dice), student=pupil.id, occurred_on=day,
        visitors=visitors, met=["mother"], line="聊了在家的学习和作息",
    )  # fmt: skip
    if dice.chance(0.06):
        _mend_visit(county, dice, by, made, pupil)


def _mend_visit(county: Living, dice: Dice, by: Asker, made: HomeVisit, pupil: Pupil) -> None:
    """It was another day, another visitor, or it never was."""
    if dice.chance(0.4):
        county.does(
            "visit withdrawn", by, withdraw_visit, record=made, reason="登记有误", version=made.version
        )
        return
    day = max(pupil.entered_on, made.occurred_on - timedelta(days=dice.randrange(20)))
    county.does(
        "visit corrected", by, correct_visit, visit=made, reason="日期写错", version=made.version,
        occurred_on=day, visitors=made.visitors, met=["father"], line="改正后的记录",
    )  # fmt: skip


def gather(county: Living, dice: Dice, school: Body) -> None:
    """A school holds something: for all, for a grade, for one class; or plans it, and holds it, or calls it off."""
    leader = county.who(SchoolLeader, school.code)
    if leader is None:
        return
    type_ = BY_MONTH.get(county.day.month, "") if dice.chance(0.4) else ""
    type_ = type_ or dice.choice([*OF_SCHOOL, *["parent_meeting"] * 6, *["guidance"] * 4])
    inside = [*county.bodies(BodyKind.GRADE, school), *county.bodies(BodyKind.SCHOOL_CLASS, school)]
    scopes = [school.code] if not inside or dice.chance(0.5) else [dice.choice(inside).code]
    day = county.day - timedelta(days=dice.randrange(8))
    common = {"type": type_, "scopes": scopes, "with_parents": dice.chance(0.3)}
    if dice.chance(0.2):
        planned = county.does(
            "event planned", leader, plan_event, id=county.new_id(dice), occurred_on=county.day, **common
        )
        if dice.chance(0.2):
            county.does("event called off", leader, cancel_event, event=planned, reason="下雨")
        else:
            county.does("event held", leader, hold_event, event=planned)
        return
    organizer = "committee" if dice.chance(0.2) else ""
    held = county.does(
        "event", leader, record_held, id=county.new_id(dice), occurred_on=day, organizer=organizer, **common
    )
    if dice.chance(0.06):
        _mend_event(county, dice, leader, held)


def _mend_event(county: Living, dice: Dice, leader: Asker, held: Event) -> None:
    if dice.chance(0.4):
        county.does(
            "event withdrawn", leader, withdraw_event, event=held, version=held.version, reason="登记有误"
        )
        return
    changes = {"occurred_on": held.occurred_on - timedelta(days=dice.randrange(15))}
    county.does(
        "event corrected", leader, correct_event, event=held, version=held.version, reason="日期写错",
        changes=changes,
    )  # fmt: skip


def by_department(county: Living, dice: Dice, key: str, type_: str, schools: list[Body]) -> None:
    """A department does something in schools."""
    place = next(body for body in county.bodies(BodyKind.DEPARTMENT) if body.key == key)
    asker = county.who(DepartmentStaff, place.code)
    if asker is not None:
        county.does(
            "event of a department", asker, record_held, id=county.new_id(dice), type=type_,
            occurred_on=county.day, scopes=[school.code for school in schools],
        )  # fmt: skip


def by_township(county: Living, dice: Dice) -> None:
    """A township studies the law, or tells of good families."""
    township = dice.choice(county.bodies(BodyKind.TOWNSHIP))
    asker = county.who(TownshipStaff, township.code)
    if asker is not None:
        county.does(
            "event of a township", asker, record_held, id=county.new_id(dice), occurred_on=county.day,
            type=dice.choice(("law_study", "family_tradition")),
        )  # fmt: skip


def autumn_papers(county: Living, share: float) -> None:
    """A new school year: plans of work, charters that are renewed, committees that are elected."""
    dice = county.dice("papers")
    for school in county.bodies(BodyKind.SCHOOL):
        leader = county.who(SchoolLeader, school.code)
        if leader is None:
            continue
        if dice.chance(share):
            _papers(county, dice, leader)
        inside = [*county.bodies(BodyKind.GRADE, school), *county.bodies(BodyKind.SCHOOL_CLASS, school)]
        for place in [school, *inside]:
            if dice.chance(share):
                committee(county, dice, leader, place)


def _papers(county: Living, dice: Dice, leader: Asker) -> None:
    county.does(
        "document", leader, file_document, id=county.new_id(dice), category="work_plan", title="工作计划",
        valid_from=county.day, until_day=county.day + timedelta(days=300),
    )  # fmt: skip
    with as_asker(leader):
        charter = Document.objects.filter(
            org=leader.body_code, category="charter", until_day=None, withdrawn_at=None
        ).order_by("occurred_on").first()  # fmt: skip
    if charter is not None and charter.occurred_on < county.day and dice.chance(0.2):
        county.does(
            "document ended", leader, end_document, document=charter, version=charter.version,
            reason="重新制定", until_day=county.day,
        )  # fmt: skip
    elif charter is None:
        county.does(
            "document", leader, file_document, id=county.new_id(dice), category="charter", title="章程",
            valid_from=county.day, names_collaboration=True,
        )  # fmt: skip


def committee(county: Living, dice: Dice, leader: Asker, place: Body) -> None:
    """The place elects its committee, or the next one."""
    with as_asker(leader):
        standing = (
            Committee.objects.filter(org=place.code, withdrawn_at=None).order_by("-occurred_on").first()
        )
    members = [NewMember("马家长", "chair"), NewMember("王家长"), NewMember("孔家长")]
    until = county.day + timedelta(days=dice.choice((250, 365, 700)))
    term = {"elected_on": county.day, "until_day": until, "members": members}
    if standing is None:
        county.does(
            "committee elected", leader, elect_committee, id=county.new_id(dice), body=place.code, **term
        )
    elif standing.occurred_on < county.day:
        county.does(
            "committee renewed", leader, renew_term, id=county.new_id(dice), committee=standing, **term
        )
