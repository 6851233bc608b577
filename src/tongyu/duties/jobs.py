"""The engine in the background: every night, and when somebody changed what all duties rest on."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock, jobs
from tongyu.core.context import current_scope
from tongyu.core.models import JobProgress, JobState
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.rollover.after import Event
from tongyu.directory.roster.after import Imported
from tongyu.duties import dry_runs, trends, update

FULL = "duties.full"
# 00:10 in China; the worker's clock is UTC. A day that has begun may make duties late.
NIGHTLY = "10 16 * * *"
RECENT = timedelta(minutes=15)


@jobs.periodic("duties.nightly", NIGHTLY, label=gettext_lazy("每晚重新计算全县履责情况"), again=True)
def nightly() -> None:
    """Recompute every county for the day that has begun, and note the day before on the trend."""
    day = clock.today()
    with transaction.atomic():
        dry_runs.forget(clock.now())
    for county in update.counties():
        update.recompute_all(day, county)
        trends.record(day, county)


@jobs.job(FULL, label=gettext_lazy("重新计算全县履责情况"))
def full(progress: jobs.Progress, county: int, as_of: str) -> dict[str, Any]:
    """Recompute one county: after an import, a new calendar, another plan."""
    done = update.recompute_all(date.fromisoformat(as_of), county)
    progress.report(done.duties, done.duties)
    return {"duties": done.duties, "standings": done.standings, "changed": done.changed}


def ask_full(county: int, as_of: date) -> JobProgress:
    """Have the county recomputed as soon as the running transaction has committed.

    What the same person asked for a moment ago and has not begun is enough: the lock keeps it from beginning before.
    """
    asked = {"kind": FULL, "org": county, "asked_by": current_scope().person, "state": JobState.QUEUED}
    with transaction.atomic():
        waiting = JobProgress.objects.select_for_update().filter(**asked, queued_at__gt=clock.now() - RECENT)
        return waiting.first() or jobs.enqueue(
            FULL, title=_("重新计算全县履责情况"), org=county, county=county, as_of=as_of.isoformat()
        )


def on_import(imported: Imported) -> None:
    """A roster changes whom duties are about and who bears them: recompute, in the background."""
    ask_full(codes.containing(imported.by.body_code, BodyKind.COUNTY), imported.day)


def on_roll_over(event: Event) -> None:
    """A county that turned, or turned back, has other units and bearers: recompute, in the background."""
    ask_full(event.county, clock.today())
