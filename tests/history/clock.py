"""The clock of a county that lives through years: the product's day is moved, and with it the instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from unittest import mock

from django.conf import settings
from django.utils import timezone

from tongyu.core.clock import CHINA


class Clock:
    """The day it is. Within a day time passes by a second whenever somebody looks."""

    def __init__(self, day: date) -> None:
        self.to(day)

    def to(self, day: date) -> None:
        """Move to the morning of that day."""
        self.day, self._seconds = day, 0
        settings.TONGYU_TODAY = day

    def now(self) -> datetime:
        """The present instant of the story."""
        self._seconds += 1
        return datetime.combine(self.day, time(9), CHINA) + timedelta(seconds=self._seconds % 30_000)


@contextmanager
def moved(day: date) -> Iterator[Clock]:
    """Let the whole process live on that day, and on those that `Clock.to` goes on to."""
    before = settings.TONGYU_TODAY
    clock = Clock(day)
    try:
        with mock.patch.object(timezone, "now", clock.now):
            yield clock
    finally:
        settings.TONGYU_TODAY = before
