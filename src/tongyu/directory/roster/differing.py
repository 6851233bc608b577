"""The conflicts in a student plan, and the plan after they are decided."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from tongyu.directory.models import Choice, Guardian, Student
from tongyu.directory.roster.conflicts import Conflict, changed_by_hand, texts_of
from tongyu.directory.roster.pupils import AdultRow, PupilRow
from tongyu.directory.roster.roll import KnownAdult, KnownPupil
from tongyu.directory.roster.students import StudentPlan

SECRET = {"number_index": ("student_number", "number"), "id_index": ("id_number", "id_number")}
"""Encrypted values that are compared by their index: the column they stand in, and the file's own."""


def conflicts_in(plan: StudentPlan) -> list[Conflict]:
    """What a person must decide before the plan is written, in the order of the file."""
    hand = changed_by_hand(known.id for known, _pupil, _fields in plan.changed)
    found = [
        Conflict(pupil.row, known.org, known.name, known.id, name, *_values(known, pupil, name))
        for known, pupil, fields in plan.changed
        for name in sorted(fields)
        if (known.id, name) in hand and getattr(known, name, None) not in (None, "")
    ]
    found += [
        conflict
        for key, (adult, fields) in plan.changed_adults.items()
        for conflict in _of_adult(*plan.met_adults[key], adult, fields)
    ]
    _open(found)
    return sorted(found, key=lambda one: (one.row, one.field))


def _values(known: KnownPupil, pupil: PupilRow, name: str) -> tuple[str, str]:
    if name in SECRET:
        return "", str(getattr(pupil, SECRET[name][1]))
    return _text(getattr(known, name)), _text(getattr(pupil, name))


def _of_adult(known: KnownAdult, pupil: PupilRow, adult: AdultRow, fields: frozenset[str]) -> list[Conflict]:
    found = []
    place = (pupil.row, pupil.org, pupil.name, known.id)
    if "name" in fields:
        found.append(Conflict(*place, "guardian_name", known.name, adult.name))
    if "phone" in fields and known.phone_index:
        found.append(Conflict(*place, "guardian_phone", "", str(adult.phone)))
    return found


def _open(found: list[Conflict]) -> None:
    """Read what stands in encrypted columns, once for each column."""
    tables: list[tuple[str, type[Student] | type[Guardian], str]] = [
        (name, Student, column) for name, (column, _own) in SECRET.items()
    ]
    for name, table, column in [*tables, ("guardian_phone", Guardian, "phone")]:
        ones = [one for one in found if one.field == name]
        if ones:
            texts = texts_of(table, column, (one.subject for one in ones))
            for one in ones:
                one.stands = texts.get(one.subject, "")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(int(value))
    return "" if value is None else str(value)


def settle(plan: StudentPlan, choices: Mapping[tuple[UUID, str], str]) -> set[tuple[UUID, str]]:
    """Take out of the plan what is kept; returns the values of pupils that the file now says."""
    changed, written = [], set()
    moved_back: dict[UUID, int] = {}
    for known, pupil, fields in plan.changed:
        kept = {name for name in fields if choices.get((known.id, name)) == Choice.KEEP}
        if "org" in kept:
            pupil.org = moved_back[known.id] = known.org
        written |= {(known.id, name) for name in fields - kept}
        if fields - kept:
            changed.append((known, pupil, fields - kept))
    plan.changed = changed
    for tie in plan.ties:
        tie.org = moved_back.get(tie.student, tie.org)
    for key, (adult, names) in list(plan.changed_adults.items()):
        kept = {name for name in names if choices.get((key, f"guardian_{name}")) == Choice.KEEP}
        if names - kept:
            plan.changed_adults[key] = (adult, names - kept)
        else:
            del plan.changed_adults[key]
    return written
