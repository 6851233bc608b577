"""The guidance stations of the asker's county: public to everybody who signs in."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.directory.codes import containing
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.workbenches.families.parent_school.models import Station
from tongyu.workbenches.families.parent_school.rules import SEE_STATIONS, county_of


def visible(asker: Asker) -> QuerySet[Station]:
    """Every station of the county, closed and withdrawn ones too."""
    return SEE_STATIONS.rows(asker, Station.objects.all())


def open_on(asker: Asker, on: date) -> QuerySet[Station]:
    """The stations that are open on the day."""
    rows = visible(asker).filter(withdrawn_at=None, occurred_on__lte=on)
    return rows.filter(Q(closed_on=None) | Q(closed_on__gt=on))


def townships(asker: Asker, on: date) -> list[tuple[int, str]]:
    """The townships of the county, to choose one and to show which has no station."""
    lo, hi = county_of(asker)
    bodies = Body.objects.standing_on(on).within(lo, hi).filter(kind=BodyKind.TOWNSHIP)
    return list(bodies.order_by("code").values_list("code", "name"))


def near(asker: Asker, on: date) -> list[Station]:
    """The stations of the townships in which the asker's children go to school. One query."""
    places: Collection[int] = {containing(ward.org, BodyKind.TOWNSHIP) for ward in asker.wards}
    return list(open_on(asker, on).filter(org__in=places))
