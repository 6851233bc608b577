"""What boards ask. Every function starts from the asker's jurisdiction and is given its day or period."""

from tongyu.duties.queries.lists import Attention, DueSoon, Unit, attention, due_soon, standings_of, unit_of
from tongyu.duties.queries.mine import DutyCard, my_duties
from tongyu.duties.queries.own import Owed, owed_at
from tongyu.duties.queries.rates import (
    ClauseRate,
    Heat,
    HeatCell,
    HeatRow,
    ObligationRate,
    PlaceRate,
    add,
    by_clause,
    clause_rates,
    heat,
    obligation_counts,
    obligation_rates,
    period_on,
    periods_of_year,
    place_rates,
    township_heat,
)
from tongyu.duties.queries.trends import TrendDay, trend

__all__ = [
    "Attention",
    "ClauseRate",
    "DueSoon",
    "DutyCard",
    "Heat",
    "HeatCell",
    "HeatRow",
    "ObligationRate",
    "Owed",
    "PlaceRate",
    "TrendDay",
    "Unit",
    "add",
    "attention",
    "by_clause",
    "clause_rates",
    "due_soon",
    "heat",
    "my_duties",
    "obligation_counts",
    "obligation_rates",
    "owed_at",
    "period_on",
    "periods_of_year",
    "place_rates",
    "standings_of",
    "township_heat",
    "trend",
    "unit_of",
]
