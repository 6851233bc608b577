"""Named reads of bulletins; each starts from the asker, or from a bulletin that the asker may follow."""

from tongyu.workbenches.families.bulletins.queries.coverage import (
    Counted,
    Line,
    coverage,
    open_in_class,
    own_class,
)
from tongyu.workbenches.families.bulletins.queries.family import Item, family_item, family_items
from tongyu.workbenches.families.bulletins.queries.places import at_new_places, place_name, places, visible
from tongyu.workbenches.families.bulletins.queries.preflight import Preflight, preflight

__all__ = [
    "Counted",
    "Item",
    "Line",
    "Preflight",
    "at_new_places",
    "coverage",
    "family_item",
    "family_items",
    "open_in_class",
    "own_class",
    "place_name",
    "places",
    "preflight",
    "visible",
]
