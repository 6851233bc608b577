"""A pupil moves: the duties owed to the pupils of both classes are judged anew, in the transaction of the move."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tongyu.core import clock
from tongyu.directory.transfers.after import Move
from tongyu.duties import engine as engines
from tongyu.duties import locks, update
from tongyu.duties.engine import Engine
from tongyu.duties.periods import Period
from tongyu.duties.units import PEOPLE
from tongyu.plan.rules import ObligationRule

Ranges = list[tuple[int, int]]


@contextmanager
def on_move(move: Move) -> Iterator[None]:
    """Hold the places before the pupil's rows are touched, so that a record saved meanwhile cannot wait for us
    while we wait for it; recompute once the pupil is in the new class."""
    today = clock.today()
    with update.as_engine():
        ranges = _places(engines.current(move.county, today), move)
        held = locks.hold(move.county, ranges, [move.student])
    yield
    with update.as_engine():
        engine = engines.marked(held.mark, move.county, today)
        for rule, period in owed_to_pupils(engine):
            for lo, hi in _widened(engine, rule, move.classes):
                update.store(engine, rule, period, lo, hi)


def owed_to_pupils(engine: Engine) -> Sequence[tuple[ObligationRule, Period]]:
    """The duties whose units are pupils, or guardians with their child: no others change when one moves."""
    return [(rule, period) for rule, period in update.measurable(engine) if rule.unit in PEOPLE]


def _places(engine: Engine, move: Move) -> Ranges:
    touched = owed_to_pupils(engine)
    ranges = [span for rule, _period in touched for span in _widened(engine, rule, move.classes)]
    return update.merged(ranges or [(code, code + 1) for code in move.classes])


def _widened(engine: Engine, rule: ObligationRule, classes: Sequence[int]) -> Ranges:
    return update.merged(update.group_of(rule, engine.county, code, code + 1) for code in classes)
