"""`tongyu shipped load`: the texts that rooms ship, for every county; the same again changes nothing."""

import argparse

from tongyu.cli.installation import connect


def main(arguments: list[str]) -> int:
    """Load and say how many texts are new or changed."""
    parser = argparse.ArgumentParser(prog="tongyu shipped", description=__doc__)
    parser.add_argument("act", choices=["load"])
    parser.parse_args(arguments)
    connect()
    from tongyu.records.shipped import load_everywhere

    print(f"{load_everywhere()} new or changed")
    return 0
