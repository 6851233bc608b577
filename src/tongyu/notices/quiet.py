"""Quiet hours and the pace of new tries: when a message may make a telephone ring."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo

from django.conf import settings

from tongyu.core.clock import CHINA

TRIES = 8
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=4)


@dataclass(frozen=True)
class QuietHours:
    """A daily span `[start, end)` on the wall clock of `zone`, over midnight when it ends before it starts."""

    start: time
    end: time
    zone: tzinfo = CHINA

    def hold(self, moment: datetime) -> bool:
        """Whether nothing may ring at that moment."""
        local = moment.astimezone(self.zone).time()
        if self.start <= self.end:
            return self.start <= local < self.end
        return local >= self.start or local < self.end

    def opens(self, moment: datetime) -> datetime:
        """The moment itself when it is not quiet, else when the quiet hours end."""
        if not self.hold(moment):
            return moment
        today = moment.astimezone(self.zone).date()
        # Both readings of an hour that the clocks repeat, and the next days where they skip one.
        ends = (
            datetime.combine(today + timedelta(days), self.end, self.zone).replace(fold=fold)
            for days in range(3)
            for fold in (0, 1)
        )
        return min(end.astimezone(moment.tzinfo) for end in ends if end > moment and not self.hold(end))


def quiet_hours() -> QuietHours:
    """The quiet hours of this installation; none when start and end are the same."""
    start, end = settings.TONGYU_QUIET_HOURS
    return QuietHours(start, end)


def may_ring(moment: datetime, *, urgent: bool, hours: QuietHours | None = None) -> datetime:
    """The first moment from this one on at which a message may go out; an urgent one goes at once."""
    return moment if urgent else (hours or quiet_hours()).opens(moment)


def next_try(
    attempts: int, now: datetime, *, urgent: bool, hours: QuietHours | None = None
) -> datetime | None:
    """When a message that failed `attempts` times is tried again, each time after twice the wait; None: no more."""
    if attempts >= TRIES:
        return None
    wait = min(FIRST_WAIT * 2 ** max(0, attempts - 1), LONGEST_WAIT)
    return may_ring(now + wait, urgent=urgent, hours=hours)
