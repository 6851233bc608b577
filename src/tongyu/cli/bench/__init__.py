"""`tongyu bench [NAME…] --json`: measure the figures of docs/bench.md, each beside the least it could cost."""

import argparse
import json

from tongyu.cli.bench import runner
from tongyu.cli.main import UsageError


def main(arguments: list[str]) -> int:
    """Measure all figures, or the named ones; one row each."""
    parser = argparse.ArgumentParser(prog="tongyu bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(runner.FIGURES)}")
    parser.add_argument("--json", action="store_true", help="print a list of rows and nothing else")
    parser.add_argument(
        "--reuse", action="store_true", help="keep a bench database that was made from older code"
    )
    typed = parser.parse_args(arguments)
    unknown = [name for name in typed.names if name not in runner.FIGURES]
    if unknown:
        raise UsageError(f"no figure {unknown[0]!r}; there are {', '.join(runner.FIGURES)}")
    rows, failed = runner.run(typed.names or list(runner.FIGURES), reuse=typed.reuse)
    if typed.json:
        print(json.dumps([row.as_dict() for row in rows], indent=1))
    else:
        print(runner.table(rows))
    return 1 if failed else 0
