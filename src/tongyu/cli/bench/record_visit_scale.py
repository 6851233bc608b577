"""record.visit.scale: the rate of record.visit with 400,000 pupils, divided by that with 30,000.

The machine's speed swings by a third within minutes, so the two are measured in turn, several times, and the median
of the quotients counts.
"""

import os
import statistics
import subprocess
import sys

from tongyu.cli import installation
from tongyu.cli.bench import databases
from tongyu.cli.bench.measure import Row, row

TURNS = 4
MEASURE = (
    "from tongyu.cli import installation; installation.connect(); "
    "from tongyu.cli.bench import record_visit as r; print(r.rate(rounds=1), r.bare_rate())"
)


def measure() -> list[Row]:
    """The quotient of the rates; the bound is the same quotient of bare inserts."""
    county = databases.ready(databases.COUNTY, reuse=True)
    prefecture = installation.database().owner_url()
    turns = [(_rates(prefecture), _rates(county)) for _turn in range(TURNS)]
    quotient = statistics.median(large[0] / small[0] for large, small in turns)
    bare = statistics.median(large[1] / small[1] for large, small in turns)
    return [row("record.visit.scale", quotient, "1", bare)]


def _rates(url: str) -> tuple[float, float]:
    """Visits and bare inserts per second on that database, in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURE],
        env={**os.environ, "TONGYU_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    rate, bare = done.stdout.split()[-2:]
    return float(rate), float(bare)
