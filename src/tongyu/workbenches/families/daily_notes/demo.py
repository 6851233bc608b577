"""Believable daily notes: once a month or so about most children, more praise than anything else."""

from datetime import date, datetime, timedelta

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import DemoClass, DemoCounty, DemoPupil, DemoStaff, Dice, demo, signed
from tongyu.workbenches.families.daily_notes.models import STARTERS, Category, DailyNote

BY_SUBJECT_TEACHER, AGAIN = 0.2, 0.15
WEIGHTS = {Category.PRAISE: 6.0, Category.LEARNING: 4.0, Category.REMINDER: 0.8}


def write(county: DemoCounty) -> int:
    """Notes of every class in the months of the terms that have begun; returns how many."""
    dice = county.dice("daily_notes")
    written = 0
    for start, end in county.terms():
        for days in _months(county.school_days(start, end)):
            notes: list[DailyNote] = []
            for school, class_ in county.classes():
                zeal = min(0.99, max(0.15, dice.gauss(0.35 + 0.6 * school.diligence, 0.1)))
                notes += _class_notes(county, dice, class_, days, zeal)
            written += insert_rows(notes)
    return written


def _months(days: list[date]) -> list[list[date]]:
    """The school days by month."""
    found: dict[tuple[int, int], list[date]] = {}
    for day in days:
        found.setdefault((day.year, day.month), []).append(day)
    return list(found.values())


def _class_notes(
    county: DemoCounty, dice: Dice, class_: DemoClass, days: list[date], zeal: float
) -> list[DailyNote]:
    """The notes of one class in one month: some with one tap for many, so days and lines repeat."""
    rounds = [(dice.choice(days), *_line(dice)) for _ in range(5)]
    found = []
    for pupil in class_.pupils:
        times = int(dice.chance(zeal)) and 1 + int(dice.chance(AGAIN))
        for _ in range(times):
            day, category, line = dice.choice(rounds)
            teacher = _teacher(dice, class_, day)
            if teacher and pupil.enrolled_on(day) and class_.stands_on(day):
                found.append(_note(county, dice, class_, pupil, teacher, day, category, line))
    return found


def _teacher(dice: Dice, class_: DemoClass, day: date) -> DemoStaff | None:
    serving = [one for one in class_.subject_teachers if one.serves_on(day)]
    if serving and dice.chance(BY_SUBJECT_TEACHER):
        return dice.choice(serving)
    return class_.teacher_on(day)


def _line(dice: Dice) -> tuple[Category, str]:
    category = dice.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    return category, dice.choice(STARTERS[category])


def _note(
    county: DemoCounty,
    dice: Dice,
    class_: DemoClass,
    pupil: DemoPupil,
    teacher: DemoStaff,
    day: date,
    category: Category,
    line: str,
) -> DailyNote:
    entered = dice.moment(day, 16, 20)
    latest = datetime(county.day.year, county.day.month, county.day.day, 21, 30, tzinfo=entered.tzinfo)
    entered = min(entered, latest)
    note = DailyNote(
        id=dice.uuid7(entered),
        batch=dice.uuid7(entered),
        enrolment_id=pupil.enrolment_id,
        student_id=pupil.id,
        place=pupil.now_in,
        occurred_on=day,
        category=category,
        line=line,
    )
    signed(note, teacher, class_.code, entered, min(entered + timedelta(minutes=1), latest))
    return note


demo("daily_notes", 22, write)
