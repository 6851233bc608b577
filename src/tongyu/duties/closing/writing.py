"""Writes a closing or a restatement with its duties, its frozen standings and its place in the chain.

The caller holds the county's lock, the transaction and the engine's scope.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib.metadata import version
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core import clock, seals
from tongyu.core.statistics import refresh_statistics
from tongyu.directory.calendar import Calendar
from tongyu.duties import engine as engines
from tongyu.duties import states
from tongyu.duties.closing import compare, freezing, stored
from tongyu.duties.closing.chain import FIRST, digest, hash_of, plain
from tongyu.duties.closing.inputs import Reader
from tongyu.duties.closing.models import ClosedDuty, ClosedNumber, ClosedStanding, Closing
from tongyu.duties.closing.preview import Preview
from tongyu.duties.closing.stored import StoredDuty, whole
from tongyu.duties.closing.windows import Book, Window
from tongyu.duties.engine import Engine
from tongyu.duties.models import Standing, Tally

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Signature:
    """Who closes, under which id, and of a restatement why."""

    id: UUID
    account: int
    name: str
    reason: str = ""


def close(county: int, preview: Preview, signed: Signature, report: Report) -> Closing:
    """Freeze every window of the preview."""
    calendar = preview.windows[0].period.calendar
    assert calendar is not None
    engine = engines.load(county, calendar.year.last_day)
    rows, own = _new_duties(engine, preview.windows)
    ClosedNumber.objects.bulk_create(own)
    duties = [stored.from_row(row, [row.pk]) for row in rows]
    for place, duty in enumerate(duties, start=1):
        freezing.freeze(engine, duty)
        report(place, len(rows))
    refresh_statistics(ClosedStanding)
    _measure(engine, rows, duties)
    freezing.publish(county, duties)
    refresh_statistics(Standing, Tally)
    made = Closing(
        period_key=preview.one.key,
        first_on=preview.one.span.start,
        end_on=preview.one.span.end,
        settled_on=preview.settled_on,
        basis=_basis(preview.windows, calendar),
    )
    return _seal(county, made, rows, signed)


def restate(closing: Closing, signed: Signature, report: Report) -> Closing | None:
    """Derive the closed period anew and freeze what differs as the next edition; None when nothing does."""
    county = closing.lo
    engine = engines.load(county, closing.end_on)
    rows: list[ClosedDuty] = []
    restated: list[StoredDuty] = []
    changed, every = 0, list(duties_of(closing))
    for place, (row, duty) in enumerate(every, start=1):
        compare.note_differences(engine, duty, *whole(county))
        differing = _noted(duty)
        if differing:
            rows.append(_copy(row, _next_ids(1)[0]))
            freezing.restate(duty, rows[-1].pk)
            restated.append(replace(duty, editions=[*duty.editions, rows[-1].pk]))
            changed += differing
        report(place, len(every))
    if not rows:
        return None
    _measure(engine, rows, restated)
    freezing.publish(county, restated)
    made_of = {name: getattr(closing, name) for name in ("period_key", "first_on", "end_on", "settled_on")}
    before = Closing.objects.filter(lo=county, period_key=closing.period_key).count()
    basis = {**closing.basis, "engine": version("tongyu"), "audit": _audit()}
    return _seal(county, Closing(**made_of, basis=basis, edition=before, changed=changed), rows, signed)


def duties_of(closing: Closing) -> Iterator[tuple[ClosedDuty, StoredDuty]]:
    """The duties of a closing as they were first closed, each with its rows under all editions. Two queries."""
    editions: dict[tuple[int, str], list[int]] = {}
    later = ClosedDuty.objects.filter(lo=closing.lo, closing__period_key=closing.period_key)
    for obligation, key, pk in later.order_by("pk").values_list("obligation_id", "period_key", "pk"):
        editions.setdefault((obligation, key), []).append(pk)
    for row in closing.duties.order_by("pk"):
        yield row, stored.from_row(row, editions[row.obligation_id, row.period_key])


def _new_duties(engine: Engine, windows: Sequence[Window]) -> tuple[list[ClosedDuty], list[ClosedNumber]]:
    book, rows, every = Book(engine.county), [], []
    for pk, window in zip(_next_ids(len(windows)), windows, strict=True):
        own = [] if engine.why_not(window.rule) else _own(book, window)
        rule = _rule(book, window, engine.why_not(window.rule), own)
        every += [ClosedNumber(duty_id=pk, org=org, hi=hi, parameters=told) for org, hi, told in own]
        rows.append(
            ClosedDuty(
                pk=pk,
                lo=engine.county,
                obligation_id=window.rule.pk,
                period_key=window.period.key,
                period=stored.period_as_json(window.period),
                rule=rule,
                rule_hash=digest(rule),
            )
        )
    return rows, every


def _own(book: Book, window: Window) -> list[Any]:
    """The schools whose own numbers hold in the window: the places, and all the numbers that the rule rests on."""
    edition, day = book.of(window.plan), window.numbers_of
    compiled = window.compiled(edition)
    county = stored.numbers_of(compiled, edition.values(day))
    found = [
        [org, hi, stored.numbers_of(compiled, edition.values(day, org))] for org, hi in edition.schools()
    ]
    return plain([one for one in found if one[2] != county])


def _rule(book: Book, window: Window, why_not: str, own: list[Any]) -> Any:
    """All that the duty is judged by: the compiled obligation, its numbers, how unclear words were read; and the
    digest of the schools' own numbers, where there are any."""
    plan, edition = window.plan, book.of(window.plan)
    compiled = window.compiled(edition)
    readings = [
        {
            "kind": row.kind,
            "words": row.words,
            "reading": row.reading,
            "valid_from": row.valid_from.isoformat(),
        }
        for row in book.readings(plan, window.period.due_on)
        if row.obligation_id == window.rule.pk
    ]
    numbers = stored.numbers_of(compiled, edition.values(window.numbers_of))
    told = {"own": digest(own)} if own else {}
    return plain(
        {
            **told,
            "plan": plan.pk,
            "compiled": compiled,
            "parameters": numbers,
            "readings": readings,
            "why_not": why_not,
        }
    )


