"""Pupils move: within a school, between schools, away, and into the county; on the day, or on one that lies ahead."""

from datetime import date, timedelta
from uuid import UUID

from django.db.models import Q

from history.county import Difference, Living, Pupil, days_from
from history.numbers import newcomer
from support.county import as_asker, as_system
from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.calendar import school_year_span
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import (
    Body,
    SecondPlace,
    SecondPlaceMode,
    Student,
    Transfer,
    TransferKind,
    TransferState,
)
from tongyu.directory.roles import ClassTeacher, SchoolLeader
from tongyu.directory.transfers.actions import (
    Wanted,
    begin_transfer,
    confirm_transfer,
    decline_transfer,
    withdraw_transfer,
)
from tongyu.directory.transfers.arriving import enrol_arrival
from tongyu.directory.transfers.second import add_second_place, end_second_place
from tongyu.records.demos import Dice


def a_day_of_moves(county: Living, many: int) -> None:
    """So many transfers are begun; what the schools were asked before is answered."""
    dice = county.dice("moves")
    answer(county, dice)
    pupils = county.pupils()
    taken = on_the_way()
    for _ in range(many):
        kind = dice.choices(("within", "between", "away", "arrival"), (4, 5, 1, 1.6))[0]
        class_ = dice.choice([code for code, some in pupils.items() if some])
        leader = county.who(SchoolLeader, codes.containing(class_, BodyKind.SCHOOL))
        pupil = dice.choice(pupils[class_])
        if leader is None:
            continue
        if kind == "arrival":
            arrive(county, dice, leader, class_)
        elif pupil.id not in taken:
            taken.add(pupil.id)
            BEGINNINGS[kind](county, dice, leader, pupil)


def on_the_way() -> set[UUID]:
    """Pupils with an open transfer."""
    with as_system():
        states = (TransferState.PROPOSED, TransferState.AGREED)
        return set(Transfer.objects.filter(state__in=states).values_list("student_id", flat=True))


def ahead(county: Living, dice: Dice, pupil: Pupil | None = None) -> date:
    """Today, or a day of this school year that lies ahead."""
    last = school_year_span(county.year).last_day
    wanted = days_from(county.day, dice.choice((0, 0, 0, 3, 10, 25)))
    return min(last, max(wanted, pupil.entered_on if pupil else county.day))


def within(county: Living, dice: Dice, leader: Asker, pupil: Pupil) -> None:
    """To the class next door; the school needs nobody else's word."""
    grade = codes.containing(pupil.class_, BodyKind.GRADE)
    with as_asker(leader):
        standing = Body.objects.standing_on(county.day).within(grade, grade + codes.WIDTH[BodyKind.GRADE])
        others = standing.filter(kind=BodyKind.SCHOOL_CLASS).exclude(code=pupil.class_).order_by("code")
        codes_ = list(others.values_list("code", flat=True))
    if not codes_:
        between(county, dice, leader, pupil)
        return
    wanted = Wanted(
        TransferKind.WITHIN, pupil.id, ahead(county, dice, pupil), "家长申请", to_class=dice.choice(codes_)
    )
    row = county.does("transfer within", leader, begin_transfer, id=county.new_id(dice), wanted=wanted)
    if row.state == TransferState.AGREED and dice.chance(0.2):
        county.does("transfer withdrawn", leader, withdraw_transfer, transfer=row.pk, reason="家长改变主意")


def between(county: Living, dice: Dice, leader: Asker, pupil: Pupil) -> None:
    """Proposed to another school that has the grade; where there is none, somebody leaves the county or comes."""
    classes = fitting(county, pupil.class_)
    if not classes and dice.chance(0.4):
        away(county, dice, leader, pupil)
        return
    if not classes:
        arrive(county, dice, leader, pupil.class_)
        return
    class_ = dice.choice(classes)
    wanted = Wanted(
        TransferKind.BETWEEN, pupil.id, ahead(county, dice, pupil), "搬家",
        to_school=codes.containing(class_, BodyKind.SCHOOL), wish=class_ if dice.chance(0.5) else None,
    )  # fmt: skip
    row = county.does("transfer between", leader, begin_transfer, id=county.new_id(dice), wanted=wanted)
    if dice.chance(0.5):
        answer_one(county, dice, row, leader)


def away(county: Living, dice: Dice, leader: Asker, pupil: Pupil) -> None:
    """Out of the county."""
    wanted = Wanted(
        TransferKind.AWAY, pupil.id, ahead(county, dice, pupil), "随父母外出", elsewhere="兰州市某学校"
    )
    county.does("transfer away", leader, begin_transfer, id=county.new_id(dice), wanted=wanted)


