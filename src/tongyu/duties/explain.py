"""Why a duty stands as it does: one sentence with the numbers, the next step, and the records behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.calendar import Calendar, load_calendar
from tongyu.duties import derive, periods, states
from tongyu.duties.models import Exemption, Standing
from tongyu.duties.periods import STANDING, Period
from tongyu.duties.queries.lists import Unit
from tongyu.duties.queries.scope import county_of
from tongyu.plan import queries as plan_queries
from tongyu.plan.labels import KINDS
from tongyu.plan.models import Obligation, Parameter
from tongyu.plan.rules import ObligationRule
from tongyu.records.facts import view_name
from tongyu.records.kinds import kinds

LATEST = """
SELECT u.standing, r.* FROM
 unnest(%(standings)s::bigint[], %(subjects)s::uuid[], %(los)s::bigint[], %(his)s::bigint[], %(bearers)s::bigint[])
   AS u(standing, subject, unit_lo, unit_hi, bearer_org)
CROSS JOIN LATERAL (SELECT DISTINCT f.kind, f.id, f.occurred_on, f.category, f.source_url FROM {view} f
                    WHERE {conditions} ORDER BY f.occurred_on DESC, f.id LIMIT %(each)s) AS r
"""
SENTENCES = {
    "standing_met": gettext_lazy("%(name)s目前在档%(count)d项（要求%(needed)d项），今天符合“%(title)s”。"),
    "standing_missing": gettext_lazy(
        "%(name)s目前在档%(count)d项，“%(title)s”要求%(needed)d项，今天不符合。"
    ),
    "not_started": gettext_lazy("“%(title)s”的期间%(start)s才开始，还没有到期。"),
    "no_school_days": gettext_lazy("%(period)s没有上课日，“%(title)s”不适用。"),
    "in_time": gettext_lazy(
        "%(name)s在%(period)s内完成%(count)d次（要求%(needed)d次），%(met_on)s达到要求。"
    ),
    "late": gettext_lazy("%(name)s在期限%(due_on)s之后补做，%(met_on)s达到要求，算逾期完成。"),
    "not_done": gettext_lazy("期限%(due_on)s已过，%(name)s完成%(count)d次，要求%(needed)d次，未落实。"),
    "running": gettext_lazy("%(name)s已完成%(count)d次，要求%(needed)d次，期限%(due_on)s。"),
    "behind_tail": gettext_lazy(
        "%(period)s已过%(elapsed)d/%(school_days)d个上课日，%(name)s完成%(count)d次，要求%(needed)d次。"
    ),
    "behind_even": gettext_lazy(
        "按进度到今天应完成%(expected)d次，%(bearer)s实际完成%(done)d次（共需%(total)d次），%(name)s还没有完成。"
    ),
    "done_freely": gettext_lazy("%(name)s在%(period)s内有%(count)d项记录；这一项只展示，不考核。"),
    "nothing_due": gettext_lazy("“%(title)s”没有情形不要求记录，只展示，不考核。"),
    "no_room": gettext_lazy("“%(title)s”要看的记录（%(kinds)s）：这类记录的工作台尚未建成，暂不能衡量。"),
    "no_source": gettext_lazy("“%(title)s”的对象还没有名册，暂不能衡量。"),
    "no_calendar": gettext_lazy("本学年的学期日期还没有设定，“%(title)s”暂不能衡量。"),
    "exemption": gettext_lazy(
        "%(name)s不适用“%(title)s”：%(reason)s（%(decided_by)s决定，批准人%(approver)s；%(days)s）。"
    ),
}
STEPS = {
    states.MISSING: gettext_lazy("请补做并如实登记；期限后的记录算逾期完成。"),
    states.BEHIND_PACE: gettext_lazy("请尽快安排，先做还没有记录的对象。"),
    states.IN_PROGRESS: gettext_lazy("请在期限前完成并登记。"),
    states.UNKNOWN: gettext_lazy("不需要您填报。"),
}


@dataclass(frozen=True)
class Evidence:
    """One record behind a standing. `source_url` opens it for whoever may see it."""

    kind: str
    label: str
    id: UUID
    occurred_on: date
    category: str
    source_url: str


@dataclass(frozen=True)
class Explanation:
    """Why, what next, and on which records it rests. `hidden` records count but are not the asker's to see."""

    sentence: str
    next_step: str
    records: list[Evidence]
    hidden: int