def _measure(engine: Engine, rows: Sequence[ClosedDuty], duties: Sequence[StoredDuty]) -> None:
    """Counts, numbers and hashes of what is frozen by now, and of what it rests on."""
    reader, figures = Reader(), freezing.figures(engine.county, duties)
    for row, duty in zip(rows, duties, strict=True):
        values = stored.values_of(engine, duty, *whole(engine.county))
        row.inputs = {} if duty.why_not else reader.inputs(engine, duty.rule, values)
        row.inputs_hash = digest(row.inputs)
        found = figures[duty.pk]
        row.counts, row.standings, row.standings_hash = found.counts, found.standings, found.hash


def _copy(row: ClosedDuty, pk: int) -> ClosedDuty:
    same = ("lo", "obligation_id", "period_key", "period", "rule", "rule_hash")
    return ClosedDuty(pk=pk, **{name: getattr(row, name) for name in same})


def _seal(county: int, made: Closing, rows: Sequence[ClosedDuty], signed: Signature) -> Closing:
    """Sign the closing, chain it to the one before, and store it with its duties."""
    last = Closing.objects.filter(lo=county).order_by("-number").first()
    made.pk, (made.lo, made.hi) = signed.id, whole(county)
    made.by_account, made.by_name, made.reason = signed.account, signed.name, signed.reason
    made.number = last.number + 1 if last else 1
    made.before = last.hash if last else FIRST
    made.closed_on, made.closed_at = clock.today(), clock.now()
    made.standings = sum(row.standings for row in rows)
    made.counts = {state: sum(row.counts[state] for row in rows) for state in states.STATES}
    for row in rows:
        row.closing = made
    made.hash = hash_of(made, rows)
    made.save(force_insert=True)
    ClosedDuty.objects.bulk_create(rows)
    return made


def _basis(windows: Sequence[Window], calendar: Calendar) -> dict[str, Any]:
    plans = {window.plan.pk: window.plan.number for window in windows}
    return plain(
        {
            "plans": [{"id": pk, "number": number} for pk, number in sorted(plans.items())],
            "calendar": {
                "start_year": calendar.start_year,
                "year": _span(calendar.year.start, calendar.year.end),
                "terms": [[term.number, *_span(term.span.start, term.span.end)] for term in calendar.terms],
                "off": sorted(day.isoformat() for day in calendar.off),
                "worked": sorted(day.isoformat() for day in calendar.worked),
            },
            "engine": version("tongyu"),
            "audit": _audit(),
        }
    )


def _audit() -> dict[str, Any]:
    """The audit's latest seal: so the closing also tells that no seal before it was taken away."""
    head = seals.head()
    return {"seal": head.number, "hash": head.hash}


def _span(start: date, end: date) -> list[str]:
    return [start.isoformat(), end.isoformat()]


def _noted(duty: StoredDuty) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*)::int FROM duties_difference WHERE duty_id = %s", [duty.pk])
        return int(cursor.fetchone()[0])


def _next_ids(many: int) -> list[int]:
    """Row numbers for duties whose frozen standings are written before they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence('duties_closedduty', 'id')) FROM generate_series(1, %s)",
            [many],
        )
        return [row[0] for row in cursor.fetchall()]
