"""What do I owe: the duties of the asker's own body, by name, with the way to do them."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.urls import NoReverseMatch, reverse

from tongyu.core.access import Asker
from tongyu.directory.calendar import load_calendar
from tongyu.duties import periods, states
from tongyu.duties.periods import BoardPeriod, Period
from tongyu.duties.queries.lists import UNIT, WORST_FIRST, Unit, units
from tongyu.duties.queries.scope import county_of
from tongyu.plan import queries as plan_queries
from tongyu.plan.rules import ObligationRule
from tongyu.records.kinds import kinds

NAMES = 60
"""So many open names a card holds; a class has no more."""

COUNTS = """
SELECT s.obligation_id, s.period_key, s.state, count(*)::int, sum(LEAST(s.count, s.needed))::int, sum(s.needed)::int
FROM duties_standing s
WHERE s.period_key = ANY(%(keys)s) AND (s.bearer_org = %(body)s OR s.org = %(body)s) AND s.state <> 'not_due'
GROUP BY s.obligation_id, s.period_key, s.state
UNION ALL
SELECT t.obligation_id, t.period_key, 'not_due', sum(t.not_due)::int, 0, 0
FROM duties_tally t
WHERE t.period_key = ANY(%(keys)s) AND (t.bearer = %(body)s OR t.place = %(body)s) AND t.not_due > 0
GROUP BY t.obligation_id, t.period_key
"""
"""What nobody owes has a tally and no standings."""


@dataclass
class DutyCard:
    """One obligation as its bearer sees it."""

    rule: ObligationRule
    period: Period | None
    counts: dict[str, int]
    needed: int
    done: int
    this_week: int
    """How many more by the end of the week to be in time: overdue ones, or what the pace asks for."""
    urgency: int
    """0 missing · 1 behind pace or due this week · 2 in progress · 3 done or nothing due"""
    new_url: str
    open: list[Unit] = field(default_factory=list)

    @property
    def due_on(self) -> date | None:
        """The last day to do it in time; None for what must always hold."""
        return self.period.due_on if self.period and self.period.key != periods.STANDING else None


def my_duties(asker: Asker, on: date) -> list[DutyCard]:
    """The obligations that the asker's body bears or is the place of, the most urgent first. Nine queries."""
    county = county_of(asker)
    plan = plan_queries.active(county, on)
    if plan is None:
        return []
    calendar = load_calendar(county, periods.start_year_of(on))
    board = periods.board_period(calendar, on)
    grouped = _counts(asker, board)
    cards = []
    for rule in plan_queries.rules(plan, county, on):
        if rule.pk not in grouped or rule.unit == "guardian":
            continue
        counts, done, needed = grouped[rule.pk]
        period = periods.current(rule.period, calendar, on)
        week = _this_week(rule, period, counts, done, needed, on)
        cards.append(DutyCard(rule, period, counts, needed, done, week, 3, _new_url(rule)))
        cards[-1].urgency = _urgency(cards[-1], on)
    _add_names(asker, board, cards)
    return sorted(cards, key=lambda card: (card.urgency, not card.rule.required, card.due_on or date.max))


def _counts(asker: Asker, board: BoardPeriod) -> dict[int, tuple[dict[str, int], int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(COUNTS, {"keys": list(board.keys), "body": asker.body_code})
        found: dict[int, tuple[dict[str, int], int, int]] = {}
        for obligation, _key, state, number, done, needed in cursor.fetchall():
            counts, before, asked = found.get(obligation, (dict.fromkeys(states.STATES, 0), 0, 0))
            counts[state] += number
            due = state in states.DUE
            found[obligation] = counts, before + (done if due else 0), asked + (needed if due else 0)
    return found


def _this_week(
    rule: ObligationRule, period: Period | None, counts: dict[str, int], done: int, needed: int, on: date
) -> int:
    if not rule.required or period is None:
        return 0
    sunday = on + timedelta(days=7 - on.weekday())
    open_now = sum(counts[state] for state in states.OPEN)
    if period.end <= sunday or counts[states.MISSING]:
        return open_now
    if rule.pace != "even" or not period.school_days:
        return counts[states.BEHIND_PACE]
    return min(open_now, max(0, needed * period.elapsed(sunday) // period.school_days - done))


def _urgency(card: DutyCard, on: date) -> int:
    if card.counts[states.MISSING]:
        return 0
    if card.counts[states.BEHIND_PACE] or card.this_week:
        return 1
    return 2 if card.counts[states.IN_PROGRESS] else 3


def _add_names(asker: Asker, board: BoardPeriod, cards: list[DutyCard]) -> None:
    """One query for the open units of every card, the first NAMES each."""
    open_states: list[Any] = list(states.OPEN)
    where = "s.period_key = ANY(%s) AND (s.bearer_org = %s OR s.org = %s) AND s.state = ANY(%s)"
    ranked = (
        "s.id IN (SELECT id FROM (SELECT s.id, row_number() OVER (PARTITION BY s.obligation_id"
        f" ORDER BY {WORST_FIRST}, s.unit_org, s.id) AS place FROM duties_standing s WHERE {where}) AS r"
        " WHERE place <= %s)"
    )
    parameters = [list(board.keys), asker.body_code, asker.body_code, open_states, NAMES]
    by_pk = {card.rule.pk: card for card in cards}
    for unit in units(
        f"{UNIT} WHERE {ranked} ORDER BY {WORST_FIRST}, s.unit_org, p.name_key, s.id", parameters
    ):
        if unit.obligation_id in by_pk:
            by_pk[unit.obligation_id].open.append(unit)


def _new_url(rule: ObligationRule) -> str:
    """The form of the first record kind that meets it and has one."""
    for key in rule.kinds:
        if key in kinds and kinds.get(key).new_url:
            try:
                return reverse(kinds.get(key).new_url)
            except NoReverseMatch:
                continue
    return ""
