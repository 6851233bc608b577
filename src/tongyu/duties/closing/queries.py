"""What people see of closings: the periods and how each stands, the certificate, what changed since."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.directory.calendar import Calendar, load_calendar
from tongyu.duties import periods
from tongyu.duties.closing.guard import label_of
from tongyu.duties.closing.models import ClosedDuty, ClosedStanding, Closing, Difference
from tongyu.duties.closing.windows import Book, Closable, closable, settled_on, windows_in
from tongyu.duties.queries.scope import county_of
from tongyu.duties.rules import SEE_CLOSINGS

RUNNING, SETTLED, CLOSED, RESTATED = "running", "settled", "closed", "restated"
STATES = {RUNNING: _("进行中"), SETTLED: _("可以结账"), CLOSED: _("已结账"), RESTATED: _("已更正")}

CHANGED = """
SELECT x.id, x.duty_id, x.subject, x.org, x.gone, f.state AS before, f.count AS count_before, x.state AS after,
       x.count AS count_after, f.needed AS needed, x.why AS why, f.why AS why_before,
       y.obligation_id, y.period_key, y.rule -> 'compiled' ->> 'title' AS title,
       y.rule -> 'compiled' ->> 'clause' AS clause, COALESCE(p.name, '') AS pupil
FROM {changes} x
JOIN duties_closedduty y ON y.id = {duty}
LEFT JOIN LATERAL (
  SELECT s.state, s.count, s.needed, s.why, s.gone FROM duties_closedstanding s
  JOIN duties_closedduty e ON e.id = s.duty_id
  WHERE e.obligation_id = y.obligation_id AND e.period_key = y.period_key AND {editions}
    AND s.org = x.org AND s.subject IS NOT DISTINCT FROM x.subject
  ORDER BY s.duty_id DESC LIMIT 1) f ON NOT f.gone
LEFT JOIN directory_student p ON p.id = x.subject
WHERE {which} ORDER BY y.id, x.org, p.name_key, x.id LIMIT %(limit)s OFFSET %(first)s
"""
SINCE = CHANGED.format(
    changes="duties_difference",
    duty="x.duty_id",
    editions="e.closing_id IN (SELECT c.id FROM duties_closing c WHERE c.lo = %(lo)s AND c.period_key = %(key)s)",
    which="y.closing_id = %(closing)s",
)
RESTATEMENT = CHANGED.format(
    changes="duties_closedstanding",
    duty="x.duty_id",
    editions="e.closing_id IN (SELECT c.id FROM duties_closing c WHERE c.lo = %(lo)s AND c.period_key = %(key)s"
    " AND c.edition < %(edition)s)",
    which="y.closing_id = %(closing)s",
)


@dataclass(frozen=True)
class PeriodLine:
    """One period of the county and how it stands."""

    one: Closable
    state: str
    settled_on: date
    closing: Closing | None
    restatements: int
    changed: int
    """How many units of the asker's range stand otherwise since the closing, not yet published."""

    @property
    def label(self) -> Any:
        """The state's word."""
        return STATES[self.state]


@dataclass(frozen=True)
class Mark:
    """What stands beside a closed figure."""

    closing: Closing
    label: str
    restatements: int
    restated_on: date | None
    changed: int


@dataclass(frozen=True)
class Change:
    """One unit that stands otherwise than it was closed, or than before a restatement."""

    id: int
    duty_id: int
    subject: UUID | None
    org: int
    gone: bool
    before: str | None
    count_before: int | None
    after: str
    count_after: int
    needed: int | None
    why: str
    why_before: str | None
    obligation_id: int
    period_key: str
    title: str
    clause: str
    pupil: str


def visible(asker: Asker) -> QuerySet[Closing]:
    """The closings of the asker's county."""
    return SEE_CLOSINGS.rows(asker, Closing.objects.filter(lo=county_of(asker)))


