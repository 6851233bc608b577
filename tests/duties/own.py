"""Random numbers of the county and of single schools, in the table; and the book of a world's rules that reads them.

The number of a rule has the key `<pk>.minimum` or `<pk>.days`; what is printed is what the rule itself says.
"""

from datetime import timedelta
from typing import Any

from django.db.models import F

from duties.worlds import COUNTY, LONG_AGO, World
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.plan import queries
from tongyu.plan.book import Book, Number
from tongyu.plan.models import LocalNumber, Plan
from tongyu.plan.rules import TAIL_SHARE, ObligationRule

PLAIN = (
    "id",
    "clause",
    "words",
    "title",
    "says",
    "modality",
    "supervisor",
    "combine",
    "coverage",
    "pace",
    "note",
)


def sow(world: World, rules: list[ObligationRule], many: int = 24) -> None:
    """Numbers that the county or a school has set, some that have ended, some withdrawn, some asking less."""
    schools = [body for body in world.bodies if body.kind == BodyKind.SCHOOL]
    apt = [rule for rule in rules if rule.required and rule.bearer[0] in ("school", "class_teacher")] or rules
    for _number in range(many):
        rule = world.dice.choice(apt if world.maybe(0.8) else rules)
        school = world.dice.choice(schools)
        for_school = world.maybe(0.75)
        days = world.maybe(0.3) and rule.denominator.days
        since = world.day(60, 0) if world.maybe(0.5) else world.day(60, 300)
        row = LocalNumber(
            id=world.uuid(),
            org=school.code if for_school else COUNTY,
            hi=school.hi if for_school else codes.upper(COUNTY, BodyKind.COUNTY),
            plan=Plan.objects.get(),
            key=f"{rule.pk}.days" if days else f"{rule.pk}.minimum",
            value=world.dice.choice((1, 5, 20, 60)) if days else world.dice.choice((0, 1, 2, 3, 4, 4)),
            valid_from=since,
            paper="-",
            paper_date=since,
            reason="-",
            by_account=1,
        )
        if world.maybe(0.4):
            row.until_day, row.ended_by = since + timedelta(days=world.dice.choice((0, 30, 120))), 1
            row.ended_reason = "-"
        same = LocalNumber.objects.filter(org=row.org, key=row.key, valid_from=since)
        if not same.exclude(until_day=F("valid_from")).exists():
            row.save()


def book_of(rules: list[ObligationRule]) -> Book:
    """The rules as an edition would have them, with what stands in the table."""
    held = queries.book(Plan.objects.get(), COUNTY)
    printed = [Number(TAIL_SHARE, LONG_AGO, rules[0].tail_share)]
    for rule in rules:
        printed += [Number(key, LONG_AGO, value) for key, value in _values(rule).items()]
    return Book(
        [(rule.pk, _compiled(rule)) for rule in rules],
        [*printed, *(one for one in held.numbers if one.local)],
        held.own,
    )


def _values(rule: ObligationRule) -> dict[str, Any]:
    found: dict[str, Any] = {f"{rule.pk}.minimum": rule.minimum}
    if rule.period.window:
        first, last = (f"{month:02}-{day:02}" for month, day in rule.period.window)
        found[f"{rule.pk}.window"] = f"{first}..{last}"
    if rule.period.days:
        found[f"{rule.pk}.length"] = rule.period.days
    if rule.denominator.days:
        found[f"{rule.pk}.days"] = rule.denominator.days
    return found


def _compiled(rule: ObligationRule) -> dict[str, Any]:
    lists = {
        name: list(getattr(rule, name)) for name in ("bearer", "accountable", "partners", "unknown_when")
    }
    field = "enrolled_days" if rule.denominator.enrolled_days else "open_days"
    return {name: getattr(rule, name) for name in PLAIN} | {
        **lists,
        "unit": rule.unit,
        "period": rule.period.kind,
        "window": f"{rule.pk}.window" if rule.period.window else None,
        "days": f"{rule.pk}.length" if rule.period.days else None,
        "minimum": f"{rule.pk}.minimum",
        "counts": [
            {"kind": one.kind, "where": {k: list(v) for k, v in one.where.items()}} for one in rule.counts
        ],
        "denominator": {field: f"{rule.pk}.days"} if rule.denominator.days else {},
        "exclusions": {name: list(values) for name, values in rule.exclusions.items()},
        "exceptions": [],
    }
