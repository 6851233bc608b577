"""`tongyu audit verify`: was anything changed, removed or slipped in, in the audit or in a closed period?"""

import argparse
import time

from tongyu.cli.installation import connect
from tongyu.cli.main import load


def main(arguments: list[str]) -> int:
    """Parse and hand over to `tongyu.core.commands` and `tongyu.duties.commands`; 1 when something is broken."""
    parser = argparse.ArgumentParser(prog="tongyu audit", description=__doc__)
    acts = parser.add_subparsers(dest="act", required=True)
    verify = acts.add_parser("verify", help="check the seals of the audit and the chain of closings")
    verify.add_argument(
        "--expect", default="", metavar="HASH", help="a seal's hash kept elsewhere; must stand"
    )
    acts.add_parser("seal", help="seal now what the job would seal within a minute")
    typed = parser.parse_args(arguments)
    connect()
    started = time.perf_counter()
    if typed.act == "seal":
        return load("tongyu.core.commands:seal")([])
    codes = [
        load("tongyu.core.commands:verify_seals")([typed.expect]),
        load("tongyu.duties.commands:verify_closings")([]),
    ]
    print(f"{time.perf_counter() - started:.2f} s")
    return max(codes)
