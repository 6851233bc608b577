"""What a class teacher sees first: who is still to be served, by name, and what happened today.

Works for every obligation that a class teacher owes to each pupil, whatever its kind of record.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.periods import Span
from tongyu.directory.calendar import Calendar
from tongyu.directory.models import SecondPlaceMode, TransferKind
from tongyu.directory.queries import ClassMate
from tongyu.directory.transfers.queries import Coming, coming_and_going
from tongyu.directory.transfers.second import guests
from tongyu.duties.periods import Period
from tongyu.duties.queries import Owed
from tongyu.duties.states import DONE, DUE, OPEN
from tongyu.plan.rules import ObligationRule
from tongyu.records.facts import Happened, happened_on
from tongyu.records.kinds import kinds
from tongyu.shell.addresses import address, numbered
from tongyu.shell.formatting import short_day
from tongyu.shell.rows import Line

FAMILY = "family"
"""The bearer of what families do."""
SHOWN = 8
"""Names shown before 看全部."""
SAME = 3
"""How many records of one kind and category stand line by line."""


@dataclass(frozen=True)
class PupilDuty:
    """One obligation to each pupil of the class: how far it is, and who is left."""

    title: str
    href: str
    counts: Mapping[str, int]
    expected: int
    owed: list[Line]

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
    def first(self) -> list[Line]:
        """The names shown at once."""
        return self.owed[:SHOWN]

    @property
    def rest(self) -> list[Line]:
        """The names folded away."""
        return self.owed[SHOWN:]


def in_order(rows: Iterable[Owed], rules: Sequence[ObligationRule]) -> list[tuple[Owed, ObligationRule]]:
    """The standings of the plan in force, each with its rule, in the order of the paper.

    What families do of their own accord stands at the class too, and is no duty of its teacher's.
    """
    places = {rule.pk: place for place, rule in enumerate(rules) if FAMILY not in rule.bearer}
    known = sorted(
        (row for row in rows if row.obligation_id in places),
        key=lambda row: (places[row.obligation_id], row.start_on, row.id),
    )
    return [(row, rules[places[row.obligation_id]]) for row in known]


def pupil_duties(
    rows: Iterable[tuple[Owed, ObligationRule]], pupils: Sequence[ClassMate], calendar: Calendar, on: date
) -> list[PupilDuty]:
    """The duties to each pupil that run on the day, the pupils still owed in the order of the class list."""
    running: dict[int, list[Owed]] = {}
    named: dict[int, ObligationRule] = {}
    for row, rule in rows:
        if row.subject is not None and row.start_on <= on < row.end_on:
            running.setdefault(rule.pk, []).append(row)
            named[rule.pk] = rule
    return [_pupil_duty(named[key], found, pupils, calendar, on) for key, found in running.items()]


def class_duties(rows: Iterable[tuple[Owed, ObligationRule]], on: date) -> list[Line]:
    """The duties of the class itself that are open on the day."""
    standing = numbered("duty_board:standing")
    why = _("%(done)d / %(needed)d · %(due)s 前")
    return [
        Line(
            rule.title,
            standing(row.id),
            why % {"done": row.done, "needed": row.needed, "due": row.due_on},
            state=row.state,
        )
        for row, rule in rows
        if row.subject is None and row.state in OPEN and row.start_on <= on
    ]


def today_records(asker: Asker, today: date) -> list[Line]:
    """What was recorded in the class today, of the kinds that the asker's role records; what is many is one line."""
    writable = [kind.key for kind in kinds if asker.role in kind.write.roles]
    alike: dict[tuple[str, str], list[Happened]] = {}
    for one in happened_on(today, asker.lo, asker.hi, writable):
        alike.setdefault((one.kind, one.category), []).append(one)
    return [line for same in alike.values() for line in _records(same)]


def movers(asker: Asker) -> list[Line]:
    """The pupils who are to leave the class, and those who are to come."""
    return [_mover(one) for one in coming_and_going(asker)]


def visitors(asker: Asker, on: date) -> list[Line]:
    """Pupils of other classes who are taught here too; they count in their own."""
    href = address("transfers:second_places")
    return [
        Line(one.name, href, str(SecondPlaceMode(one.mode).label), face=True) for one in guests(asker, on)
    ]


def _mover(one: Coming) -> Line:
    day = short_day(one.day)
    if not one.leaves:
        text = _("%(day)s起到本班") % {"day": day}
    elif one.kind == TransferKind.WITHIN:
        text = _("%(day)s起调到别的班") % {"day": day}
    elif one.agreed:
        text = _("%(day)s起转走") % {"day": day}
    else:
        text = _("%(day)s起转走，等接收学校确认") % {"day": day}
    return Line(one.name, reverse("transfers:detail", args=[one.id]), text, face=True)


def _pupil_duty(
    rule: ObligationRule, rows: Sequence[Owed], pupils: Sequence[ClassMate], calendar: Calendar, on: date
) -> PupilDuty:
    href, form = reverse("duty_board:obligation", args=[rule.id]), _form(rule)
    still = {row.subject for row in rows if row.state in OPEN}
    return PupilDuty(
        title=rule.title,
        href=href,
        counts=Counter(row.state for row in rows),
        expected=_expected(rows, calendar, on),
        owed=[
            Line(pupil.name, f"{form}?student={pupil.id}" if form else href, _marks(pupil), face=True)
            for pupil in pupils
            if pupil.id in still
        ],
    )


def _expected(rows: Sequence[Owed], calendar: Calendar, on: date) -> int:
    """How many should be done before the day, spread evenly over the school days of their period."""
    due = [row for row in rows if row.state in DUE]
    if not due:
        return 0
    start, end = due[-1].start_on, due[-1].end_on
    days = calendar.school_days(Span(start, end))
    window = Period("", start, end, None, days, calendar)
    return sum(row.needed for row in due) * window.elapsed(on) // days if days else 0


def _form(rule: ObligationRule) -> str:
    """The form of the first kind of record that counts, or nothing."""
    urls = (kinds.get(key).new_url for key in rule.kinds if key in kinds)
    return next((address(url) for url in urls if url), "")


def _marks(pupil: ClassMate) -> str:
    marks = [_("留守")] if pupil.left_behind else []
    if pupil.single_parent:
        marks.append(_("单亲"))
    return " · ".join(marks)


def _records(same: Sequence[Happened]) -> list[Line]:
    """A line each for up to three that read the same; one line that leads to their list for more."""
    lines = [_record(one) for one in same]
    if len(lines) <= SAME:
        return lines
    href = address(kinds.get(same[0].kind).list_url)
    text = _("%(what)s · %(n)d 条") % {"what": lines[0].text, "n": len(lines)}
    return [Line(lines[0].title, href, text, lines[0].icon)]


def _record(one: Happened) -> Line:
    kind = kinds.get(one.kind)
    category = kind.where.get("category")
    what = category.values.get(one.category, "") if category else ""
    return Line(kind.label, one.source_url, what, kind.icon)
