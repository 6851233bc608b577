"""rollover.county: 120 schools into the next school year, from the office's preview until every duty is right again."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

from tongyu.cli.bench import engine_full, sessions
from tongyu.cli.bench.measure import Row, row, seconds
from tongyu.core import jobs
from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.context import acting
from tongyu.directory import actions as calendar
from tongyu.directory import codes
from tongyu.directory.hats import hats_of, scope_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import RollOver, RollOverState
from tongyu.directory.rollover import actions
from tongyu.directory.roster.starting import stored_asker

TERMS = ((1, (9, 1), (1, 20)), (2, (2, 21), (7, 7)))
TABLES = ("body", "student", "enrolment", "guardianship", "appointment")


def measure() -> list[Row]:
    """Seconds of preview, job and recomputation. Undone afterwards, every row must be as it was.

    The bound ends as many enrolments in a bare copy of the table, and thinks nothing of the duties (see `engine.full`).
    """
    asker = _office()
    year = actions.year_to_roll(today())
    first = settings.TONGYU_TODAY = date(year, 9, 1)
    with acting(scope_of(asker, purpose="bench")):
        _calendar(asker, year)
        before = _digest()
        row_ = actions.open_roll_over(by=asker, start_year=year)
        value = seconds(lambda: _turn(asker, row_)) + seconds(engine_full.recompute)
        bound = seconds(lambda: _bare(first)) + seconds(engine_full.bare)
        _turn_back(asker, row_)
        if _digest() != before:
            raise RuntimeError("undone, the directory is not as it was")
    return [row("rollover.county", value, "s", bound)]


def _office() -> Asker:
    visitor = sessions.holders("office_staff", 1, today())[0]
    return hats_of(visitor.account, today())[0].asker


def _calendar(asker: Asker, year: int) -> None:
    county = codes.containing(asker.body_code, BodyKind.COUNTY)
    for number, first, last in TERMS:
        days = [date(year + (month < 9), month, day) for month, day in (first, last)]
        calendar.set_term_dates(
            by=asker, county=county, start_year=year, number=number, first_day=days[0], last_day=days[1]
        )


def _turn(asker: Asker, row_: RollOver) -> None:
    """What the office's two clicks and the job queue between them do."""
    _again, preview = actions.preview_roll_over(by=asker, roll_over=row_)
    if preview.blocks:
        raise RuntimeError(f"the preview found faults: {[one.text for one in preview.blocks]}")
    asked = actions.run_roll_over(by=asker, roll_over=row_)
    _job(asked, actions.work_roll_over, asker, RollOverState.DONE)


def _turn_back(asker: Asker, row_: RollOver) -> None:
    asked = actions.undo_roll_over(by=asker, roll_over=row_)
    _job(asked, actions.work_undo, asker, RollOverState.UNDONE)


def _job(row_: RollOver, work: Any, asker: Asker, then: RollOverState) -> None:
    """Run the queued job here: the same function with the same arguments."""
    progress = jobs.Progress(row_.job_id)  # type: ignore[arg-type]
    try:
        work(progress, str(row_.pk), stored_asker(asker))
    finally:
        progress.close()
    with transaction.atomic():
        row_.refresh_from_db()
    if row_.state != then:
        raise RuntimeError(f"the roll-over is {row_.state}: {row_.message}")


def _digest() -> list[tuple[int, int]]:
    """How many rows each table has, and a sum over all their texts."""
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*), sum(hashtextextended(t::text, 0)) FROM directory_{table} t")
            found.append(cursor.fetchone())
    return found


def _bare(day: date) -> None:
    owner: Any = connections["owner"]
    with owner.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_enrolment AS TABLE directory_enrolment")
        cursor.execute(
            "UPDATE bench_enrolment SET left_on = %s WHERE id IN"
            " (SELECT row_id::uuid FROM directory_rolloverchange WHERE subject = 'enrolment')",
            [day],
        )
        cursor.execute("DROP TABLE bench_enrolment")
