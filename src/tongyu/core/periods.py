"""Half-open spans of days: `[start, end)`. A period is a calendar window, never an interval since last time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, order=True)
class Span:
    """The days from `start` up to, not including, `end`."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span cannot end before it starts: {self.start} … {self.end}")

    @property
    def last_day(self) -> date:
        """The last day inside the span."""
        return self.end - timedelta(days=1)

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end

    def __len__(self) -> int:
        return (self.end - self.start).days

    def overlaps(self, other: "Span") -> bool:
        """True when the two spans share at least one day."""
        return max(self.start, other.start) < min(self.end, other.end)

    def days(self) -> Iterator[date]:
        """Each day of the span in order."""
        for offset in range(len(self)):
            yield self.start + timedelta(days=offset)


def month_span(year: int, month: int) -> Span:
    """The calendar month as a span."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return Span(date(year, month, 1), following)
