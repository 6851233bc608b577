"""Believable family life: some families keep a diary, fewer have an agreement, some parents who are away call."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import DemoCounty, DemoGuardian, DemoPupil, Dice, demo
from tongyu.workbenches.families.family_life.models import (
    SUGGESTIONS,
    ActivityKind,
    AgreementKind,
    AgreementText,
    DiaryLine,
    FamilyActivity,
    FamilyAgreement,
    FamilyContact,
)

KEEPS_DIARY, AGREES, SHOWS, CALLS = 0.1, 0.08, 0.4, 0.6
LINES: dict[str, tuple[str, ...]] = {
    ActivityKind.PARENT_CHILD: ("一起包了饺子", "下了三盘棋", "睡前聊了半小时"),
    ActivityKind.OUTDOOR: ("去黄河边走了走", "爬了屋后的山", "看了炳灵寺石窟"),
    ActivityKind.LIFE_SKILL: ("自己洗了袜子", "学会炒鸡蛋", "整理了书桌"),
    ActivityKind.LEARNING: ("一起读了两章书", "听了一节家长课", "背会三首古诗"),
}


def write(county: DemoCounty) -> int:
    """Diaries, agreements and calls of the current term; returns how many."""
    dice = county.dice("family_life")
    start = county.terms()[-1][0]
    days = [start + timedelta(days=n) for n in range(7, (county.day - start).days + 1)]
    rows: dict[type, list[Any]] = {}
    for _school, class_ in county.classes():
        for pupil in class_.pupils:
            for row in _of_pupil(dice, pupil, days) if days else ():
                rows.setdefault(type(row), []).append(row)
    for model in (FamilyActivity, FamilyAgreement, FamilyContact, DiaryLine, AgreementText):
        insert_rows(rows.get(model, []))
    return sum(len(rows.get(model, [])) for model in (FamilyActivity, FamilyAgreement, FamilyContact))


def _of_pupil(dice: Dice, pupil: DemoPupil, days: list[date]) -> Iterator[Any]:
    writer = next((one for one in pupil.guardians if one.account_id), None)
    if writer is not None and dice.chance(KEEPS_DIARY):
        for _time in range(dice.randrange(1, 5)):
            yield from _activity(dice, pupil, writer, dice.choice(days))
    if writer is not None and dice.chance(AGREES):
        yield from _agreement(dice, pupil, writer, dice.choice(days))
    away = next((one for one in pupil.guardians if one.account_id and not one.lives_together), None)
    if pupil.left_behind and away is not None and away.relation in ("father", "mother"):
        for day in {day.replace(day=min(day.day, 20)) for day in (days[0], days[-1]) if dice.chance(CALLS)}:
            if day in days and pupil.enrolled_on(day):
                yield _signed(dice, FamilyContact(), pupil, away, day)


def _activity(dice: Dice, pupil: DemoPupil, writer: DemoGuardian, day: date) -> Iterator[Any]:
    if not pupil.enrolled_on(day):
        return
    kind = dice.choice(ActivityKind.values)
    activity = _signed(dice, FamilyActivity(kind=kind), pupil, writer, day)
    yield activity
    if dice.chance(0.7):
        yield DiaryLine(
            activity_id=activity.pk, by_account=writer.account_id or 0, line=dice.choice(LINES[kind])
        )


def _agreement(dice: Dice, pupil: DemoPupil, writer: DemoGuardian, day: date) -> Iterator[Any]:
    if not pupil.enrolled_on(day):
        return
    agreement = _signed(dice, FamilyAgreement(kind=AgreementKind.DEVICE_USE), pupil, writer, day)
    yield agreement
    yield AgreementText(
        agreement_id=agreement.pk,
        org=pupil.org,
        by_account=writer.account_id or 0,
        shared=dice.chance(SHOWS),
        rules_text="\n".join(dice.sample(SUGGESTIONS, 4)),
        child_signed=pupil.name,
        parent_signed=writer.name,
    )


def _signed(dice: Dice, record: Any, pupil: DemoPupil, writer: DemoGuardian, day: date) -> Any:
    """Names, place and times under a record of the family."""
    record.entered_at = record.received_at = dice.moment(day, 18, 21)
    record.id = dice.uuid7(record.entered_at)
    record.org, record.place, record.student_id = pupil.org, pupil.now_in, pupil.id
    record.by_role, record.by_account, record.occurred_on = "guardian", writer.account_id, day
    return record


demo("family_life", 26, write)
