"""A figure as the boards show it: one obligation in one window, at one place (a rate) or for one unit (a duty)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import DepartmentStaff
from tongyu.duties import engine as engines
from tongyu.duties import periods, states
from tongyu.duties.concerns import concerns
from tongyu.duties.queries import Unit, standings_of, unit_of
from tongyu.duties.queries.lists import UNIT, units
from tongyu.duties.queries.rates import SUMS
from tongyu.duties.queries.scope import Range, county_of
from tongyu.duties.telling import short_reason
from tongyu.plan import queries as plan_queries
from tongyu.plan.models import Obligation
from tongyu.plan.rules import ObligationRule
from tongyu.shell.formatting import count, percent
from tongyu.shell.states import BY_KEY

COUNTS = f"""
SELECT {SUMS} FROM duties_tally t WHERE t.obligation_id = %s AND t.period_key = %s
AND ((t.place >= %s AND t.place < %s) OR (t.bearer >= %s AND t.bearer < %s))
"""


@dataclass(frozen=True)
class Figure:
    """What is shown at one place. `unit` is set for a single duty; then the counts hold this one."""

    obligation: Obligation
    window: str
    place: int
    hi: int
    name: str
    counts: dict[str, int]
    unit: Unit | None = None

    @property
    def org(self) -> int:
        """The place, under the name that rules read on every row."""
        return self.place

    @property
    def bearer(self) -> int | None:
        """Who owes the single duty; a rate has many bearers."""
        return self.unit.bearer_org if self.unit else None

    @property
    def subject(self) -> UUID | None:
        """The pupil whom the single duty is about."""
        return self.unit.subject if self.unit else None

    @property
    def text(self) -> str:
        """The figure in words."""
        if self.unit:
            return f"{BY_KEY[self.unit.state].label}，{short_reason(self.unit)}"
        return told(self.counts)


def told(counts: dict[str, int]) -> str:
    """71%（已完成 5 / 应完成 7）, and what is lifted or not due beside it."""
    due = sum(counts.get(state, 0) for state in states.DUE)
    done = sum(counts.get(state, 0) for state in states.DONE)
    rate = percent(states.rate(counts))
    return _("完成率 %(rate)s（已完成 %(done)s / 应完成 %(due)s）") % {
        "rate": rate,
        "done": count(done),
        "due": count(due),
    }


def at_place(asker: Asker, key: str, code: int, on: date) -> Figure | None:
    """The rate of an obligation at a body, in the window that runs on the day; None when it is not there to be seen,
    or when nothing is counted."""
    rule, obligation = _obligation(asker, key, on)
    body = Body.objects.filter(code=code).first() if code < 10**17 else None
    if rule is None or obligation is None or body is None or not _may_open(asker, body, obligation):
        return None
    window = window_on(asker, rule, on)
    counts = counts_in(obligation.pk, window, body.code, body.hi)
    if not sum(counts.values()) or counts[states.UNKNOWN]:
        return None
    return Figure(obligation, window, body.code, body.hi, PlaceNames(on, asker.body_code)(body.code), counts)


def of_duty(asker: Asker, standing: int, on: date) -> Figure | None:
    """One duty inside the asker's reach, or None."""
    unit = unit_of(asker, standing) if standing < 2**63 else None
    plan = plan_queries.active(county_of(asker), on)
    found = plan.obligations.select_related("clause").filter(pk=unit.obligation_id) if plan and unit else None
    obligation = found.first() if found is not None else None
    if unit is None or obligation is None:
        return None
    name = " ".join(part for part in (unit.school_name, unit.place if unit.pupil else "", unit.name) if part)
    return Figure(obligation, unit.period_key, unit.unit_org, unit.unit_org + 1, name, {unit.state: 1}, unit)


def duty_now(obligation: int, window: str, place: int, subject: UUID | None) -> Unit | None:
    """What a single duty is today, as far as the scope in force sees it; None when it is owed no more. One query."""
    whom, value = ("s.subject = %s", subject) if subject else ("s.subject IS NULL AND s.unit_org = %s", place)
    found = units(
        f"{UNIT} WHERE s.obligation_id = %s AND s.period_key = %s AND {whom}", [obligation, window, value]
    )
    return found[0] if found else None


def duties_of(obligation: int, standings: Sequence[int]) -> list[Unit]:
    """Those of the standings that are of the obligation, as far as the scope in force sees them. One query."""
    where = "s.obligation_id = %s AND s.id = ANY(%s)"
    return units(f"{UNIT} WHERE {where} ORDER BY s.unit_org, s.id", [obligation, list(standings)])


def counts_in(obligation: int, window: str, lo: int, hi: int) -> dict[str, int]:
    """How many units of the places in the range, or owed by bodies in it, stand in each state. One query."""
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, [obligation, window, lo, hi, lo, hi])
        return {state: number or 0 for state, number in zip(states.STATES, cursor.fetchone(), strict=True)}


def names_at(asker: Asker, figure: Figure, on: date, limit: int) -> list[Unit]:
    """The units behind a rate, as far as the asker sees names; the worst first."""
    board = periods.BoardPeriod(figure.window, "", on, (figure.window,))
    return standings_of(asker, figure.obligation.pk, board, place=Range(figure.place, figure.hi), limit=limit)


def window_on(asker: Asker, rule: ObligationRule, on: date) -> str:
    """The key of the window in which the obligation is judged on the day."""
    engine = engines.current(county_of(asker), on)
    found = periods.current(rule.period, engine.calendar_of(on), on)
    return found.key if found else ""


def _may_open(asker: Asker, body: Body, obligation: Obligation) -> bool:
    """Inside the range; a department also elsewhere in its county. And the obligation concerns the role."""
    elsewhere = asker.role is DepartmentStaff and codes.containing(body.code, BodyKind.COUNTY) == county_of(
        asker
    )
    return (asker.reaches(body.code) or elsewhere) and concerns(asker, obligation.rule)


def _obligation(asker: Asker, key: str, on: date) -> tuple[ObligationRule | None, Obligation | None]:
    engine = engines.current(county_of(asker), on)
    rule = next((one for one in engine.rules if one.id == key), None)
    rows = Obligation.objects.select_related("clause")
    return rule, rows.filter(pk=rule.pk).first() if rule else None
