"""engine.full: recomputing every duty of the county from its records, into empty tables and again into full ones."""

import statistics
from typing import Any

from django.db import connections

from tongyu.cli.bench.measure import Row, median_seconds, row, seconds
from tongyu.core.clock import today
from tongyu.duties import update
from tongyu.records.facts import view_name
from tongyu.records.kinds import kinds

TIMES = 3


def measure() -> list[Row]:
    """The slower of both. The bound reads every fact once and writes as many standings, and thinks nothing."""
    recompute()
    again = median_seconds(recompute, warm_up=0, times=TIMES)
    anew = statistics.median(_from_nothing() for _ in range(TIMES))
    return [row("engine.full", max(again, anew), "s", median_seconds(bare))]


def recompute() -> None:
    """Every duty of every county."""
    update.recompute_all(today())


def _from_nothing() -> float:
    _execute("TRUNCATE duties_standing, duties_tally")
    return seconds(recompute)


def _execute(*statements: str) -> None:
    connection: Any = connections["owner"]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def bare() -> None:
    """Every fact read once, the same standings into a bare table."""
    facts = [f"SELECT count(*), max(occurred_on) FROM {view_name(kind.key)}" for kind in kinds]
    _execute(*facts, "CREATE TABLE bench_standing AS TABLE duties_standing", "DROP TABLE bench_standing")
