"""Named reads of bulletins; each starts from the asker, or from a bulletin that the asker may follow."""

from tongyu.workbenches.families.bulletins.queries.coverage import (
    Counted,
    Line,
    coverage,
    open_in_class,
    own_class,
)
from tongyu.workbenches.families.bulletins.queries.family import (
    Item,
    Letter,
    family_item,
    family_items,
    home_items,
    letters,
)
from tongyu.workbenches.families.bulletins.queries.folding import Folded, folded
from tongyu.workbenches.families.bulletins.queries.places import at_new_places, place_name, places, visible
from tongyu.workbenches.families.bulletins.queries.preflight import Preflight, preflight
from tongyu.workbenches.families.bulletins.queries.slips import Slip, by_class, slips

__all__ = [
    "Counted",
    "Folded",
    "Item",
    "Letter",
    "Line",
    "Preflight",
    "Slip",
    "at_new_places",
    "by_class",
    "coverage",
    "family_item",
    "family_items",
    "home_items",
    "folded",
    "letters",
    "open_in_class",
    "own_class",
    "place_name",
    "places",
    "preflight",
    "slips",
    "visible",
]
