"""migrate.empty: from an empty database to the whole schema, in a process of its own."""

import subprocess
import sys

from tongyu.cli import installation
from tongyu.cli.bench import databases
from tongyu.cli.bench.measure import Row, median_seconds, row, seconds

COPY = "tongyu_bench_copy"


def measure() -> list[Row]:
    """The bound copies the finished schema as files."""
    name = databases.NAMES[databases.EMPTY]
    command = [sys.executable, "-m", "tongyu.cli.main", "migrate", "--verbosity", "0"]
    value = seconds(lambda: subprocess.run(command, check=True, stdout=sys.stderr))
    installation.load_django()
    from django.db import connections

    connections.close_all()
    bound = median_seconds(lambda: databases.recreate(COPY, template=name))
    databases.drop(COPY)
    return [row("migrate.empty", value, "s", bound)]
