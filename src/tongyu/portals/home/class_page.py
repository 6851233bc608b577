"""What a class teacher sees first: who is still to be served, by name, and what happened today.

Works for every obligation that a class teacher owes to each pupil, whatever its kind of record.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.periods import Span
from tongyu.directory.calendar import Calendar
from tongyu.directory.models import Student
from tongyu.duties.models import Standing
from tongyu.duties.periods import Period
from tongyu.duties.states import DONE, DUE, OPEN
from tongyu.plan.models import Obligation
from tongyu.records.facts import facts_on
from tongyu.records.kinds import Kind, kinds

SHOWN = 8
"""Names shown before 看全部."""


@dataclass(frozen=True)
class Pupil:
    """A pupil still to be served, and the page where it is recorded."""

    name: str
    note: str
    state: str
    href: str
    sort_key: str


@dataclass
class PupilDuty:
    """One obligation to each pupil of the class: how far it is, and who is left."""

    title: str
    href: str
    counts: dict[str, int] = field(default_factory=dict)
    expected: int = 0
    owed: list[Pupil] = field(default_factory=list)

    @property
    def done(self) -> int:
        """Pupils served."""
        return sum(self.counts.get(state, 0) for state in DONE)

    @property
    def of(self) -> int:
        """Pupils to be served."""
        return sum(self.counts.get(state, 0) for state in DUE)

    @property
    def behind(self) -> int:
        """How many are missing today for the pace; never negative."""
        return max(0, self.expected - self.done)

    @property
    def first(self) -> list[Pupil]:
        """The names shown at once."""
        return self.owed[:SHOWN]

    @property
    def more(self) -> int:
        """How many names are left out."""
        return max(0, len(self.owed) - SHOWN)


@dataclass(frozen=True)
class Happened:
    """One record of today, as a line."""

    label: str
    what: str
    href: str
    icon: str


def pupils_of_class(asker: Asker) -> QuerySet[Student]:
    """The class list: names and marks, nothing that is encrypted."""
    rows = Student.objects.filter(org=asker.body_code)
    return rows.only("id", "org", "name", "name_key", "left_behind", "single_parent")


def standings_of_class(asker: Asker) -> list[Standing]:
    """The standings of the class itself and of its pupils, each with its obligation, in the order of the paper."""
    rows = list(Standing.objects.filter(org=asker.body_code).defer("detail"))
    obligations = Obligation.objects.in_bulk({row.obligation_id for row in rows})
    for row in rows:
        row.obligation = obligations[row.obligation_id]
    return sorted(rows, key=lambda row: (row.obligation.order, row.start_on))


def pupil_duties(
    rows: Iterable[Standing], pupils: dict[UUID, Student], calendar: Calendar, today: date
) -> list[PupilDuty]:
    """The duties to each pupil that run today, the pupils still owed in the order of the class list."""
    found: dict[int, PupilDuty] = {}
    needed: dict[int, int] = {}
    windows: dict[int, Period] = {}
    for row in rows:
        if row.subject is None or not row.start_on <= today < row.end_on:
            continue
        duty = found.setdefault(row.obligation_id, _duty(row.obligation))
        duty.counts[row.state] = duty.counts.get(row.state, 0) + 1
        if row.state in DUE:
            needed[row.obligation_id] = needed.get(row.obligation_id, 0) + row.needed
            windows[row.obligation_id] = _window(row, calendar)
        pupil = pupils.get(row.subject)
        if row.state in OPEN and pupil is not None:
            duty.owed.append(_pupil(row, pupil))
    for key, window in windows.items():
        days = window.school_days
        found[key].expected = needed[key] * window.elapsed(today) // days if days else 0
    for duty in found.values():
        duty.owed.sort(key=lambda pupil: pupil.sort_key)
    return list(found.values())


def class_duties(rows: Iterable[Standing], today: date) -> list[dict[str, Any]]:
    """The duties of the class itself that are open today."""
    return [
        {
            "title": row.obligation.title,
            "state": row.state,
            "why": _("%(done)d / %(needed)d · %(due)s 前")
            % {"done": row.count, "needed": row.needed, "due": row.due_on},
            "href": reverse("duty_board:standing", args=[row.pk]),
        }
        for row in rows
        if row.subject is None and row.state in OPEN and row.start_on <= today
    ]


def today_records(asker: Asker, today: date) -> list[Happened]:
    """What was recorded in the class today, of the kinds that the asker's role records."""
    writable = [kind.key for kind in kinds if asker.role in kind.write.roles]
    rows = facts_on(today, asker.lo, asker.hi, writable)
    return [_happened(kinds.get(row.kind), row.category, row.source_url) for row in rows]


def _window(row: Standing, calendar: Calendar) -> Period:
    span = Span(row.start_on, row.end_on)
    return Period(row.period_key, row.start_on, row.end_on, None, calendar.school_days(span), calendar)


def _pupil(row: Standing, pupil: Student) -> Pupil:
    return Pupil(
        pupil.name, _marks(pupil), row.state, _new(row.obligation, pupil), pupil.name_key or pupil.name
    )


def _duty(obligation: Obligation) -> PupilDuty:
    return PupilDuty(obligation.title, reverse("duty_board:obligation", args=[obligation.key]))


def _new(obligation: Obligation, pupil: Student) -> str:
    """The form of the first kind of record that counts, with the pupil filled in."""
    for counted in obligation.rule["counts"]:
        if counted["kind"] in kinds and kinds.get(counted["kind"]).new_url:
            return f"{reverse(kinds.get(counted['kind']).new_url)}?student={pupil.pk}"
    return reverse("duty_board:obligation", args=[obligation.key])


def _marks(pupil: Student) -> str:
    marks = [_("留守")] if pupil.left_behind else []
    if pupil.single_parent:
        marks.append(_("单亲"))
    return " · ".join(marks)


def _happened(kind: Kind, category: str, url: str) -> Happened:
    field_ = kind.where.get("category")
    what = field_.values.get(category, "") if field_ else ""
    return Happened(str(kind.label), str(what), url, kind.icon)
