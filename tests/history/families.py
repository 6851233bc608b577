"""What families, teachers and schools write down: notes home, reports, family life, lessons, suggestions, parts."""

from typing import Any

from history.county import Living
from support.county import as_asker, as_system
from tongyu.core.access import Asker, Ward
from tongyu.directory import codes
from tongyu.directory.hats import hats_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Account, Consent
from tongyu.directory.roles import ClassTeacher, GuardianRole, SchoolLeader, TownshipStaff
from tongyu.records.demos import Dice
from tongyu.workbenches.families.daily_notes.actions import correct_note, withdraw_batch, write_notes
from tongyu.workbenches.families.family_life import actions as family_life
from tongyu.workbenches.families.family_life.models import ActivityKind
from tongyu.workbenches.families.home_reports import actions as home_reports
from tongyu.workbenches.families.parent_school.actions.learning import learn
from tongyu.workbenches.families.parent_school.actions.parts import record_part
from tongyu.workbenches.families.parent_school.actions.stations import open_station
from tongyu.workbenches.families.parent_school.models import Course, PartKind, Station
from tongyu.workbenches.families.suggestions.actions import answer_suggestion, write_suggestion
from tongyu.workbenches.families.suggestions.models import Suggestion

WELL = {"mood": "bright", "health": "well", "sleep": "good", "devices": "agreed"}


def a_day_of_families(county: Living, many: int) -> None:
    """So many classes get notes home, so many families do something, half as many schools."""
    dice = county.dice("families")
    pupils = county.pupils()
    led = [code for code in pupils if county.who(ClassTeacher, code)]
    for class_ in dice.sample(led, min(many, len(led))):
        notes(county, dice, class_, [one.id for one in pupils[class_]])
    for by, ward in parents(county, dice, many):
        dice.choice((report, activity, activity, agreement, lessons, suggestion))(county, dice, by, ward)
    schools = county.bodies(BodyKind.SCHOOL)
    for school in dice.sample(schools, min(many // 2, len(schools))):
        leader = county.who(SchoolLeader, school.code)
        if leader is not None:
            of_the_school(county, dice, leader)
    if dice.chance(0.4):
        station(county, dice)


def notes(county: Living, dice: Dice, class_: int, students: list[Any]) -> None:
    """One tap for some of the class; now and then a note is mended, or the tap taken back."""
    teacher = county.who(ClassTeacher, class_)
    assert teacher is not None
    chosen, batch = dice.sample(students, dice.randrange(1, len(students) + 1)), county.new_id(dice)
    made = county.does(
        "daily notes", teacher, write_notes, id=batch, students=chosen, category="praise", line="值日认真",
        occurred_on=county.day,
    )  # fmt: skip
    if dice.chance(0.1):
        county.does("daily notes withdrawn", teacher, withdraw_batch, batch=batch, reason="写错班级")
    elif dice.chance(0.2):
        county.does(
            "daily note corrected", teacher, correct_note, note=made[0], reason="改正", version=made[0].version,
            category="reminder", line="请带水杯", occurred_on=county.day,
        )  # fmt: skip


def parents(county: Living, dice: Dice, many: int) -> list[tuple[Asker, Ward]]:
    """Guardians who have joined and consented, as they are when they sign in, each with one child."""
    with as_system():
        given = Consent.objects.filter(withdrawn_at=None).exclude(account_id=None)
        known = list(given.order_by("student_id", "account_id").values_list("account_id", "student_id"))
    found = []
    for account_id, student in dice.sample(known, min(many, len(known))):
        with as_system():
            account = Account.objects.get(pk=account_id)
        for hat in hats_of(account, county.day):
            ward = hat.asker.ward(student) if hat.role is GuardianRole else None
            if ward is not None:
                found.append((hat.asker, ward))
    return found


def report(county: Living, dice: Dice, by: Asker, ward: Ward) -> None:
    """How the child is at home; sometimes taken back."""
    told = county.does(
        "home report", by, home_reports.send_report, id=county.new_id(dice), student=ward.student_id, **WELL
    )
    if dice.chance(0.2):
        county.does("home report taken back", by, home_reports.take_back, report=told)


def activity(county: Living, dice: Dice, by: Asker, ward: Ward) -> None:
    """Something was done together; sometimes taken back."""
    done = county.does(
        "family activity", by, family_life.record_activity, id=county.new_id(dice), student=ward.student_id,
        kind=dice.choice(ActivityKind.values), occurred_on=county.day,
    )  # fmt: skip
    if dice.chance(0.2):
        county.does("family activity taken back", by, family_life.take_back, record=done)


def agreement(county: Living, dice: Dice, by: Asker, ward: Ward) -> None:
    """Child and parent sign; sometimes taken back."""
    signed = county.does(
        "family agreement", by, family_life.sign_agreement, id=county.new_id(dice), student=ward.student_id,
        agreed=["睡前不看手机"], child_signed=ward.name, parent_signed=by.name,
    )  # fmt: skip
    if dice.chance(0.2):
        county.does("family agreement taken back", by, family_life.take_back, record=signed)


def lessons(county: Living, dice: Dice, by: Asker, ward: Ward) -> None:
    """The guardian learns a course, to its end or not."""
    with as_asker(by):
        course = Course.objects.filter(state="published").order_by("key").first()
        keys = list(course.lessons.order_by("number").values_list("key", flat=True)) if course else []
    for key in keys if dice.chance(0.7) else keys[:1]:
        county.does("lesson", by, learn, course=course, lesson=key)


def suggestion(county: Living, dice: Dice, by: Asker, ward: Ward) -> None:
    """Something the school could do better; it is answered there on the next days, or now."""
    school = codes.containing(ward.org, BodyKind.SCHOOL)
    county.tries(
        "suggestion", by, write_suggestion, school=school, category="meals", text="早餐热一点",
        id=county.new_id(dice),
    )  # fmt: skip


def of_the_school(county: Living, dice: Dice, leader: Asker) -> None:
    """A part of the parent school, and an answer to what waits."""
    county.does(
        "part of a parent school", leader, record_part, id=county.new_id(dice), line="每学期两次",
        part=dice.choice(PartKind.values), occurred_on=county.day,
    )  # fmt: skip
    with as_asker(leader):
        waiting = Suggestion.objects.filter(org=leader.body_code, answered_at=None, withdrawn_at=None)
        first = waiting.order_by("occurred_on", "id").first()
    if first is not None:
        county.does(
            "suggestion answered", leader, answer_suggestion, suggestion=first, answer="已改进",
            version=first.version,
        )  # fmt: skip


def station(county: Living, dice: Dice) -> None:
    """A township that has none opens its station."""
    with as_system():
        have = set(Station.objects.filter(withdrawn_at=None, closed_on=None).values_list("org", flat=True))
    without = [one for one in county.bodies(BodyKind.TOWNSHIP) if one.code not in have]
    asker = county.who(TownshipStaff, dice.choice(without).code) if without else None
    if asker is not None:
        county.does(
            "guidance station", asker, open_station, id=county.new_id(dice), township=asker.body_code,
            name="家庭教育指导站", place="镇政府一楼", occurred_on=county.day,
        )  # fmt: skip
