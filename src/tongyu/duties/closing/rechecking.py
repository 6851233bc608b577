"""A closed period derived anew from what its closing stored, and compared bit by bit."""

from dataclasses import dataclass

from tongyu.duties import engine as engines
from tongyu.duties.closing import compare, stored
from tongyu.duties.closing.inputs import Reader
from tongyu.duties.closing.models import ClosedDuty, Closing
from tongyu.duties.closing.stored import StoredDuty, whole
from tongyu.duties.closing.writing import duties_of
from tongyu.duties.engine import Engine


@dataclass(frozen=True)
class Rechecked:
    """One closed duty derived anew: how many units stand otherwise, and whether what it rests on has changed."""

    title: str
    period_key: str
    standings: int
    differences: int
    inputs_changed: bool


def recheck(closing: Closing) -> list[Rechecked]:
    """Every duty of a closing, under its latest edition; the caller has a transaction and the engine's scope.

    The plan of today is not asked: rule, window and numbers come from the closing. Writes nothing.
    """
    engine, reader = engines.load(closing.lo, closing.end_on), Reader()
    latest = {
        (row.obligation_id, row.period_key): row
        for row in ClosedDuty.objects.filter(lo=closing.lo, closing__period_key=closing.period_key).order_by(
            "pk"
        )
    }
    return [
        _one(engine, reader, latest[row.obligation_id, row.period_key], duty)
        for row, duty in duties_of(closing)
    ]


def _one(engine: Engine, reader: Reader, row: ClosedDuty, duty: StoredDuty) -> Rechecked:
    span = whole(engine.county)
    number, found = compare.derived_hash(engine, duty, *span)
    same = (number, found) == (row.standings, row.standings_hash)
    differences = 0 if same else max(1, compare.count_differences(engine, duty, *span))
    values = stored.values_of(engine, duty, *span)
    inputs = {} if duty.why_not else reader.inputs(engine, duty.rule, values)
    return Rechecked(duty.rule.title, duty.period.key, number, differences, inputs != row.inputs)
