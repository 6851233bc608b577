"""有异议 n: how many open disputes stand at the figures of a board. One query for a whole page."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties.closing.blockers import Blocked, Windows
from tongyu.duties.periods import BoardPeriod
from tongyu.duties.queries import Unit
from tongyu.duties.queries.scope import Range, seen
from tongyu.oversight.disputes.models import OpenDispute

OPEN = "SELECT {by}, count(*)::int FROM disputes_opendispute t WHERE t.period_key = ANY(%s) AND {seen}"


def by_obligation(asker: Asker, period: BoardPeriod, place: Range | None = None) -> dict[int, int]:
    """Open disputes about figures inside the place (default: whatever the asker's board shows), by obligation."""
    return _counted(asker, period, place, "t.obligation_id")


def by_body(
    asker: Asker,
    period: BoardPeriod,
    kind: BodyKind,
    place: Range | None = None,
    obligation: int | None = None,
) -> dict[int, int]:
    """The same by body of one kind: what is contested anywhere inside it."""
    body = "t.bearer" if kind == BodyKind.DEPARTMENT else f"t.place - t.place %% {codes.WIDTH[kind]}"
    return _counted(asker, period, place, body, obligation)


def by_duty(units: Sequence[Unit]) -> dict[int, int]:
    """Open disputes about exactly these duties, by standing; all are of one obligation."""
    if not units:
        return {}
    found: dict[tuple[str, int, UUID | None], int] = {}
    rows = OpenDispute.objects.filter(single=True, obligation_id=units[0].obligation_id)
    for row in rows.filter(period_key__in={unit.period_key for unit in units}):
        key = (row.period_key, 0 if row.subject else row.place, row.subject)
        found[key] = found.get(key, 0) + 1
    keys = {unit.id: (unit.period_key, 0 if unit.subject else unit.unit_org, unit.subject) for unit in units}
    return {standing: found[key] for standing, key in keys.items() if key in found}


def at(obligation: int, lo: int, hi: int) -> QuerySet[OpenDispute]:
    """The open disputes about one obligation at the places of a range, or owed by bodies in it; the oldest first."""
    there = Q(place__gte=lo, place__lt=hi) | Q(bearer__gte=lo, bearer__lt=hi)
    return OpenDispute.objects.filter(there, obligation_id=obligation).order_by("since", "id")


def contested(figures: Iterable[tuple[int, str, int]]) -> dict[tuple[int, str, int], int]:
    """Open disputes by (obligation, window, bearer), for those asked for."""
    asked = set(figures)
    rows = OpenDispute.objects.filter(obligation_id__in={obligation for obligation, _key, _org in asked})
    found: dict[tuple[int, str, int], int] = {}
    for key in rows.values_list("obligation_id", "period_key", "bearer"):
        if key in asked:
            found[key] = found.get(key, 0) + 1
    return found


def against_closing(county: int, windows: Windows) -> list[Blocked]:
    """For the closing: a contested figure is answered first, as afterwards no record can correct it on the boards."""
    inside = OpenDispute.objects.filter(asker__gte=county, asker__lt=codes.upper(county, BodyKind.COUNTY))
    rows = inside.filter(period_key__in={key for _obligation, key in windows})
    number = sum(figure in windows for figure in rows.values_list("obligation_id", "period_key"))
    text = _("还有 %(n)d 条异议没有答复：结账之后数字不再变，请先在“异议”里答复。")
    return [Blocked(text % {"n": number})] if number else []


def _counted(
    asker: Asker, period: BoardPeriod, place: Range | None, by: str, obligation: int | None = None
) -> dict[int, int]:
    condition, parameters = seen(asker, place)
    sql = OPEN.format(by=by, seen=condition)
    values: list[Any] = [list(period.keys), *parameters]
    if obligation is not None:
        sql, values = f"{sql} AND t.obligation_id = %s", [*values, obligation]
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} GROUP BY 1", values)
        return dict(cursor.fetchall())
