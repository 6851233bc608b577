"""Believable talks: next week some schools receive families, and a part of the times is booked."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from tongyu.core.bulk import insert_rows
from tongyu.directory.models import Relation
from tongyu.records.demos import CHINA, DemoClass, DemoCounty, DemoSchool, DemoStaff, Dice, demo
from tongyu.workbenches.gatherings.talks.models import Booking, TalkClass, TalkDay, TalkDesk, TalkSlot
from tongyu.workbenches.gatherings.talks.rules import cut

MOST_TEACHERS = 4


class Diary:
    """The rows of all schools while they are made."""

    def __init__(self) -> None:
        self.days: list[TalkDay] = []
        self.desks: list[TalkDesk] = []
        self.classes: list[TalkClass] = []
        self.slots: list[TalkSlot] = []
        self.bookings: list[Booking] = []
        self.taken: set[tuple[UUID, datetime]] = set()
        """One guardian is not at two talks at once."""


def write(county: DemoCounty) -> int:
    """An afternoon of talks at every third school; returns how many rows."""
    dice, diary = county.dice("talks"), Diary()
    for number, school in enumerate(county.schools):
        leader = school.leader_on(county.day)
        teaching = [
            (class_, teacher)
            for class_ in school.classes
            if class_.stands_on(county.day)
            and (teacher := class_.teacher_on(county.day))
            and teacher.account_id
        ]
        if number % 3 == 0 and leader is not None and school.stands_on(county.day) and teaching:
            _afternoon(diary, dice, school, leader, teaching[:MOST_TEACHERS], county.day)
    rows = (diary.days, diary.desks, diary.classes, diary.slots, diary.bookings)
    return sum(insert_rows(each) for each in rows)


def _afternoon(
    diary: Diary, dice: Dice, school: DemoSchool, leader: DemoStaff,
    teaching: list[tuple[DemoClass, DemoStaff]], today: date,
) -> None:  # fmt: skip
    made = datetime.combine(today - timedelta(days=2), time(10), CHINA)
    on = today + timedelta(days=dice.randint(5, 9))
    where = {"org": school.code, "lo": school.code, "hi": school.hi}
    day = TalkDay(
        id=dice.uuid7(made),
        **where,
        title="期中家长面谈",
        day=on,
        closes_at=datetime.combine(on - timedelta(days=1), time(20), CHINA),
        place="各班教室",
        made_at=made,
        by_account=leader.account_id or 0,
        by_role=leader.role,
    )
    diary.days.append(day)
    seen = set()
    for class_, teacher in teaching:
        if teacher.id in seen:
            continue
        seen.add(teacher.id)
        desk = TalkDesk(
            id=dice.uuid7(made),
            day=day,
            **where,
            staff_id=teacher.id,
            staff_account=teacher.account_id,
            name=teacher.name,
            room=class_.name,
        )
        diary.desks.append(desk)
        diary.classes.append(
            TalkClass(id=dice.uuid7(made), desk=desk, org=school.code, lo=class_.code, hi=class_.code + 1)
        )
        _times(diary, dice, desk, class_, on, made)


def _times(diary: Diary, dice: Dice, desk: TalkDesk, class_: DemoClass, on: date, made: datetime) -> None:
    """Ten minutes each; about a third is booked, one in twelve the teacher keeps free."""
    pupils = [pupil for pupil in class_.pupils if pupil.guardians and pupil.now_in == class_.code]
    busy = set()
    for starts, ends in cut(on, time(15), time(17), 10, 0):
        slot = TalkSlot(
            id=dice.uuid7(made),
            desk=desk,
            org=desk.org,
            lo=desk.lo,
            hi=desk.hi,
            staff_id=desk.staff_id,
            staff_account=desk.staff_account,
            starts_at=starts,
            ends_at=ends,
            blocked=dice.chance(0.08),
        )
        diary.slots.append(slot)
        pupil = dice.choice(pupils) if pupils else None
        if pupil is None or slot.blocked or pupil.id in busy or not dice.chance(0.35):
            continue
        busy.add(pupil.id)
        guardian = pupil.guardians[0]
        if (guardian.id, starts) in diary.taken:
            continue
        diary.taken.add((guardian.id, starts))
        slot.booked = True
        diary.bookings.append(
            Booking(
                id=dice.uuid7(made),
                slot=slot,
                desk=desk,
                org=class_.code,
                staff_account=desk.staff_account,
                student_id=pupil.id,
                guardian_id=guardian.id,
                name=pupil.name,
                who=f"{guardian.name}（{Relation(guardian.relation).label}）",
                starts_at=starts,
                ends_at=ends,
                booked_at=made,
                by_account=desk.staff_account or 0,
            )
        )


demo("talks", 45, write)
