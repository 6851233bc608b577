"""Children whom the county did not know before."""

from history.county import Living
from tongyu.cli.demo import names
from tongyu.cli.demo.numbers import REGION
from tongyu.records.demos import Dice


def newcomer(county: Living, dice: Dice) -> tuple[str, str]:
    """A student number of nobody (L, as of a child without identity number) and a name."""
    county.newcomers += 1
    name, _sex = names.adult(dice)
    return f"L{REGION}9{county.newcomers:011d}", name
