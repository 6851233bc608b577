"""record.visit.scale: the rate of record.visit with 400,000 pupils, divided by that with 30,000."""

import os
import subprocess
import sys

from tongyu.cli.bench import databases, record_visit
from tongyu.cli.bench.measure import Row, row


def measure() -> list[Row]:
    """Both rates in the same run; the bound is the same quotient of bare inserts."""
    url = databases.ready(databases.COUNTY, reuse=True)
    large, bare_large = record_visit.rate(), record_visit.bare_rate()
    small, bare_small = _elsewhere(url)
    return [row("record.visit.scale", large / small, "1", bare_large / bare_small)]


def _elsewhere(url: str) -> tuple[float, float]:
    """The same two rates on the county's database, in a process of its own."""
    code = (
        "import sys; from tongyu.cli import installation; installation.connect(); "
        "from tongyu.cli.bench import record_visit as r; print(r.rate(), r.bare_rate())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "TONGYU_DATABASE_URL": url},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    rate, bare = done.stdout.split()[-2:]
    return float(rate), float(bare)