def lines(asker: Asker, on: date, years: int = 2) -> list[PeriodLine]:
    """The periods of this school year and of those before that have terms, the latest first."""
    county, year, book = county_of(asker), periods.start_year_of(on), Book(county_of(asker))
    closings = list(visible(asker).order_by("number"))
    first = min([year - years + 1, *(int(one.period_key[:4]) for one in closings)])
    changed = _changed(county)
    found = []
    for start in range(year, first - 1, -1):
        calendar = load_calendar(county, start)
        found += [_line(one, calendar, book, on, closings, changed) for one in reversed(closable(calendar))]
    return [line for line in found if line.one.span.start <= on]


def mark(asker: Asker, key: str) -> Mark | None:
    """What stands beside the figures of a period: None while it is not closed. Two queries."""
    county = county_of(asker)
    closings = list(Closing.objects.filter(lo=county, period_key__in=[key, key[:4]]).order_by("edition"))
    own = [one for one in closings if one.period_key == key] or closings
    if not own:
        return None
    later = own[1:]
    changed = sum(_changed(county, [one.pk for one in closings if not one.edition]).values())
    return Mark(
        own[0], label_of(own[0].period_key), len(later), later[-1].closed_on if later else None, changed
    )


def duties(closing: Closing) -> list[ClosedDuty]:
    """The duties of the certificate in the order of the paper."""
    return list(
        ClosedDuty.objects.filter(closing=closing)
        .select_related("obligation__clause")
        .order_by("obligation__order", "pk")
    )


def editions(closing: Closing) -> list[Closing]:
    """The closing and its restatements, in order."""
    return list(Closing.objects.filter(lo=closing.lo, period_key=closing.period_key).order_by("edition"))


@dataclass(frozen=True)
class Changes:
    """The units of the asker's range (by row-level security) that a restatement changed, or of a closing those that
    stand otherwise since; for a paginator, one query for the count and one for each page."""

    closing: Closing

    def count(self) -> int:
        """How many there are."""
        if self.closing.edition:
            return ClosedStanding.objects.filter(duty__closing=self.closing).count()
        return changed_in(self.closing)

    def __getitem__(self, part: slice) -> list[Change]:
        """Those of a page, in the order of the paper and of the places."""
        values: dict[str, Any] = {
            "closing": self.closing.pk,
            "lo": self.closing.lo,
            "key": self.closing.period_key,
            "edition": self.closing.edition,
            "first": part.start or 0,
            "limit": part.stop - (part.start or 0),
        }
        with connection.cursor() as cursor:
            cursor.execute(RESTATEMENT if self.closing.edition else SINCE, values)
            return [Change(*row) for row in cursor.fetchall()]


def changed_in(closing: Closing) -> int:
    """How many units of the asker's range stand otherwise since the closing."""
    return Difference.objects.filter(duty__closing=closing).count()


def last_compared(closing: Closing) -> Any:
    """When the latest difference was seen, or None."""
    return Difference.objects.filter(duty__closing=closing).aggregate(at=Max("seen_at"))["at"]


def _line(
    one: Closable,
    calendar: Calendar,
    book: Book,
    on: date,
    closings: Sequence[Closing],
    changed: dict[UUID, int],
) -> PeriodLine:
    own = [each for each in closings if each.period_key == one.key]
    year = [each for each in closings if each.period_key == one.key[:4] and not each.edition]
    day = own[0].settled_on if own else settled_on(one, windows_in(one, calendar, book))
    first = own[0] if own else (year[0] if year else None)
    if own:
        state = RESTATED if len(own) > 1 else CLOSED
    else:
        state = CLOSED if year else (SETTLED if day <= on else RUNNING)
    number = changed.get(own[0].pk, 0) if own else 0
    return PeriodLine(one, state, day, first, max(0, len(own) - 1), number)


def _changed(county: int, closings: Sequence[UUID] | None = None) -> dict[UUID, int]:
    found = Difference.objects.filter(duty__lo=county)
    if closings is not None:
        found = found.filter(duty__closing__in=closings)
    return dict(found.values_list("duty__closing").annotate(n=Count("id")).order_by())
