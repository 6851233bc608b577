"""The way from a figure to the dispute about it."""

from types import SimpleNamespace

from django.urls import reverse

from tongyu.core.access import Asker
from tongyu.duties.queries import Unit
from tongyu.oversight.disputes import marks
from tongyu.oversight.disputes.rules import CONTEST
from tongyu.portals.duty_board.drill import Sheet


def address_of_rate(asker: Asker, sheet: Sheet, latest: bool) -> str:
    """The form that contests the rate of a sheet, for the body whose rate it is; only of the running period."""
    figure = SimpleNamespace(place=sheet.place.code, bearer=None)
    if not (latest and sheet.measurable and sheet.total and CONTEST.allows(asker, figure)):
        return ""
    return reverse("disputes:new_of_rate", args=[sheet.key, sheet.place.code])


def address_of_duty(asker: Asker, unit: Unit) -> str:
    """The form that contests one duty, for the body whose duty it is."""
    figure = SimpleNamespace(place=unit.unit_org, bearer=unit.bearer_org)
    return reverse("disputes:new_of_duty", args=[unit.id]) if CONTEST.allows(asker, figure) else ""


def at_duty(key: str, unit: Unit) -> str:
    """The page of what is contested at a duty's place, when this duty is."""
    return reverse("disputes:at", args=[key, unit.unit_org]) if marks.by_duty([unit]) else ""
