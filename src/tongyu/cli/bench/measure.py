"""Rows of the bench, and how a number is taken: warm-up, repetitions, median."""

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

SEED = 622923
DAY = "2026-11-23"
"""The bench's day: its county always stands on it, whenever it is measured."""


@dataclass(frozen=True)
class Row:
    """One measured figure. `bound` is the bare lower bound of the same run, `ratio` is value ÷ bound."""

    name: str
    value: float
    unit: str
    bound: float
    ratio: float

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)


def row(name: str, value: float, unit: str, bound: float) -> Row:
    """A row with rounded figures; the ratio is taken before rounding."""
    return Row(name, _rounded(value), unit, _rounded(bound), _rounded(value / bound) if bound else 0.0)


def _rounded(value: float) -> float:
    """Three significant figures, or whole numbers from a hundred on."""
    if not value or not math.isfinite(value):
        return 0.0
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return round(value, digits)


def seconds(action: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    action()
    return time.perf_counter() - started


def median_seconds(action: Callable[[], object], *, warm_up: int = 1, times: int = 3) -> float:
    """The median of several calls after a warm-up."""
    for _ in range(warm_up):
        action()
    return statistics.median(seconds(action) for _ in range(times))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
