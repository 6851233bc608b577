"""The school year turns: calendar, schools that say who does not move up, the roll-over, children who begin."""

from datetime import date

from history.county import Difference, Living, Pupil
from history.numbers import newcomer
from support.county import as_asker, as_system
from support.roster import workbook
from tongyu.cli.demo.terms import calendars, special_days
from tongyu.core.access import Asker
from tongyu.core.periods import Span
from tongyu.directory import codes
from tongyu.directory.actions import set_holiday, set_term_dates
from tongyu.directory.kinds import BodyKind, Stage
from tongyu.directory.models import (
    Body,
    Enrolment,
    Outcome,
    RollOver,
    RollOverState,
    RosterConflict,
    RosterImport,
    Staff,
    Student,
)
from tongyu.directory.roles import ClassTeacher, OfficeStaff, SchoolLeader
from tongyu.directory.rollover.actions import (
    open_roll_over,
    preview_roll_over,
    run_roll_over,
    undo_roll_over,
)
from tongyu.directory.rollover.exceptions import (
    Said,
    remove_exception,
    say_ready,
    set_classes,
    set_exception,
    targets_of,
)
from tongyu.directory.rollover.shape import read_shape
from tongyu.directory.roster.actions import import_roster, upload_roster
from tongyu.directory.roster.conflicts import now_decided
from tongyu.records.demos import Dice
from tongyu.workbenches.coordination.appointments.actions import appoint

CLASS_SIZE = 34
GRADUATES_STAY = 0.85
"""So many of those who leave a kindergarten or a primary school go on in the county."""
HEADERS = ["学籍号", "姓名", "学校标识码", "年级", "班级", "监护人1姓名", "监护人1关系"]


def office(county: Living) -> Asker:
    """Somebody of the leading group's office."""
    found = county.who(OfficeStaff, codes.county_body_code(county.code, codes.OFFICE_NUMBER))
    assert found is not None
    return found


def set_calendar(county: Living, year: int) -> None:
    """The office sets both terms of a year, and its holidays."""
    by, calendar = office(county), calendars(date(year, 10, 1))[1]
    for term in calendar.terms:
        county.does(
            "term set", by, set_term_dates, county=county.code, start_year=year, number=term.number,
            first_day=term.span.start, last_day=term.span.last_day,
        )  # fmt: skip
    off = special_days(Span(date(year, 9, 1), date(year + 1, 9, 1))) or [
        (date(year, 10, number), False, "国庆节") for number in range(1, 8)
    ]
    for day, worked, name in off:
        if worked == (day.weekday() >= 5):
            county.does("holiday set", by, set_holiday, county=county.code, day=day, name=name, worked=worked)


