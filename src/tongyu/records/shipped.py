"""What rooms ship as data: a course, a list. Loaded for every county at the start, again whenever it changed.

The loader is the only writer of shipped texts (house rule 14); loading what stands already changes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction

from tongyu.core.context import acting, system_scope
from tongyu.core.registry import Registry
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body


@dataclass(frozen=True)
class Shipped:
    """One room's data. `load` is given a county's code and returns how many of its texts are new or changed."""

    key: str
    load: Callable[[int], int]


shipped: Registry[Shipped] = Registry("shipped data")


def load_for(county: int) -> int:
    """Everything that rooms ship, for one county, in one transaction; how many texts are new or changed."""
    with acting(system_scope("shipped")), transaction.atomic():
        return sum(one.load(county) for one in shipped)


def load_everywhere() -> int:
    """The same for every county of this installation."""
    with acting(system_scope("shipped")), transaction.atomic():
        counties = list(
            Body.objects.filter(kind=BodyKind.COUNTY).order_by("code").values_list("code", flat=True)
        )
    return sum(load_for(county) for county in counties)
