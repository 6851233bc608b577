"""`tongyu plan check [DIR]`, `tongyu plan show --json`, `tongyu plan load [DIR]`."""

import argparse
from pathlib import Path

from tongyu.cli.installation import connect
from tongyu.cli.main import load


def main(arguments: list[str]) -> int:
    """Parse and hand over to `tongyu.plan.commands`."""
    parser = argparse.ArgumentParser(prog="tongyu plan", description="The plan as data.")
    acts = parser.add_subparsers(dest="act", required=True)
    check = acts.add_parser("check", help="validate an edition; errors name file, line and key")
    check.add_argument("folder", nargs="?", type=Path)
    check.add_argument("--strict", action="store_true", help="fail on words that nothing makes clear")
    show = acts.add_parser("show", help="print clauses and obligations")
    show.add_argument("folder", nargs="?", type=Path)
    show.add_argument("--json", action="store_true", help="as one JSON object")
    loader = acts.add_parser("load", help="write an edition into the database")
    loader.add_argument("folder", nargs="?", type=Path)
    typed = parser.parse_args(arguments)
    if typed.act == "load":
        connect()
    options = [f"--{name}" for name in ("json", "strict") if getattr(typed, name, False)]
    folder = [str(typed.folder)] if typed.folder else []
    return load(f"tongyu.plan.commands:{typed.act}")([*folder, *options])