def prepare(county: Living, year: int) -> RollOver:
    """Before the summer: the office opens the turn, the schools say what becomes of whom."""
    row = county.does("roll-over opened", office(county), open_roll_over, start_year=year)
    dice = county.dice("exceptions")
    for school in county.bodies(BodyKind.SCHOOL):
        leader = county.who(SchoolLeader, school.code)
        if leader is None:
            continue
        some = [pupil for pupils in county.pupils(school).values() for pupil in pupils]
        for pupil in dice.sample(some, min(len(some), max(1, len(some) // 60))):
            say(county, dice, leader, row, school, pupil)
        with as_asker(leader):
            shape = read_shape(row, school.code, school.hi).schools.get(school.code)
        if shape and shape.openings and dice.chance(0.3):
            chosen = {int(one.stage): max(1, one.default + dice.choice((-1, 0, 1))) for one in shape.openings}
            released = {body.code: dice.choice(("lead", "all")) for body in shape.moving[:2]}
            county.does(
                "classes chosen", leader, set_classes, roll_over=row, school=school, new_classes=chosen,
                released=released,
            )  # fmt: skip
    return row


def open_again(county: Living) -> RollOver:
    """After a turn that was undone: what the schools said holds for the next."""
    return county.does("roll-over opened", office(county), open_roll_over, start_year=county.year)


def say(county: Living, dice: Dice, leader: Asker, row: RollOver, school: Body, pupil: Pupil) -> None:
    """One pupil repeats, leaves, or goes elsewhere."""
    with as_asker(leader):
        below = targets_of(read_shape(row, school.code, school.hi), pupil.class_)
    outcome = dice.choice((Outcome.RETAINED, Outcome.LEFT, Outcome.TRANSFERRED))
    if outcome == Outcome.RETAINED and not below:
        return
    said = Said(
        outcome, "家长申请", dice.choice(below) if outcome == Outcome.RETAINED else None,
        "兰州某校" if outcome == Outcome.TRANSFERRED else "",
    )  # fmt: skip
    county.does("exception", leader, set_exception, roll_over=row, student=pupil.id, said=said)


def ready(county: Living, row: RollOver) -> None:
    """The schools say that all is right; where a pupil has moved since, the line is taken back first."""
    dice = county.dice("ready")
    for school in county.bodies(BodyKind.SCHOOL):
        leader = county.who(SchoolLeader, school.code)
        if leader is not None and dice.chance(0.8):
            done = county.tries("school ready", leader, say_ready, roll_over=row, school=school, ready=True)
            if done is None:
                take_back_stale(county, leader, row, school)


def take_back_stale(county: Living, leader: Asker, row: RollOver, school: Body) -> None:
    """What a school said of pupils who are not where they were any more."""
    with as_asker(leader):
        lines = list(
            row.lines.filter(org=school.code).order_by("student_id").values_list("student_id", flat=True)
        )
    for student in lines:
        county.does("exception removed", leader, remove_exception, roll_over=row, student=student)


def turn(county: Living, row: RollOver) -> RollOver:
    """Preview, run, and the job."""
    by = office(county)
    with as_asker(by):
        row.refresh_from_db()
    row, found = county.does("roll-over previewed", by, preview_roll_over, roll_over=row)
    if found.blocks:
        for school in county.bodies(BodyKind.SCHOOL):
            take_back_all(county, row, school)
        row, found = county.does("roll-over previewed", by, preview_roll_over, roll_over=row)
    if found.blocks:
        raise Difference(county.day, "roll-over blocked", said="; ".join(one.text for one in found.blocks))
    _each_pupil_once(county, found)
    county.does("roll-over run", by, run_roll_over, roll_over=row)
    county.work()
    with as_asker(by):
        row.refresh_from_db()
    if row.state != RollOverState.DONE:
        raise Difference(county.day, "roll-over", state=row.state, said=row.message)
    county.posts_changed()
    return row


def take_back_all(county: Living, row: RollOver, school: Body) -> None:
    """The school takes back what does not fit any more, having said that all is right or not."""
    leader = county.who(SchoolLeader, school.code)
    if leader is not None:
        county.does("school not ready", leader, say_ready, roll_over=row, school=school, ready=False)
        take_back_stale(county, leader, row, school)


def _each_pupil_once(county: Living, found: object) -> None:
    sums = found.sums  # type: ignore[attr-defined]
    enrolled = sum(len(some) for some in county.pupils().values())
    if sum(sums.total.values()) != sums.enrolled or sums.enrolled > enrolled + 50:
        raise Difference(county.day, "each pupil in one outcome", expected=enrolled, found=sums.total)


def undo(county: Living, row: RollOver) -> None:
    """The office takes the whole turn back within its thirty days."""
    by = office(county)
    county.does("roll-over undone", by, undo_roll_over, roll_over=row)
    county.work()
    with as_asker(by):
        row.refresh_from_db()
    if row.state != RollOverState.UNDONE:
        raise Difference(county.day, "roll-over undone", state=row.state, said=row.message)
    county.posts_changed()


def staff_classes(county: Living, share: float = 0.97) -> None:
    """Every school has a leader, and (nearly) every class a teacher."""
    dice = county.dice("staffing")
    for school in county.bodies(BodyKind.SCHOOL):
        if county.who(SchoolLeader, school.code) is None:
            _give_leader(county, school)
        leader = county.who(SchoolLeader, school.code)
        if leader is None:
            continue
        free = _free(county, leader, school)
        for class_ in county.bodies(BodyKind.SCHOOL_CLASS, school):
            if county.who(ClassTeacher, class_.code) is None and free and dice.chance(share):
                county.does(
                    "class teacher appointed", leader, appoint, role=ClassTeacher.key, body=class_.code,
                    from_day=county.day, staff=free[0], id=county.new_id(dice),
                )  # fmt: skip
                free.append(free.pop(0))
    county.posts_changed()


def _give_leader(county: Living, school: Body) -> None:
    with as_system():
        staff = Staff.objects.filter(org=school.code, left_on=None).exclude(account=None)
        found = staff.order_by("staff_number").first()
    if found is not None:
        county.does(
            "leader appointed", office(county), appoint, role=SchoolLeader.key, body=school.code,
            from_day=county.day, staff=found.pk, id=county.new_id(county.dice(f"leader {school.code}")),
        )  # fmt: skip
        county.posts_changed()


def _free(county: Living, leader: Asker, school: Body) -> list[object]:
    """The school's people with an account, those who lead no class first."""
    with as_asker(leader):
        people = Staff.objects.filter(org=school.code, left_on=None).exclude(account=None)
        known = list(people.order_by("staff_number").values_list("pk", "account"))
        busy = set()
        for class_ in county.bodies(BodyKind.SCHOOL_CLASS, school):
            asker = county.who(ClassTeacher, class_.code)
            busy.add(asker.account_id if asker else None)
    return [pk for pk, account in sorted(known, key=lambda one: one[1] in busy)]


def new_children(county: Living, size: int) -> None:
    """One roster of the whole county: who begins, of them the children that were in a school below."""
    dice, rows = county.dice("new children"), []
    waiting = {
        stage: _graduates(county, stage) for stage in (Stage.KINDERGARTEN, Stage.PRIMARY, Stage.JUNIOR)
    }
    below = {Stage.PRIMARY: Stage.KINDERGARTEN, Stage.JUNIOR: Stage.PRIMARY, Stage.SENIOR: Stage.JUNIOR}
    known = county.pupils()
    for school in county.bodies(BodyKind.SCHOOL):
        for class_ in county.bodies(BodyKind.SCHOOL_CLASS, school):
            if class_.entry_year != county.year or known.get(class_.code):
                continue
            pool = waiting.get(below.get(Stage(class_.stage or 0), Stage.SPECIAL), [])
            for _ in range(max(2, size + dice.randrange(-3, 4))):
                back = pool.pop() if pool and dice.chance(GRADUATES_STAY) else None
                number, name = back or newcomer(county, dice)
                grade = Body(stage=class_.stage, entry_year=class_.entry_year).grade_name_on(county.year)
                rows.append([number, name, school.school_code, grade, f"{class_.number}班", "马家长", "父亲"])
    if rows:
        roster(county, office(county), rows)


def _graduates(county: Living, stage: Stage) -> list[tuple[str, str]]:
    """Who has just left the last class of the stage, by number and name."""
    with as_system():
        left = Enrolment.objects.filter(left_on__gte=date(county.year, 9, 1), leave_reason="毕业")
        back = Student.objects.filter(enrolments__left_on=None).values("pk")
        rows = left.exclude(student__in=back).select_related("student")
        found = {
            (row.student.student_number, row.student.name) for row in rows if row.org // 10**4 % 10 == stage
        }
    return sorted(found, reverse=True)


def roster(county: Living, by: Asker, rows: list[list[str]]) -> RosterImport:
    """Upload, check, decide for the file, import; with the worker's help."""
    data = workbook(rows, HEADERS)
    row = county.does(
        "roster uploaded", by, upload_roster, kind="students", filename="名册.xlsx", data=data, complete=False
    )
    county.work()
    with as_asker(by):
        row.refresh_from_db()
        RosterConflict.objects.filter(roster=row, decision="").update(**now_decided("file", by.account_id))
    if row.state != "ready":
        raise Difference(county.day, "roster", state=row.state, said=[row.message, row.faults[:3]])
    county.does("roster imported", by, import_roster, roster=row)
    county.work()
    with as_asker(by):
        row.refresh_from_db()
    if row.state != "imported":
        raise Difference(county.day, "roster", state=row.state, said=row.message)
    return row
