"""Counts that would tell of one family stand together with others (check C32)."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from tongyu.workbenches.families.bulletins.models import State
from tongyu.workbenches.families.bulletins.queries.coverage import Counted

FEW = 5
TO_TALK = frozenset({State.CONFLICT, State.NOBODY})
"""Of whose families a count would say something of guardianship; above a class they are one number."""
TO_TALK_WORDS = _("要老师当面沟通")


@dataclass(frozen=True)
class Folded:
    """The places that are shown one by one, and those that are shown as one."""

    shown: list[Counted]
    together: Counted | None
    """Places with fewer than five children, and the next smallest ones as long as all of them are fewer than five:
    otherwise the sum would tell what is left out."""
    number: int = 0


def folded(counted: Sequence[Counted]) -> Folded:
    """Fold the small places of a bulletin. Nobody is lost: the sums stay the same. Pure."""
    by_size = sorted(counted, key=lambda one: (one.children, one.place))
    small = [one for one in by_size if one.children < FEW]
    larger = [one for one in by_size if one.children >= FEW]
    while small and larger and sum(one.children for one in small) < FEW:
        small.append(larger.pop(0))
    if not small:
        return Folded(sorted(larger, key=lambda one: one.place), None)
    states = sum((one.states for one in small), Counter[str]())
    return Folded(
        sorted(larger, key=lambda one: one.place), Counted(min(o.place for o in small), states), len(small)
    )
