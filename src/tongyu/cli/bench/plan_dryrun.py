"""plan.dryrun: the office tries one home visit more for every pupil, from the click to the list of who would change."""

from typing import Any

from django.db import connections, transaction

from tongyu.cli.bench import sessions
from tongyu.cli.bench.measure import Row, median_seconds, row
from tongyu.core import jobs
from tongyu.core.clock import today
from tongyu.core.context import acting
from tongyu.core.ids import uuid7
from tongyu.directory.hats import hats_of, scope_of
from tongyu.duties import dry_runs, setting, update
from tongyu.duties import engine as engines
from tongyu.duties.models import DryRun
from tongyu.records.facts import view_name

KEY = "home-visit.minimum"
LEAST = 15_000
"""So many pupils were visited once only; fewer would mean that nothing was compared."""


def measure() -> list[Row]:
    """The bound reads every fact of the kind once, counts it by pupil, and writes as many bare rows."""
    update.recompute_all(today())
    return [row("plan.dryrun", median_seconds(_try, warm_up=0, times=3), "s", median_seconds(_bare))]


def _try() -> None:
    """What the click and the job queue do."""
    asker = hats_of(sessions.holders("office_staff", 1, today())[0].account, today())[0].asker
    with acting(scope_of(asker, purpose="bench")):
        since = engines.current(asker.lo, today()).calendar.year.start
        run = setting.ask_dry_run(by=asker, id=uuid7(), key=KEY, value=3, valid_from=since)
        if run.job_id is None:
            raise RuntimeError("no job was asked for")
        progress = jobs.Progress(run.job_id)
        dry_runs.run(progress, run_id=str(run.pk))
        progress.close()
        with transaction.atomic():
            found = DryRun.objects.get(pk=run.pk).summary["changes"]
    if found < LEAST:
        raise RuntimeError(f"only {found} duties would change")


def _bare() -> None:
    connection: Any = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_change AS SELECT subject_id, count(*), max(occurred_on)"
            f" FROM {view_name('home_visit')} GROUP BY 1"
        )
        cursor.execute("DROP TABLE bench_change")
