"""What the duties cost in writing: records and estimated minutes by role and month, by the duty that asks for them.

Set-based: one query for each kind of record, however many there are. Never by person.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Q

from tongyu.core.access import Asker
from tongyu.directory.models import Appointment
from tongyu.duties.derive import condition
from tongyu.duties.queries.scope import county_of
from tongyu.plan import queries as plans
from tongyu.plan.models import Plan
from tongyu.plan.rules import CountedKind, ObligationRule
from tongyu.records.burden import Asked, asked_by
from tongyu.records.facts import view_name
from tongyu.records.kinds import Kind, kinds

FEWEST = 5
"""No average over fewer holders of a role."""


@dataclass
class KindBurden:
    """The records of one kind in the time asked for, by (month, role)."""

    kind: Kind
    asked: Asked
    rules: list[ObligationRule]
    records: Counter[tuple[date, str]] = field(default_factory=Counter)
    by_rule: list[Counter[tuple[date, str]]] = field(default_factory=list)
    """In the order of `rules`."""
    unasked: Counter[tuple[date, str]] = field(default_factory=Counter)

    def minutes(self, records: int) -> float:
        """The estimate for so many records."""
        return records * self.asked.minutes


def burden(asker: Asker, plan: Plan | None, start: date, until: date, on: date) -> list[KindBurden]:
    """Every kind that is filled in by hand, with its records written in `[start, until)` inside the asker's range."""
    rules = [rule for rule in plans.rules(plan, county_of(asker), on) if rule.counts] if plan else []
    found = []
    for kind in kinds:
        asked = asked_by(kind)
        if asked is not None:
            asking = [rule for rule in rules if kind.key in rule.kinds]
            found.append(_counted(KindBurden(kind, asked, asking), asker, start, until))
    return found


def _counted(one: KindBurden, asker: Asker, start: date, until: date) -> KindBurden:
    values: dict[str, Any] = {"start": start, "until": until, "lo": asker.lo, "hi": asker.hi}
    marks = [_asks(one.kind, rule, values) for rule in one.rules]
    flags = "".join(f", bool_or({mark}) AS d{number}" for number, mark in enumerate(marks))
    counts = "".join(f", count(*) FILTER (WHERE d{number})" for number in range(len(marks)))
    nobody = " AND ".join(f"NOT d{number}" for number in range(len(marks))) or "true"
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH f AS (SELECT id, max(by_role) AS by_role,"
            f" date_trunc('month', max(recorded_at) AT TIME ZONE 'Asia/Shanghai')::date AS month{flags}"
            f" FROM {view_name(one.kind.key)} WHERE scope_lo < %(hi)s AND scope_hi > %(lo)s"
            f" AND recorded_at >= %(start)s::timestamp AT TIME ZONE 'Asia/Shanghai'"
            f" AND recorded_at < %(until)s::timestamp AT TIME ZONE 'Asia/Shanghai' GROUP BY id)"
            f" SELECT month, by_role, count(*), count(*) FILTER (WHERE {nobody}){counts} FROM f GROUP BY 1, 2",
            values,
        )
        rows = cursor.fetchall()
    one.by_rule = [Counter() for _rule in one.rules]
    for month, role, records, unasked, *each in rows:
        one.records[month, role] = records
        one.unasked[month, role] = unasked
        for counted, number in zip(one.by_rule, each, strict=True):
            counted[month, role] = number
    return one


def _asks(kind: Kind, rule: ObligationRule, values: dict[str, Any]) -> str:
    """Whether the rule counts a fact of this kind, as SQL; its values go into `values`."""
    return " OR ".join(
        f"({_one(kind, counted, values)})" for counted in rule.counts if counted.kind == kind.key
    )


def _one(kind: Kind, counted: CountedKind, values: dict[str, Any]) -> str:
    conditions = []
    for name, wanted in counted.where.items():
        key = f"w{len(values)}"
        values[key] = list(wanted)
        conditions.append(f"COALESCE({condition(kind, name, f'%({key})s::text[]')}, false)")
    return " AND ".join(conditions) or "true"


def holders(asker: Asker, on: date) -> dict[str, int]:
    """How many people hold each role in the asker's range on that day."""
    held = Appointment.objects.filter(
        Q(until_day=None) | Q(until_day__gt=on), withdrawn_at=None, from_day__lte=on
    )
    rows = held.filter(org__gte=asker.lo, org__lt=asker.hi, staff__isnull=False).order_by().values("role")
    return dict(rows.annotate(people=Count("staff", distinct=True)).values_list("role", "people"))


def of_month(counted: Counter[tuple[date, str]], month: date, roles: Iterable[str] = ()) -> int:
    """The records of one month, of some roles or of all."""
    wanted: Sequence[str] = list(roles)
    return sum(n for (when, role), n in counted.items() if when == month and (not wanted or role in wanted))
