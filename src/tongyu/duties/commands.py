"""`tongyu engine full`: recompute every duty from the records."""

from datetime import date

from tongyu.core import clock
from tongyu.duties import trends, update


def full(arguments: list[str] | None = None, *, as_of: date | None = None) -> int:
    """Recompute every duty of every county as of a day (default: today), and note the day's trend; the exit code."""
    day = as_of or clock.today()
    for county in update.counties():
        done = update.recompute_all(day, county)
        trends.record(day, county)
        print(f"{county}: {done.duties} duties, {done.standings} standings, {done.changed} changed")
    return 0
