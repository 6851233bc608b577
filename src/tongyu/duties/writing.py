"""The way from a duty to the form that meets it."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from tongyu.core.access import Asker
from tongyu.duties import states
from tongyu.duties.queries import Unit
from tongyu.records.kinds import Kind, kinds

CLOSED = (*states.DONE, states.EXEMPT, states.UNKNOWN)
"""Nothing more is asked for."""


def new_address(asker: Asker, rule: dict[str, Any], unit: Unit) -> str:
    """The form of the first kind that counts and that the asker may write, with the unit filled in."""
    if not asker.reaches(unit.unit_org) or unit.state in CLOSED:
        return ""
    for counted in rule["counts"]:
        kind = kinds.get(counted["kind"]) if counted["kind"] in kinds else None
        if kind and _may_write(asker, kind, unit):
            return f"{reverse(kind.new_url)}?{urlencode(_prefilled(counted, unit))}"
    return ""


def _may_write(asker: Asker, kind: Kind, unit: Unit) -> bool:
    if not kind.new_url:
        return False
    try:
        reverse(kind.new_url)
    except NoReverseMatch:
        return False
    row = SimpleNamespace(
        org=unit.unit_org,
        code=unit.unit_org,
        scope_lo=unit.unit_org,
        scope_hi=unit.unit_org + 1,
        by_account=None,
    )
    return kind.write.allows(asker) and _holds(asker, kind, row)


def _holds(asker: Asker, kind: Kind, row: Any) -> bool:
    """A relation may read fields that only a record has; then the form itself refuses."""
    try:
        return kind.write.allows(asker, row)
    except AttributeError:
        return True


def _prefilled(counted: dict[str, Any], unit: Unit) -> dict[str, str]:
    """What a form may take from the address: `student` or `org`, and the category that counts."""
    given = {"student": str(unit.subject)} if unit.subject else {"org": str(unit.unit_org)}
    category = counted["where"].get("category")
    return given | ({"category": category[0]} if category else {})
