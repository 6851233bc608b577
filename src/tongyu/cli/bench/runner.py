"""Runs each figure in a process of its own, so that none warms or burdens the next."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence

from tongyu.cli import installation
from tongyu.cli.bench import databases
from tongyu.cli.bench.measure import DAY, Row

# name: (module with a function `measure() -> list[Row]`, pupils in its database; 0: an empty database)
FIGURES: dict[str, tuple[str, int]] = {
    "engine.full": ("engine_full", 30_000),
    "board.office": ("board_office", 30_000),
    "board.freshness": ("board_freshness", 30_000),
    "record.visit": ("record_visit", 30_000),
    "record.visit.scale": ("record_visit_scale", 400_000),
    "class.open": ("class_open", 30_000),
    "parent.home": ("parent_home", 30_000),
    "migrate.empty": ("migrate_empty", 0),
    "memory.two_workers": ("memory", 30_000),
    "roster.import": ("roster_import", -1),
    "year.recompute": ("year_recompute", 30_000),
    "plan.dryrun": ("plan_dryrun", 30_000),
    "rollover.county": ("rollover_county", -2),
}
LONGEST = 1800


def run(names: Sequence[str], *, reuse: bool) -> tuple[list[Row], list[str]]:
    """Measure the named figures; returns the rows and the names that failed."""
    installation.database().start()
    rows: list[Row] = []
    failed: list[str] = []
    for name in names:
        module, pupils = FIGURES[name]
        try:
            url = databases.ready(pupils, reuse=reuse)
            rows += _in_a_process(module, url)
        except (subprocess.SubprocessError, databases.BenchError) as error:
            say(f"{name}: {error}")
            failed.append(name)
    return rows, failed


def environment(url: str) -> dict[str, str]:
    """What a process of the bench runs under: its database, the bench's day, quiet logs."""
    return {
        **os.environ,
        "TONGYU_DATABASE_URL": url,
        "TONGYU_TODAY": DAY,
        "TONGYU_LOG_LEVEL": "ERROR",
        "DJANGO_SETTINGS_MODULE": installation.SETTINGS,
    }


def _in_a_process(module: str, url: str) -> list[Row]:
    say(f"{module} …")
    command = [sys.executable, "-m", "tongyu.cli.bench.one", module]
    done = subprocess.run(
        command, env=environment(url), stdout=subprocess.PIPE, timeout=LONGEST, check=True, text=True
    )
    rows = [Row(**found) for found in json.loads(done.stdout.splitlines()[-1])]
    for found in rows:
        say(f"  {found.name} {found.value} {found.unit} (bound {found.bound}, ratio {found.ratio})")
    return rows


def say(line: str) -> None:
    """Progress goes to stderr; stdout carries the rows only."""
    print(line, file=sys.stderr, flush=True)


def table(rows: Sequence[Row]) -> str:
    """The rows for people."""
    lines = [f"{'figure':<24}{'value':>10} {'unit':<10}{'bound':>10}{'ratio':>9}"]
    lines += [f"{r.name:<24}{r.value:>10} {r.unit:<10}{r.bound:>10}{r.ratio:>9}" for r in rows]
    return "\n".join(lines)
