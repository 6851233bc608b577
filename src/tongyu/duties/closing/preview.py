"""What closing a period would freeze, and what stands against it."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum
from django.utils.translation import gettext as _

from tongyu.directory.calendar import Calendar, load_calendar
from tongyu.duties import states
from tongyu.duties.closing import blockers
from tongyu.duties.closing.blockers import Blocked
from tongyu.duties.closing.guard import label_of
from tongyu.duties.closing.models import ClosedDuty, Closing
from tongyu.duties.closing.stored import whole
from tongyu.duties.closing.windows import Book, Closable, Window, closable, settled_on, windows_in
from tongyu.duties.models import Tally
from tongyu.duties.periods import STANDING


@dataclass(frozen=True)
class Preview:
    """A period before its closing. `counts` are what the boards show of the windows it would close; what must hold at
    its end, and `underived` others that the boards never showed, are derived at the closing only."""

    one: Closable
    windows: list[Window]
    settled_on: date
    counts: dict[str, int]
    underived: int
    blocked: list[Blocked]

    @property
    def refusals(self) -> list[str]:
        """Why it cannot be closed now; none when it can."""
        return [each.text for each in self.blocked if each.refuses]


def find(county: int, key: str) -> tuple[Closable, Calendar]:
    """The period of that key in the county's calendar; raises LookupError when there is none."""
    year = key.partition("-")[0]
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise LookupError(key)
    calendar = load_calendar(county, int(year))
    for one in closable(calendar):
        if one.key == key:
            return one, calendar
    raise LookupError(key)


def preview(county: int, key: str, today: date) -> Preview:
    """What would be closed, and what stands against it; raises LookupError for an unknown period."""
    one, calendar = find(county, key)
    every = windows_in(one, calendar, Book(county))
    windows = _open(county, every)
    day = settled_on(one, every)
    counts, underived = _counts(county, windows)
    return Preview(one, windows, day, counts, underived, _against(county, one, day, windows, today))


def _open(county: int, windows: list[Window]) -> list[Window]:
    """Those that no closing holds yet. What must hold every day has one key for all years, and closes with each."""
    closed = set(
        ClosedDuty.objects.filter(lo=county)
        .exclude(period_key=STANDING)
        .values_list("obligation_id", "period_key")
    )
    return [each for each in windows if (each.rule.pk, each.period.key) not in closed]


def _against(county: int, one: Closable, day: date, windows: list[Window], today: date) -> list[Blocked]:
    closed = Closing.objects.filter(lo=county, edition=0, period_key=one.key).first()
    if closed is not None:
        told = _("这一时段已于%(day)s结账。") % {"day": closed.closed_on.isoformat()}
        return [Blocked(told)]
    found = []
    if today < day:
        running = sum(window.period.settled_on > today for window in windows)
        told = _("还有 %(n)d 项责任没有结清：%(day)s之前补做仍然算数，从那天起才能结账。")
        found.append(Blocked(told % {"n": running, "day": day.isoformat()}))
    elif not windows:
        found.append(Blocked(_("这一时段里没有责任可以结账。")))
    if one.key.endswith("-T2"):
        first = one.key.replace("-T2", "-T1")
        if not Closing.objects.filter(lo=county, edition=0, period_key=first).exists():
            found.append(Blocked(_("请先给%(period)s结账。") % {"period": label_of(first)}))
    frozen = {(each.rule.pk, each.period.key) for each in windows if each.period.key != STANDING}
    return found + blockers.blocked(county, frozen)


def _counts(county: int, windows: list[Window]) -> tuple[dict[str, int], int]:
    """How the windows' units stand on the boards, and how many windows the boards do not know."""
    lo, hi = whole(county)
    wanted = {(each.rule.pk, each.period.key) for each in windows if each.period.key != STANDING}
    rows = (
        Tally.objects.filter(place__gte=lo, place__lt=hi, period_key__in={key for _pk, key in wanted})
        .order_by()
        .values_list("obligation_id", "period_key")
        .annotate(*(Sum(state) for state in states.STATES))
    )
    found = {row[:2]: row[2:] for row in rows if row[:2] in wanted}
    counts = {state: sum(row[place] for row in found.values()) for place, state in enumerate(states.STATES)}
    return counts, len(wanted) - len(found)
