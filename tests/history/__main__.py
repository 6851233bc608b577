"""`make history`: five years of the invented county of 3,000 pupils, compared; 1 at the first difference.

`--small` lives the short one of the tests. The last lines are the outcome as JSON.
"""

import argparse
import json
import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tongyu.config.settings")
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from tongyu.cli import installation

SEED = 622923


def main(arguments: list[str]) -> int:
    """Live the story in a database of its own and say what was done and compared."""
    parser = argparse.ArgumentParser(prog="make history", description=__doc__)
    parser.add_argument("--small", action="store_true", help="the short one of the tests")
    parser.add_argument("--seed", type=int, default=SEED)
    typed = parser.parse_args(arguments)
    installation.connect()
    from history import clock, database, story
    from history.county import Difference

    size, started = story.SMALL if typed.small else story.FULL, time.perf_counter()
    outcome: dict[str, object] = {"seed": typed.seed, "students": size.students}
    with (
        database.own_database("tongyu_history_small" if typed.small else "tongyu_history"),
        clock.moved(story.FIRST_DAY) as moving,
    ):
        try:
            lived = story.live(size, typed.seed, moving, say=lambda line: print(line, flush=True))
        except Difference as difference:
            print(json.dumps(outcome | {"difference": difference.told}, ensure_ascii=False, indent=1))
            return 1
    outcome |= {
        "years": size.years,
        "last_day": lived.county.day.isoformat(),
        "done": dict(sorted(lived.county.done.items())),
        "days_compared": len(lived.compared_on),
        "standings_compared": lived.standings,
        "seconds": round(time.perf_counter() - started),
    }
    print(json.dumps(outcome, ensure_ascii=False, indent=1))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