def arrive(county: Living, dice: Dice, leader: Asker, class_: int) -> None:
    """Somebody from outside: a new child, or one who was here before."""
    number, name = newcomer(county, dice)
    values = {
        "student_number": number,
        "name": name,
        "guardian1_name": "孔家长",
        "guardian1_relation": "母亲",
    }
    county.does(
        "arrival", leader, enrol_arrival, id=county.new_id(dice), to_class=class_,
        day=county.day, values=values, reason="父母回乡", elsewhere="外地",
    )  # fmt: skip


def answer(county: Living, dice: Dice) -> None:
    """The receiving schools answer most of what they were asked."""
    with as_system():
        waiting = list(Transfer.objects.filter(state=TransferState.PROPOSED).order_by("entered_at", "id"))
    for row in waiting:
        if dice.chance(0.7):
            leader = county.who(SchoolLeader, codes.containing(row.org, BodyKind.SCHOOL))
            answer_one(county, dice, row, leader)


def answer_one(county: Living, dice: Dice, row: Transfer, sender: Asker | None) -> None:
    """Confirmed into a class, or declined, or taken back before that."""
    taker = county.who(SchoolLeader, row.to_school or 0)
    classes = [] if taker is None else fitting(county, row.org, row.to_school)
    throw = dice.random()
    if taker is None or not classes or throw < 0.12:
        if taker is not None:
            county.does("transfer declined", taker, decline_transfer, transfer=row.pk, reason="班额已满")
    elif throw < 0.2 and sender is not None:
        county.does("transfer withdrawn", sender, withdraw_transfer, transfer=row.pk, reason="不转了")
    else:
        day = max(row.day, county.day) if dice.chance(0.5) else ahead(county, dice)
        # What stood open over a turn of the year may have become impossible.
        act = county.does if row.day in school_year_span(county.year) else county.tries
        done = act(
            "transfer confirmed", taker, confirm_transfer, transfer=row.pk, to_class=dice.choice(classes),
            day=day,
        )  # fmt: skip
        if done is not None and done.state == TransferState.DONE:
            rights_went_along(county, done, sender, taker)
        if done is None:
            county.does("transfer declined", taker, decline_transfer, transfer=row.pk, reason="请重新发起")


def rights_went_along(county: Living, row: Transfer, sender: Asker | None, taker: Asker) -> None:
    """From the day on the receiving school sees the pupil, and the old one does not."""
    for asker, expected in ((sender, False), (taker, True)):
        if asker is None:
            continue
        with as_asker(asker):
            seen = Student.objects.filter(pk=row.student_id).exists()
        if seen != expected:
            raise Difference(
                county.day, "rights after a transfer", place=asker.body_code, expected=expected, found=seen
            )


def fitting(county: Living, class_: int, school: int | None = None) -> list[int]:
    """Classes of other schools (or of that one) in the same grade of the same stage today."""
    with as_system():
        own = Body.objects.get(code=class_)
        home = codes.containing(class_, BodyKind.SCHOOL)
        found = Body.objects.standing_on(county.day).filter(
            kind=BodyKind.SCHOOL_CLASS, stage=own.stage, entry_year=own.entry_year
        )
        found = found.exclude(Q(code__gte=home) & Q(code__lt=codes.upper(home, BodyKind.SCHOOL)))
        if school is not None:
            found = found.filter(code__gte=school, code__lt=codes.upper(school, BodyKind.SCHOOL))
        return list(found.order_by("code").values_list("code", flat=True))


def second_places(county: Living, many: int) -> None:
    """Pupils who are also taught elsewhere: such a place begins, or ends; no figure changes by it."""
    dice = county.dice("second places")
    pupils = county.pupils()
    with as_system():
        open_ = list(SecondPlace.objects.filter(until_day=None).order_by("entered_at", "id"))
    for row in open_[:many]:
        leader = county.who(SchoolLeader, codes.containing(row.org, BodyKind.SCHOOL))
        if leader is not None and row.from_day <= county.day and dice.chance(0.5):
            county.does(
                "second place ended", leader, end_second_place, second_place=row.pk, until_day=county.day
            )
    known = {row.student_id for row in open_}
    for _ in range(many):
        class_ = dice.choice([code for code in pupils if county.who(ClassTeacher, code)])
        pupil, place = dice.choice(pupils[class_]), dice.choice(list(pupils))
        leader = county.who(SchoolLeader, codes.containing(class_, BodyKind.SCHOOL))
        if leader is None or place == class_ or pupil.id in known:
            continue
        known.add(pupil.id)
        county.does(
            "second place", leader, add_second_place, id=county.new_id(dice), student=pupil.id,
            mode=SecondPlaceMode.INCLUSIVE_CLASS, place=place,
            from_day=max(pupil.entered_on, county.day - timedelta(days=3)),
        )  # fmt: skip


BEGINNINGS = {"within": within, "between": between, "away": away}
