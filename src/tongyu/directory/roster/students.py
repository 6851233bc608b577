"""What a student file would change on the roll."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.core.sheets.text import Fault
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models.people import Relation
from tongyu.directory.roster.changes import Summary, Table
from tongyu.directory.roster.places import Places
from tongyu.directory.roster.pupils import AdultRow, PupilRow, read_pupils
from tongyu.directory.roster.roll import KnownAdult, KnownPupil, Roll, load_adults, load_roll

FIELDS = (
    "name", "number_index", "id_index", "sex", "born_on", "disability", "left_behind", "single_parent", "address",
)  # fmt: skip
WORDS = {
    "name": gettext_lazy("姓名"),
    "number_index": gettext_lazy("学籍号"),
    "id_index": gettext_lazy("身份证件号"),
    "sex": gettext_lazy("性别"),
    "born_on": gettext_lazy("出生日期"),
    "disability": gettext_lazy("残疾类型"),
    "left_behind": gettext_lazy("留守"),
    "single_parent": gettext_lazy("单亲"),
    "address": gettext_lazy("住址"),
    "org": gettext_lazy("班级"),
    "enrolled": gettext_lazy("重新入校"),
    "guardians": gettext_lazy("监护人"),
}


@dataclass(slots=True)
class Tie:
    """A new guardianship."""

    student: UUID
    org: int
    guardian: UUID
    relation: str
    position: int


@dataclass
class StudentPlan:
    """Every row to write, as light as possible: a county has thirty thousand."""

    day: date
    places: Places
    pupils: list[PupilRow] = field(default_factory=list)
    """The sound rows of the file, and the schools it speaks of: kept from the check for the import."""
    schools: set[int] = field(default_factory=set)
    new: list[tuple[UUID, PupilRow]] = field(default_factory=list)
    changed: list[tuple[KnownPupil, PupilRow, frozenset[str]]] = field(default_factory=list)
    new_adults: list[tuple[UUID, int, AdultRow]] = field(default_factory=list)
    """(id, org of the child first named with the adult, row)"""
    changed_adults: dict[UUID, tuple[AdultRow, frozenset[str]]] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)
    changed_ties: list[tuple[UUID, UUID, str]] = field(default_factory=list)
    """(student, guardian, relation)"""
    met_adults: dict[UUID, tuple[KnownAdult, PupilRow]] = field(default_factory=dict)
    """Of guardians that change: how they stand, and the first pupil of the file whose row says so."""
    gone: list[KnownPupil] = field(default_factory=list)
    """On the roll of the file's schools and not in the file."""
    leaving: list[KnownPupil] = field(default_factory=list)
    """Whose time on the roll ends; by somebody's decision, never because a file does not name them."""
    classes_with_pupils: set[int] = field(default_factory=set)
    entry_reason: str = "名册导入"
    leave_reason: str = "离校"


Refuse = Callable[[int, str, Fault], None]
"""Takes the fault of a row (as numbered in Excel) at the column with that key."""


