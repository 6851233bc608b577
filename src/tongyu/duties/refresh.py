"""One saved record: which duties it can touch, in which places, and their recomputation in its own transaction."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from tongyu.core import clock
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import engine as engines
from tongyu.duties import locks, recount, update
from tongyu.duties.engine import Engine
from tongyu.duties.locks import Held
from tongyu.duties.models import Tally
from tongyu.duties.periods import STANDING, Period
from tongyu.duties.units import PEOPLE
from tongyu.plan.rules import CountedKind, ObligationRule
from tongyu.records.facts import Fact

WIDTH_OF_UNIT = {
    "school": codes.WIDTH[BodyKind.SCHOOL],
    "grade": codes.WIDTH[BodyKind.GRADE],
    "class": codes.WIDTH[BodyKind.SCHOOL_CLASS],
    "township": codes.WIDTH[BodyKind.TOWNSHIP],
}
Ranges = list[tuple[int, int]]
Touched = tuple[ObligationRule, Period, Ranges]


def on_record(kind: str, facts: list[Fact]) -> None:
    """The subscriber of `records.life`: facts before and after the change, inside its transaction."""
    if facts:
        refresh(kind, facts, clock.today())


def refresh(kind: str, facts: Sequence[Fact], as_of: date) -> int:
    """Recompute the duties that these facts touch; returns how many standings changed.

    Runs in the caller's transaction. Costs the scope, the locks, and one statement per duty and place.
    """
    with update.as_engine():
        return sum(_refresh(county, kind, own, as_of) for county, own in _by_county(facts).items())


def _refresh(county: int, kind: str, facts: Sequence[Fact], as_of: date) -> int:
    """What to lock is read off the rules that this process knows; what to do, off those in force once it is locked."""
    known = engines.kept(county, as_of) or engines.current(county, as_of)
    held = locks.hold(county, _ranges(touched_by(known, kind, facts, ())), _pupils(facts))
    return apply(engines.marked(held.mark, county, as_of), kind, facts, held)


def apply(engine: Engine, kind: str, facts: Sequence[Fact], held: Held | None = None) -> int:
    """Store the duties that the facts touch, and lock what is not held yet; the caller has transaction and scope."""
    held = held or locks.hold(engine.county, _ranges(touched_by(engine, kind, facts, ())), _pupils(facts))
    touched = list(touched_by(engine, kind, facts, held.classes))
    if not held.covers(_ranges(touched)):
        locks.hold(engine.county, _ranges(touched))
    return sum(_store(engine, rule, period, ranges, _pupils(facts)) for rule, period, ranges in touched)


def _store(
    engine: Engine, rule: ObligationRule, period: Period, ranges: Ranges, pupils: Sequence[UUID]
) -> int:
    changed = 0
    if recount.possible(engine, rule, period, ranges) and not engine.is_closed(rule, period):
        done = [recount.store(engine, rule, period, lo, hi, pupils) for lo, hi in ranges]
        changed = sum(number for _found, number in done)
        if sum(found for found, _number in done) == len(pupils):
            return changed
    return changed + sum(update.store(engine, rule, period, lo, hi)[1] for lo, hi in ranges)


def _ranges(touched: Iterable[Touched]) -> Ranges:
    return [span for _rule, _period, ranges in touched for span in ranges]


def _pupils(facts: Sequence[Fact]) -> list[UUID]:
    return sorted({fact.subject_id for fact in facts if fact.subject_id})


def touched_by(engine: Engine, kind: str, facts: Sequence[Fact], classes: Sequence[int]) -> Iterable[Touched]:
    """Each duty that one of the facts can change, with the places where it can."""
    for rule, counted in engine.counting(kind):
        matching = [fact for fact in facts if any(_matches(one, fact) for one in counted)]
        for period in _periods(engine, rule, matching):
            inside = [fact for fact in matching if _falls_in(fact, period)]
            ranges = [span for fact in inside for span in _places(engine, rule, fact, classes)]
            if ranges:
                yield rule, period, update.merged(ranges)


def _by_county(facts: Sequence[Fact]) -> dict[int, list[Fact]]:
    grouped: dict[int, list[Fact]] = {}
    for fact in facts:
        grouped.setdefault(codes.containing(fact.scope_lo, BodyKind.COUNTY), []).append(fact)
    return grouped


def _matches(counted: CountedKind, fact: Fact) -> bool:
    """Whether the fact may pass the filter. What only SQL can say is taken as a yes."""
    if "category" in counted.where and fact.category not in counted.where["category"]:
        return False
    if "confirmed" in counted.where:
        said = {True: "yes", False: "no", None: ""}[fact.confirmed]
        return said in counted.where["confirmed"]
    return True


def _periods(engine: Engine, rule: ObligationRule, facts: Sequence[Fact]) -> list[Period]:
    """The windows kept up to date, and older ones that are on record and that a late entry falls in."""
    covered = engine.periods_of(rule)
    if rule.period.kind == STANDING or not facts:
        return covered
    earliest = min(fact.occurred_on for fact in facts)
    if covered and earliest >= min(period.start for period in covered):
        return covered
    keys = {period.key for period in covered}
    older = [one for one in engine.windows(rule, engine.calendar_of(earliest)) if one.key not in keys]
    stored = Tally.objects.filter(obligation_id=rule.pk, period_key__in=[one.key for one in older])
    known = set(stored.order_by().values_list("period_key", flat=True).distinct())
    return covered + [one for one in older if one.key in known]


def _falls_in(fact: Fact, period: Period) -> bool:
    return period.key == STANDING or period.start <= fact.occurred_on < period.settled_on


def _places(engine: Engine, rule: ObligationRule, fact: Fact, classes: Sequence[int]) -> Ranges:
    if update.group_reaches_out(rule, engine.county):
        return [update.whole(engine.county)]
    if rule.coverage == "subject":
        if rule.unit not in PEOPLE:
            return [update.whole(engine.county)]
        # A fact about a guardian has the child's class of today for its scope.
        own = [fact.scope_lo] if rule.unit == "guardian" else classes
        ranges = [(code, code + 1) for code in own]
    elif rule.coverage == "own":
        ranges = [(fact.by_body, fact.by_body + 1)]
        if rule.unit == "county":
            ranges = [(engine.county, engine.county + 1)]
    else:
        width = WIDTH_OF_UNIT.get(rule.unit, 1)
        low = fact.scope_lo - fact.scope_lo % width
        ranges = [(low, max(fact.scope_hi, low + 1))]
    if rule.pace == "even" and rule.bearer[0] == "school":
        return [update.whole_schools(lo, hi) for lo, hi in ranges]
    return ranges
