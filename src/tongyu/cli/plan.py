"""`tongyu plan check [DIR]`, `tongyu plan show --json`, `tongyu plan load [DIR]`."""

import argparse
from datetime import date
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
    loader.add_argument(
        "--county", type=int, help="six-digit division code: the edition binds this county alone"
    )
    loader.add_argument("--from", dest="from_day", type=date.fromisoformat, help="first day, like 2026-09-01")
    typed = parser.parse_args(arguments)
    if typed.act == "load":
        connect()
    options = [f"--{name}" for name in ("json", "strict") if getattr(typed, name, False)]
    options += [f"--county={typed.county}"] if getattr(typed, "county", None) else []
    options += [f"--from={typed.from_day}"] if getattr(typed, "from_day", None) else []
    folder = [str(typed.folder)] if typed.folder else []
    if typed.act == "load":
        return load_edition([*folder, *options])
    return load(f"tongyu.plan.commands:{typed.act}")([*folder, *options])


def load_edition(options: list[str]) -> int:
    """Store the edition, then recompute: what asks from today on is on the boards at once, not after the night."""
    return load("tongyu.plan.commands:load")(options) or load("tongyu.duties.commands:full")([])
