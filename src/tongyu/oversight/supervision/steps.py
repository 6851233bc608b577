"""The clock of a notice: it counts school days only, and takes each step once. Pure.

A notice begins on a school day, its deadline is a number of school days later. When that has passed with duties
open, the first of those who answer for them hears on the next school day, the next one PATIENCE school days later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tongyu.directory.calendar import Calendar

PATIENCE = 5
DEADLINES = (5, 10, 15, 20)
"""School days a body may be given; the second is usual."""
USUAL = DEADLINES[1]


@dataclass(frozen=True)
class SchoolDays:
    """The school days of some years in a row. Weekends with make-up work count, holidays do not."""

    calendars: tuple[Calendar, ...]

    def __contains__(self, day: date) -> bool:
        return any(day in calendar.year and calendar.is_school_day(day) for calendar in self.calendars)

    def from_day(self, day: date) -> date | None:
        """That day, or the first school day after it; None when the county has not set its terms so far."""
        return next(self._since(day), None)

    def after(self, day: date, number: int = 1) -> date | None:
        """The so-many-eth school day after the day, or None as above."""
        following = self._since(day + timedelta(days=1))
        for _skipped in range(number - 1):
            next(following, None)
        return next(following, None)

    def _since(self, day: date) -> Iterator[date]:
        last = max((calendar.year.end for calendar in self.calendars), default=day)
        while day < last:
            if day in self:
                yield day
            day += timedelta(days=1)


def next_step(days: SchoolDays, deadline: date, taken: Sequence[date], steps: int) -> date | None:
    """The day from which the next step of an open item may be taken; None when all are, or none can be.

    `taken` holds the days of the steps taken so far, of `steps` that there are.
    """
    if len(taken) >= steps:
        return None
    return days.after(taken[-1], PATIENCE) if taken else days.after(deadline)


def is_due(days: SchoolDays, deadline: date, taken: Sequence[date], steps: int, today: date) -> bool:
    """Whether the next step is to be taken today: a school day, not before its day."""
    day = next_step(days, deadline, taken, steps)
    return day is not None and day <= today and today in days
