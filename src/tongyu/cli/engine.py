"""`tongyu engine full`: recompute every duty. `tongyu engine recheck --year 2026`: closed periods, bit by bit."""

import argparse
import time

from tongyu.cli.installation import connect
from tongyu.cli.main import load


def main(arguments: list[str]) -> int:
    """Parse and hand over to `tongyu.duties.commands`."""
    parser = argparse.ArgumentParser(prog="tongyu engine", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    acts.add_parser("full", help="recompute every duty from the records")
    recheck = acts.add_parser(
        "recheck", help="derive a closed school year anew and compare it with what was frozen"
    )
    recheck.add_argument("--year", type=int, required=True, help="the year in which the school year began")
    typed = parser.parse_args(arguments)
    connect()
    started = time.perf_counter()
    code = load(f"tongyu.duties.commands:{typed.act}")([str(typed.year)] if typed.act == "recheck" else [])
    print(f"{time.perf_counter() - started:.2f} s")
    return code
