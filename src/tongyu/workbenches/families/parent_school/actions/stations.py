"""Guidance stations: opened, mended, closed by the township or by the women's federation (三(九))."""

from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.roles import TownshipStaff
from tongyu.records import life
from tongyu.records.entering import enter
from tongyu.workbenches.families.parent_school.models import Station
from tongyu.workbenches.families.parent_school.rules import KEEP_STATIONS, county_of, of_women

FIRST_DAY = date(2000, 1, 1)


def may_keep(asker: Asker) -> bool:
    """Whether the asker keeps stations at all: a township its own, the women's federation the county's."""
    return asker.role is TownshipStaff or of_women(asker)


@transaction.atomic
def open_station(
    *,
    by: Asker,
    township: int,
    name: str,
    place: str,
    occurred_on: date,
    opening: str = "",
    offers: str = "",
    id: UUID | None = None,
) -> Station:
    """Put a station on record; PermissionDenied for another township, ValidationError at the field."""
    if not may_keep(by):
        raise PermissionDenied(KEEP_STATIONS.key)
    lo, hi = county_of(by)
    body = Body.objects.filter(code=township, kind=BodyKind.TOWNSHIP, code__gte=lo, code__lt=hi).first()
    if body is None:
        raise ValidationError({"township": _("请选择乡镇。")})
    _check_day(occurred_on)
    station = Station(
        id=id or uuid7(), org=body.code, hi=body.hi, name=name.strip(), place=place.strip(),
        opening=opening.strip(), offers=offers.strip(), occurred_on=occurred_on,
    )  # fmt: skip
    KEEP_STATIONS.check(by, station)
    with acting(everywhere()):
        return enter(station, by=by, org=body.code)[0]


@transaction.atomic
def correct_station(
    *, by: Asker, station: Station, reason: str, version: int, changes: dict[str, Any]
) -> Station:
    """Mend a station, or close it from a day (`closed_on`); what stood there is kept."""
    KEEP_STATIONS.check(by, station)
    _check_day(changes.get("occurred_on", station.occurred_on))
    closed = changes.get("closed_on")
    if closed is not None and not changes.get("occurred_on", station.occurred_on) <= closed <= today():
        raise ValidationError({"closed_on": _("停办日期应在开办之后，且不晚于今天。")})
    with acting(everywhere()):
        return life.correct(station, by=by, reason=reason, version=version, changes=changes)


def _check_day(day: date) -> None:
    if not FIRST_DAY <= day <= today():
        raise ValidationError({"occurred_on": _("请核对开办日期：不能晚于今天。")})
