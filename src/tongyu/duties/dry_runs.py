"""What would change if a number were another: derived from live records, set-based, nothing of it stored as standing.

The number is tried on the windows that are kept up to date today, those of earlier school years left out. Where it
will hold only for windows to come, the answer shows how the running ones would stand, and says so.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock, jobs
from tongyu.core.prepared import untyped
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties import engine as engines
from tongyu.duties import states, update
from tongyu.duties.derive import DONE, Statement, cursor_for, parameters
from tongyu.duties.engine import Engine
from tongyu.duties.models import DryRun, DryRunChange
from tongyu.duties.periods import STANDING, Period
from tongyu.duties.units import PEOPLE, keeps_only_done
from tongyu.plan import queries as plan_queries
from tongyu.plan.rules import ObligationRule

JOB = "duties.dry_run"
KEPT = timedelta(days=1)
"""For so long a number may be set from a run; then its names go."""

COMPARE = """
INSERT INTO duties_dryrunchange (id, run_id, org, obligation_id, period_key, subject, was, becomes, at_once)
WITH {ctes},
s AS (SELECT subject, org, state FROM duties_standing
      WHERE obligation_id = %(obligation)s AND period_key = %(period_key)s AND org >= %(lo)s AND org < %(hi)s)
SELECT gen_random_uuid(), %(run)s::uuid, COALESCE(d.place, s.org), %(obligation)s::smallint, %(period_key)s::text,
       {who}, COALESCE(s.state, %(absent_before)s), COALESCE(d.state, %(absent)s), %(at_once)s::boolean
FROM {kept} d FULL JOIN s ON {same}
WHERE COALESCE(d.state, %(absent)s) <> COALESCE(s.state, %(absent_before)s)
"""
SAME_PUPIL, SAME_PLACE = "d.subject = s.subject", "d.place = s.org"
SUMMARY = """
SELECT obligation_id, period_key, at_once, was, becomes, org - org %% {width}, count(*)::int
FROM duties_dryrunchange WHERE run_id = %s GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 4, 5, 6
"""


@dataclass(frozen=True)
class Trial:
    """The engine with the number tried, and the rules that rest on it with their windows of this school year."""

    engine: Engine
    windows: list[tuple[ObligationRule, Period]]
    unmeasurable: int


def trial(place: int, as_of: date, key: str, value: Any) -> Trial:
    """The county's engine of that day, as if the number, of the county or of one school in it, had held since the
    school year began. Nothing is kept."""
    county = codes.containing(place, BodyKind.COUNTY)
    school = None if place == county else span_of(place)
    engine = engines.current(county, as_of)
    plan = plan_queries.active(county, as_of)
    assert plan is not None
    book = engines.whole_book(plan, county).with_value(key, value, engine.calendar.year.start, school)
    concerned = book.resting_on(key)
    tried = engines.with_book(book, county, as_of, engine.calendars)
    tried.since = engine.since
    rules = [rule for rule in tried.rules if rule.pk in concerned]
    windows = [
        (rule, period)
        for rule in rules
        if not tried.why_not(rule)
        for period in tried.periods_of(rule)
        if period.start >= engine.calendar.year.start
    ]
    return Trial(tried, windows, sum(bool(tried.why_not(rule)) for rule in rules))


@jobs.job(JOB, label=gettext_lazy("试算方案数值"))
def run(progress: jobs.Progress, run_id: str) -> dict[str, Any]:
    """The job: compare, keep who would change, count. Refused when plan or calendar change under it."""
    with transaction.atomic():
        row = DryRun.objects.select_for_update().get(pk=run_id)
        if row.ran_at is None:  # else the worker died between its commit and its last word
            with update.as_engine():
                _compare_all(row, progress)
            row.save(update_fields=["mark", "summary", "ran_at"])
    return {"changes": row.summary["changes"]}


def _compare_all(row: DryRun, progress: jobs.Progress) -> None:
    today = clock.today()
    forget(clock.now())
    mark = engines.mark()
    tried = trial(row.org, today, row.key, row.value)
    stands = engines.current(tried.engine.county, today)
    for number, (rule, period) in enumerate(tried.windows):
        progress.report(number, len(tried.windows), rule.title)
        at_once = takes_hold(period, row.valid_from, today)
        _compare(row, stands, tried.engine, rule, period, at_once)
    if engines.mark() != mark:
        raise jobs.JobRefused(_("试算期间方案、数值或校历有变动，结果不可用。请再试算一次。"))
    row.mark, row.ran_at = mark, clock.now()
    row.summary = _summary(row.pk) | {"windows": len(tried.windows), "unmeasurable": tried.unmeasurable}


def forget(moment: datetime) -> None:
    """Delete who would change in trials older than a day: no number is set from them any more."""
    DryRunChange.objects.filter(run__ran_at__lt=moment - KEPT).delete()


def takes_hold(period: Period, valid_from: date, today: date) -> bool:
    """Whether the number will hold for this window: one that begins on its day or later.

    What must always hold has no beginning: it follows from the number's day on.
    """
    return valid_from <= (today if period.key == STANDING else period.start)


def _compare(
    row: DryRun, stands: Engine, tried: Engine, rule: ObligationRule, period: Period, at_once: bool
) -> None:
    for lo, hi, version in tried.segments(rule, period, *span_of(row.org)):
        for start, end, before in stands.segments(rule, period, lo, hi):
            values = parameters(version, period, tried.as_of, start, end)
            values |= {"run": row.pk, "at_once": at_once, "county": tried.county}
            _compare_at(tried.statement(version), version, before, values)


def _compare_at(
    statement: Statement, version: ObligationRule, before: ObligationRule, values: dict[str, Any]
) -> None:
    """Who has no row owes nothing, where only what was done is kept, and is not counted elsewhere."""
    values["absent"] = states.NOT_DUE if keeps_only_done(version) else ""
    values["absent_before"] = states.NOT_DUE if keeps_only_done(before) else ""
    sql = COMPARE.format(
        ctes=statement.ctes,
        kept=DONE if keeps_only_done(version) else "d",
        same=SAME_PUPIL if version.unit in PEOPLE else SAME_PLACE,
        who="NULL" if version.unit == "guardian" else "COALESCE(d.subject, s.subject)",
    )
    with cursor_for(values["lo"], values["hi"]) as cursor:
        cursor.execute(sql, untyped(values | dict(statement.constants)))


def span_of(place: int) -> tuple[int, int]:
    """The places of the county or school with that code."""
    if place == codes.containing(place, BodyKind.COUNTY):
        return update.whole(place)
    return place, codes.upper(place, BodyKind.SCHOOL)


def _summary(run_id: UUID) -> dict[str, Any]:
    names = ("obligation", "period", "at_once", "was", "becomes", "township", "count")
    with connection.cursor() as cursor:
        cursor.execute(SUMMARY.format(width=codes.WIDTH[BodyKind.TOWNSHIP]), [run_id])
        counts = [dict(zip(names, found, strict=True)) for found in cursor.fetchall()]
    return {"counts": counts, "changes": sum(one["count"] for one in counts)}