def explain(asker: Asker, unit: Unit, on: date) -> Explanation:
    """Explain one standing that the asker may see (see `queries.unit_of`). At most eight queries."""
    calendar = load_calendar(county_of(asker), periods.start_year_of(unit.start_on))
    rule = _rule(unit, county_of(asker), on)
    period = _period(rule, unit, calendar)
    facts = _facts(unit, rule, period, on)
    records = _records(unit, rule, period, on)
    distinct = len({record.id for record in records})
    return Explanation(
        sentence=str(SENTENCES[unit.why]) % facts,
        next_step=str(STEPS.get(unit.state, "")) if rule.countable else "",
        records=records,
        hidden=max(0, unit.count - distinct) if len(derive.groups_of(rule)) == 1 else 0,
    )


def number_of(obligation: Obligation, unit: Unit, county: int, on: date) -> Parameter | None:
    """The number by which the unit was judged: how often, set on which level, by which paper. Two or three queries."""
    day = on if unit.period_key == STANDING else unit.start_on
    held = plan_queries.parameters(obligation.plan, county, day, unit.unit_org)
    return held.get(obligation.rule["minimum"])


def records_of(
    asker: Asker, units: Sequence[Unit], on: date, *, each: int = 2, since: datetime | None = None
) -> dict[int, list[Evidence]]:
    """The latest records behind many units of one obligation and period, by standing, as far as the asker sees
    them; only those received `since` then, when given. One query per record kind beside plan and calendar."""
    done = [unit for unit in units if unit.count]
    if not done:
        return {}
    first = done[0]
    calendar = load_calendar(county_of(asker), periods.start_year_of(first.start_on))
    rule = _rule(first, county_of(asker), on)
    values = derive.parameters(rule, _period(rule, first, calendar), on, 0, 0)
    values |= _columns(done) | {"each": each, "since": since}
    found: dict[int, dict[UUID, Evidence]] = {}
    for counted in rule.counts:
        if counted.kind not in kinds:
            continue
        constants: dict[str, Any] = {}
        conditions = [*derive.qualifying(counted, rule, kinds, constants), _coverage_of_many(rule)]
        if since is not None:
            conditions.append("f.received_at >= %(since)s::timestamptz")
        sql = LATEST.format(view=view_name(counted.kind), conditions=" AND ".join(conditions))
        with connection.cursor() as cursor:
            cursor.execute(sql, {**values, **constants})
            for standing, kind, key, day, category, url in cursor.fetchall():
                evidence = Evidence(kind, str(kinds.get(kind).label), key, day, category, url)
                found.setdefault(standing, {})[key] = evidence
    return {standing: list(records.values())[:each] for standing, records in found.items()}


def _columns(units: Sequence[Unit]) -> dict[str, list[Any]]:
    return {
        "standings": [unit.id for unit in units],
        "subjects": [unit.subject for unit in units],
        "los": [unit.unit_org for unit in units],
        "his": [_upper(unit) for unit in units],
        "bearers": [unit.bearer_org for unit in units],
    }


def _upper(unit: Unit) -> int:
    return unit.unit_org + 1 if unit.subject else codes.upper(unit.unit_org, unit.place_kind)


def _coverage_of_many(rule: ObligationRule) -> str:
    if rule.coverage == "subject":
        return "f.subject_id = u.subject"
    own_of_county = (rule.coverage, rule.unit) == ("own", "county")
    return derive.OWN_OF_COUNTY if own_of_county else derive.COVERAGE[rule.coverage]


def _rule(unit: Unit, county: int, on: date) -> ObligationRule:
    """The rule with the numbers by which the unit was judged; of the edition that asked for it."""
    day = on if unit.period_key == STANDING else unit.start_on
    return plan_queries.rule_of(unit.obligation_id, county, day)