def plan_students(
    table: Table, asker: Asker, day: date, *, complete: bool, report: Callable[[int, int], None]
) -> tuple[StudentPlan, Summary]:
    """Compare the file with the roll. `complete` says that whoever is not in it is to be asked about."""
    places = Places.load(asker, day)
    total = len(table.sheet.rows)
    pupils, schools = read_pupils(table, places)
    report(total // 2, total)

    def refuse(row: int, key: str, found: Fault) -> None:
        table.findings.fault(row, table.place(key), found)

    # A pupil whose row has a fault is in the file all the same: who is missing is told once all rows are sound.
    judged = set() if table.findings.faults else schools
    plan, summary = compare_pupils(pupils, judged, places, asker, complete=complete, refuse=refuse)
    report(total, total)
    return plan, summary


def compare_pupils(
    pupils: list[PupilRow], schools: set[int], places: Places, asker: Asker, *, complete: bool, refuse: Refuse
) -> tuple[StudentPlan, Summary]:
    """Compare sound rows of a file with the roll as it stands now."""
    plan, summary = StudentPlan(places.day, places, pupils=pupils, schools=schools), Summary()
    ranges = [(min(schools), codes.upper(max(schools), BodyKind.SCHOOL))] if schools else []
    numbers = [pupil.number_index for pupil in pupils]
    ids = [pupil.id_index for pupil in pupils if pupil.id_index]
    roll = load_roll(ranges, numbers, ids, asker.lo, asker.hi)
    plan.classes_with_pupils = {known.org for known in roll.pupils.values() if known.enrolled}
    adults = Adults(plan, roll, pupils)
    named = set(numbers)
    met: set[UUID] = set()
    for pupil in pupils:
        known, wrong = _known(roll, pupil, named)
        if wrong:
            refuse(pupil.row, *wrong)
            continue
        if known:
            met.add(known.id)
        _compare(plan, summary, adults, pupil, known)
    plan.gone = [
        known
        for known in roll.pupils.values()
        if known.enrolled and known.id not in met and codes.containing(known.org, BodyKind.SCHOOL) in schools
    ]
    _count(plan, summary, complete)
    return plan, summary


def _known(
    roll: Roll, pupil: PupilRow, named: set[bytes]
) -> tuple[KnownPupil | None, tuple[str, Fault] | None]:
    """The pupil on the roll: by student number, else by identity number; by nothing else, for twins are two."""
    known = roll.by_number.get(pupil.number_index)
    same_id = roll.by_id.get(pupil.id_index) if pupil.id_index else None
    if not (known and known.enrolled) and pupil.number_index in roll.numbers_elsewhere:
        text = _("这个学籍号已在别的学校登记，转学请由那所学校在“转学”里办理。")
        return None, ("student_number", Fault("enrolled_elsewhere", text))
    if pupil.id_index in roll.ids_elsewhere:
        text = _("这个身份证件号已在别的学校登记，转学请由那所学校在“转学”里办理。")
        return None, ("id_number", Fault("enrolled_elsewhere", text))
    if same_id and same_id is not known and (known is not None or same_id.number_index in named):
        text = _("这个身份证件号已登记在另一个学籍号下，请核对。")
        return None, ("id_number", Fault("id_of_another", text))
    return known or same_id, None


def _compare(
    plan: StudentPlan, summary: Summary, adults: "Adults", pupil: PupilRow, known: KnownPupil | None
) -> None:
    if known is None:
        key = uuid7()
        plan.new.append((key, pupil))
        adults.take(key, pupil, [])
        summary.example("new", pupil.row, pupil.name, str(pupil.org))
        return
    changed = {
        name
        for name in FIELDS
        if (value := getattr(pupil, name)) is not None and value != getattr(known, name)
    }
    if pupil.org != known.org:
        changed.add("org")
    if not known.enrolled:
        changed.add("enrolled")
    if changed:
        plan.changed.append((known, pupil, frozenset(changed)))
    if adults.take(known.id, pupil, known.adults):
        changed.add("guardians")
    if changed:
        words = "、".join(str(word) for key, word in WORDS.items() if key in changed)
        summary.example("changed", pupil.row, pupil.name, str(pupil.org), words)
    kind = "changed" if changed else "unchanged"
    summary.counts[kind] = summary.counts.get(kind, 0) + 1


def _count(plan: StudentPlan, summary: Summary, complete: bool) -> None:
    if complete:
        for known in plan.gone:
            summary.example("missing", 0, known.name, str(known.org))
    summary.counts = {
        "new": len(plan.new),
        "changed": summary.counts.get("changed", 0),
        "unchanged": summary.counts.get("unchanged", 0),
        "missing": len(plan.gone) if complete else 0,
        "absent": 0 if complete else len(plan.gone),
        "guardians_new": len(plan.new_adults),
        "guardians_changed": len(
            plan.changed_adults.keys() | {guardian for _s, guardian, _r in plan.changed_ties}
        ),
        "ties_new": len(plan.ties),
        "classes_new": sum(1 for body in plan.places.new.values() if body.kind == BodyKind.SCHOOL_CLASS),
    }


class Adults:
    """Guardians of the file: recognised, shared between brothers and sisters, never dropped."""

    def __init__(self, plan: StudentPlan, roll: Roll, pupils: list[PupilRow]) -> None:
        self.plan = plan
        ids = [adult.id_index for pupil in pupils for adult in pupil.adults if adult.id_index]
        phones = [adult.phone_index for pupil in pupils for adult in pupil.adults if adult.phone_index]
        load_adults(roll, ids, phones)
        self.by_id = {adult.id_index: adult.id for adult in roll.adults.values() if adult.id_index}
        self.by_phone = {
            (adult.name, adult.phone_index): adult.id for adult in roll.adults.values() if adult.phone_index
        }

    def take(self, student: UUID, pupil: PupilRow, known: list[KnownAdult]) -> bool:
        """Plan the guardians of one row; True when anything changes for a pupil on the roll."""
        changed = False
        left = list(known)
        tied = {adult.id for adult in known}
        for adult in pupil.adults:
            match = _match(adult, left) if left else None
            if match:
                left.remove(match)
                changed |= self._change(student, match, adult, pupil)
                continue
            key = self._find(adult)
            if key is None:
                key = self._new(adult, pupil.org)
            if key in tied:
                continue
            tied.add(key)
            position = max([adult.position, *(one.position + 1 for one in known)])
            self.plan.ties.append(Tie(student, pupil.org, key, adult.relation, position))
            changed = True
        return changed

    def _find(self, adult: AdultRow) -> UUID | None:
        if adult.id_index and (found := self.by_id.get(adult.id_index)):
            return found
        return self.by_phone.get((adult.name, adult.phone_index)) if adult.phone_index else None

    def _new(self, adult: AdultRow, org: int) -> UUID:
        key = uuid7()
        self.plan.new_adults.append((key, org, adult))
        if adult.id_index:
            self.by_id[adult.id_index] = key
        if adult.phone_index:
            self.by_phone[adult.name, adult.phone_index] = key
        return key

    def _change(self, student: UUID, known: KnownAdult, adult: AdultRow, pupil: PupilRow) -> bool:
        fields: set[str] = set()
        if adult.name != known.name:
            fields.add("name")
        if adult.phone_index and adult.phone_index != known.phone_index:
            fields.add("phone")
        if adult.id_index and adult.id_index != known.id_index:
            fields.add("id_number")
        if fields:
            self.plan.changed_adults.setdefault(known.id, (adult, frozenset(fields)))
            self.plan.met_adults.setdefault(known.id, (known, pupil))
        if adult.relation not in {Relation.OTHER, known.relation}:
            self.plan.changed_ties.append((student, known.id, adult.relation))
            return True
        return bool(fields)


def _match(adult: AdultRow, known: list[KnownAdult]) -> KnownAdult | None:
    """The guardian already tied to this child: by identity number, by name and telephone, by name."""
    tests: tuple[Callable[[Any], bool], ...] = (
        lambda one: bool(adult.id_index and one.id_index == adult.id_index),
        lambda one: bool(
            adult.phone_index and one.name == adult.name and one.phone_index == adult.phone_index
        ),
        lambda one: bool(one.name == adult.name and not (adult.id_index and one.id_index)),
    )
    return next((one for test in tests for one in known if test(one)), None)


def by_fields(plan: StudentPlan) -> dict[frozenset[str], list[tuple[KnownPupil, PupilRow]]]:
    """Changed pupils grouped by what changes, so that each group is one UPDATE."""
    groups: dict[frozenset[str], list[tuple[KnownPupil, PupilRow]]] = defaultdict(list)
    for known, pupil, fields in plan.changed:
        if written := fields - {"enrolled"}:
            groups[written].append((known, pupil))
    return groups
