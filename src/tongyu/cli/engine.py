"""`tongyu engine full`: recompute every duty from the records."""

import argparse
import time

from tongyu.cli.installation import connect
from tongyu.cli.main import load


def main(arguments: list[str]) -> int:
    """Parse and hand over to `tongyu.duties.commands`."""
    parser = argparse.ArgumentParser(prog="tongyu engine", description=__doc__)
    parser.add_argument("act", choices=["full"])
    parser.parse_args(arguments)
    connect()
    started = time.perf_counter()
    code = load("tongyu.duties.commands:full")([])
    print(f"{time.perf_counter() - started:.2f} s")
    return code