def _period(rule: ObligationRule, unit: Unit, calendar: Calendar) -> Period:
    found = [
        one
        for one in periods.of_year(rule.period, calendar)
        if (one.key, one.start) == (unit.period_key, unit.start_on)
    ]
    return found[0] if found else Period(unit.period_key, unit.start_on, unit.end_on, None, 1, calendar)


def _facts(unit: Unit, rule: ObligationRule, period: Period, on: date) -> dict[str, Any]:
    told: dict[str, Any] = {
        "name": unit.name,
        "title": rule.title,
        "count": unit.count,
        "needed": unit.needed,
        "start": unit.start_on,
        "due_on": unit.due_on,
        "met_on": unit.met_on,
        "period": _("%(start)s至%(due_on)s") % {"start": unit.start_on, "due_on": unit.due_on},
        "elapsed": period.elapsed(on),
        "school_days": period.school_days,
        "bearer": unit.place if unit.bearer_org == unit.unit_org else unit.bearer_name,
        "kinds": "、".join(str(KINDS.get(key, key)) for key in rule.kinds),
    }
    if unit.why == "behind_even":
        told |= _pace(unit, told["elapsed"], period.school_days)
    if unit.why == "exemption":
        told |= _exemption(unit)
    return told


def _pace(unit: Unit, elapsed: int, school_days: int) -> dict[str, int]:
    """The numbers of the bearer's whole group: they change with every record, so they are never stored."""
    group = Standing.objects.filter(
        obligation_id=unit.obligation_id, period_key=unit.period_key, bearer_org=unit.bearer_org
    ).exclude(state=states.EXEMPT)
    counted = list(group.values_list("count", "needed"))
    total = sum(needed for _count, needed in counted)
    done = sum(min(count, needed) for count, needed in counted)
    return {"expected": total * elapsed // max(school_days, 1), "done": done, "total": total}


def _exemption(unit: Unit) -> dict[str, str]:
    found = Exemption.objects.filter(pk=unit.exemption).first() if unit.exemption else None
    if found is None:
        unseen = {"reason": _("原因见批准单位"), "decided_by": _("上级"), "approver": _("见批准单位")}
        return {**unseen, "days": _("期限见批准单位")}
    days = {"from_day": found.from_day.isoformat(), "until": found.until_day and found.until_day.isoformat()}
    return {
        "reason": found.reason,
        "decided_by": found.decided_by,
        "approver": found.approver,
        "days": (_("自%(from_day)s起，%(until)s恢复") if found.until_day else _("自%(from_day)s起长期"))
        % days,
    }


def _records(unit: Unit, rule: ObligationRule, period: Period, on: date) -> list[Evidence]:
    """The records that counted, as far as the asker may see them. One query per record kind."""
    values = derive.parameters(rule, period, on, 0, 0)
    values |= {
        "subject": unit.subject,
        "unit_lo": unit.unit_org,
        "unit_hi": _upper(unit),
        "bearer": unit.bearer_org,
    }
    covered = _coverage(rule)
    found: dict[tuple[str, UUID], Evidence] = {}
    for counted in rule.counts:
        if counted.kind not in kinds:
            continue
        constants: dict[str, Any] = {}
        conditions = " AND ".join([*derive.qualifying(counted, rule, kinds, constants), covered])
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT kind, id, occurred_on, category, source_url FROM {view_name(counted.kind)}"
                f" WHERE {conditions} ORDER BY occurred_on, id LIMIT 200",
                {**values, **constants},
            )
            for kind, key, day, category, url in cursor.fetchall():
                label = str(kinds.get(kind).label)
                found.setdefault((kind, key), Evidence(kind, label, key, day, category, url))
    return list(found.values())


def _coverage(rule: ObligationRule) -> str:
    if rule.coverage == "subject":
        return "subject_id = %(subject)s"
    text = (
        derive.OWN_OF_COUNTY
        if (rule.coverage, rule.unit) == ("own", "county")
        else derive.COVERAGE[rule.coverage]
    )
    names = {"f.": "", "u.unit_lo": "%(unit_lo)s", "u.unit_hi": "%(unit_hi)s", "u.bearer_org": "%(bearer)s"}
    for old, new in names.items():
        text = text.replace(old, new)
    return text
