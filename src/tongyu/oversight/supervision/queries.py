"""Notices as the asker may see them, with what still lags; the duties behind them; the digest of the own body."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from tongyu.core.access import Asker
from tongyu.core.prepared import prepared_cursor, untyped
from tongyu.directory.roles import OfficeStaff
from tongyu.duties.models import Tally
from tongyu.duties.queries.lists import UNIT, WORST_FIRST, Unit, units
from tongyu.duties.states import LAGGING
from tongyu.oversight.supervision.models import NoticeItem
from tongyu.oversight.supervision.rules import SEE

NAMES = 60
"""So many open names of an item are shown; a class has no more."""
LATELY = timedelta(days=7)

DIGEST = """
SELECT w.kind, o.key, o.title, w.bearer, w.notice, w.due_on, sum(t.missing)::int, sum(t.behind_pace)::int
FROM supervision_digestword w
JOIN plan_obligation o ON o.id = w.obligation_id
JOIN duties_tally t ON t.obligation_id = w.obligation_id AND t.period_key = w.period_key AND t.bearer = w.bearer
WHERE w.org = %(org)s AND w.told_on = (
  SELECT max(d.day) FROM supervision_digest d WHERE d.org = %(org)s AND d.day > %(since)s AND d.day <= %(on)s)
GROUP BY w.id, o.id HAVING sum(t.missing + t.behind_pace) > 0
ORDER BY array_position(ARRAY['notice', 'accountable', 'supervisor', 'pace'], w.kind::text), w.due_on, o.order, w.id
"""


class Told(NamedTuple):
    """One line of a digest that is still true."""

    kind: str
    key: str
    title: str
    bearer: int
    notice: UUID | None
    due_on: date
    missing: int
    behind: int


def visible(asker: Asker, on: date) -> QuerySet[NoticeItem]:
    """The items that have reached the asker, with `lag`: how many of their duties lag now."""
    rows = SEE.rows(asker, NoticeItem.objects.all())
    if asker.role is not OfficeStaff:
        rows = rows.filter(notice__begins_on__lte=on)
    lagging = Tally.objects.filter(
        obligation_id=OuterRef("obligation_id"),
        period_key=OuterRef("period_key"),
        bearer=OuterRef("bearer"),
    )
    total = lagging.values("obligation_id").annotate(all=Sum(F("missing") + F("behind_pace"))).values("all")
    return rows.select_related("notice", "obligation__clause").annotate(
        lag=Coalesce(Subquery(total, output_field=IntegerField()), 0)
    )


def of_notice(asker: Asker, notice: UUID, on: date) -> list[Any]:
    """The items of one notice that the asker may see, in the order of the plan."""
    return list(visible(asker, on).filter(notice_id=notice).order_by("obligation__order", "id"))


def in_state(rows: QuerySet[NoticeItem], state: str, on: date) -> QuerySet[NoticeItem]:
    """Those that are open, answered by records, overdue, or ended in one of the ways."""
    running = Q(closed_on=None)
    return rows.filter(
        {
            "open": running,
            "answered": running & Q(answered_on__isnull=False),
            "late": running & Q(notice__deadline__lt=on),
        }.get(state, Q(ending=state))
    )


def open_units(item: NoticeItem) -> list[Unit]:
    """The duties of the item that lag, the worst first, as far as the asker sees them. One query."""
    where = "s.obligation_id = %s AND s.period_key = %s AND s.bearer_org = %s AND s.state = ANY(%s)"
    sql = f"{UNIT} WHERE {where} ORDER BY {WORST_FIRST}, s.unit_org, p.name_key, s.id LIMIT %s"
    return units(sql, [item.obligation_id, item.period_key, item.bearer, list(LAGGING), NAMES])


def moved_units(item: NoticeItem, since: datetime) -> list[Unit]:
    """The duties of the item that have records and changed since the notice was sent. One query."""
    where = "s.obligation_id = %s AND s.period_key = %s AND s.bearer_org = %s AND s.count > 0 AND s.changed_at >= %s"
    sql = f"{UNIT} WHERE {where} ORDER BY s.changed_at DESC, s.id LIMIT %s"
    return units(sql, [item.obligation_id, item.period_key, item.bearer, since, NAMES])


def digest_of(asker: Asker, on: date) -> Sequence[Told]:
    """The latest digest of the asker's body, of this week, as far as it is still true. One query, planned once."""
    with prepared_cursor() as cursor:
        cursor.execute(DIGEST, untyped({"org": asker.body_code, "since": on - LATELY, "on": on}))
        return [Told(*row) for row in cursor.fetchall()]
