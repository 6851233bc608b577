"""engine.full: recomputing every duty of the county from its records."""

from typing import Any

from django.db import connections

from tongyu.cli.bench.measure import Row, median_seconds, row
from tongyu.cli.main import load


def measure() -> list[Row]:
    """The bound writes the same standings into a table without index, policy or thought."""
    full = load("tongyu.duties.commands:full")
    value = median_seconds(lambda: full([]))
    return [row("engine.full", value, "s", median_seconds(_copy_standings))]


def _copy_standings() -> None:
    connection: Any = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_standing AS TABLE duties_standing")
        cursor.execute("DROP TABLE bench_standing")
