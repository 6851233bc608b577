"""`python -m tongyu.cli.bench.one MODULE`: measures one figure in this process and prints its rows as JSON."""

import contextlib
import importlib
import json
import sys

from tongyu.cli import installation


def main(module: str) -> int:
    """Load Django on the database of the environment, measure, print."""
    installation.connect()
    with contextlib.redirect_stdout(sys.stderr):
        rows = importlib.import_module(f"tongyu.cli.bench.{module}").measure()
    print(json.dumps([row.as_dict() for row in rows]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
