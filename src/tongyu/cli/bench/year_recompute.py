"""year.recompute: a closed school year derived anew from what its closing stored, and compared bit by bit."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from tongyu.cli.bench.measure import Row, row, seconds
from tongyu.core.clock import today
from tongyu.core.ids import uuid7
from tongyu.duties import update
from tongyu.duties.closing import rechecking, writing
from tongyu.duties.closing.models import Closing
from tongyu.duties.closing.preview import preview
from tongyu.duties.periods import start_year_of

FROZEN = """
SELECT count(*), md5(string_agg(s.state || s.count, '' ORDER BY s.duty_id, s.org, s.subject))
FROM duties_closedstanding s
"""


def measure() -> list[Row]:
    """The year of the bench's day is closed as if it were over, derived anew, and forgotten.

    The first figure is the number of standings that differ, which must be 0. The bound of the seconds reads the
    frozen standings once.
    """
    county, year = update.counties()[0], start_year_of(today())
    found: list[rechecking.Rechecked] = []
    with transaction.atomic(), update.as_engine():
        closing: list[Closing] = []
        closed = seconds(lambda: closing.append(_close(county, year)))
        spent = seconds(lambda: found.extend(rechecking.recheck(closing[0])))
        bound = seconds(_bare)
        transaction.set_rollback(True)
    if not sum(one.standings for one in found):
        raise RuntimeError("nothing was closed")
    differences = sum(one.differences for one in found)
    return [
        row("year.recompute", differences, "differ", 0),
        row("year.recompute.time", spent, "s", bound),
        row("year.close", closed, "s", bound),
    ]


def _close(county: int, year: int) -> Closing:
    over = date(year + 1, 9, 1)
    signed = writing.Signature(uuid7(), 0, "bench")
    return writing.close(county, preview(county, str(year), over), signed, _quiet)


def _bare() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(FROZEN)
        return cursor.fetchone()


def _quiet(done: int, total: int) -> None:
    """Nobody watches the progress."""
