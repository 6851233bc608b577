"""`tongyu demo --students N [--day D] [--seed S]`: an invented county, the same for the same seed and day."""

import argparse
import time
from datetime import date

from tongyu.cli import installation, prepare

SEED = 622923


def main(arguments: list[str]) -> int:
    """Make the county again, with schema and plan where they are missing: empties the database first, refuses when it
    holds real people."""
    parser = argparse.ArgumentParser(prog="tongyu demo", description=__doc__)
    parser.add_argument("--students", type=int, default=3000, help="pupils (30000: the county's real size)")
    parser.add_argument("--day", type=date.fromisoformat, help="the day it stands on (default: today)")
    parser.add_argument("--seed", type=int, default=SEED)
    typed = parser.parse_args(arguments)
    if not 100 <= typed.students <= 100_000:
        parser.error("--students must lie between 100 and 100000")
    installation.connect()
    prepare.migrate()
    prepare.load_plan()
    from tongyu.cli.demo.build import build
    from tongyu.cli.demo.sign_ins import remember
    from tongyu.core.clock import today

    started = time.perf_counter()
    build(typed.students, typed.day or today(), typed.seed, say=say)
    remember()
    say(f"done in {time.perf_counter() - started:.1f} s")
    return 0


def say(line: str) -> None:
    """One line of progress, at once."""
    print(f"  {line}", flush=True)
