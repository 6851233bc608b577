"""A range of places cut where schools have numbers of their own. Pure."""

from collections.abc import Iterable

from tongyu.plan.rules import ObligationRule

Segment = tuple[int, int, ObligationRule]
"""Places `[lo, hi)` and the rule as it reads there."""


def cut(lo: int, hi: int, rule: ObligationRule, own: Iterable[Segment]) -> list[Segment]:
    """`[lo, hi)` as disjoint ranges in order: those of `own` (in order, disjoint) as they read, the rest as `rule`.

    Neighbours that read the same are one, so that nothing is cut where nobody has another number.
    """
    found: list[Segment] = []
    at = lo
    for org, end, version in own:
        if end <= lo or org >= hi or version == rule:
            continue
        if at < org:
            found.append((at, org, rule))
        at = min(end, hi)
        if found and found[-1][2] == version:
            found[-1] = (found[-1][0], at, version)
        else:
            found.append((max(org, lo), at, version))
    if at < hi:
        found.append((at, hi, rule))
    return found
