"""What ran in the background and how it ended, for the administrator: kinds of work and times; no name, no content."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from tongyu.core import clock
from tongyu.core.context import acting, system_scope
from tongyu.core.jobs import Declared, declared

PERIODIC = """
SELECT n.name, l.status::text, l.attempts,
       (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = l.id AND e.type = 'started'),
       (SELECT max(e.at) FROM procrastinate_events e WHERE e.job_id = l.id AND e.type IN ('succeeded', 'failed')),
       (SELECT count(*) FROM procrastinate_jobs w WHERE w.task_name = n.name AND w.status = 'todo')
FROM unnest(%s::text[]) AS n(name)
LEFT JOIN LATERAL (
    SELECT j.id, j.status, j.attempts FROM procrastinate_jobs j
    WHERE j.task_name = n.name AND j.status <> 'todo' ORDER BY j.id DESC LIMIT 1
) l ON true
"""
ASKED = """
SELECT n.name, l.state, l.ended, l.started_at, l.finished_at, c.waiting, c.done, c.failed
FROM unnest(%(kinds)s::text[]) AS n(name)
LEFT JOIN LATERAL (
    SELECT p.state, p.ended, p.started_at, p.finished_at FROM core_jobprogress p
    WHERE p.kind = n.name AND p.org >= %(lo)s AND p.org < %(hi)s ORDER BY p.queued_at DESC LIMIT 1
) l ON true
CROSS JOIN LATERAL (
    SELECT count(*) FILTER (WHERE p.state = 'queued') AS waiting, count(*) FILTER (WHERE p.state = 'done') AS done,
           count(*) FILTER (WHERE p.state = 'failed') AS failed
    FROM core_jobprogress p
    WHERE p.kind = n.name AND p.queued_at > %(since)s AND p.org >= %(lo)s AND p.org < %(hi)s
) c
"""
HEARD = "SELECT max(last_heartbeat) FROM procrastinate_workers"
COUNTED = timedelta(days=30)
SILENT = timedelta(seconds=60)


@dataclass(frozen=True)
class Ran:
    """One kind of work: how it ran last, and when it comes next."""

    kind: Declared
    state: str
    """queued, running, done, failed; empty when it never ran."""
    ended: str
    started_at: datetime | None
    finished_at: datetime | None
    next_at: datetime | None
    waiting: int = 0
    done: int = 0
    failed: int = 0

    @property
    def took(self) -> timedelta | None:
        """How long the last run took."""
        if self.started_at is None or self.finished_at is None or self.finished_at < self.started_at:
            return None
        return self.finished_at - self.started_at


STATES = {
    "todo": "queued", "doing": "running", "succeeded": "done", "failed": "failed", "cancelled": "failed",
    "aborted": "failed",
}  # fmt: skip


def periodic_work() -> list[Ran]:
    """What comes by the clock, each with its last run. One query, whatever has run."""
    kinds = {one.name: one for one in declared.values() if one.cron}
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(PERIODIC, [list(kinds)])
        rows = cursor.fetchall()
    return [
        Ran(
            kinds[name],
            STATES.get(status or "", ""),
            "" if status != "failed" else "given_up" if attempts > 1 else "broken",
            started,
            finished,
            kinds[name].next_after(now),
            waiting,
        )
        for name, status, attempts, started, finished, waiting in rows
    ]


def asked_work(lo: int, hi: int) -> list[Ran]:
    """What people of the bodies in `[lo, hi)` ask for, each kind with its last run and the counts of a month.

    One query; nobody is named.
    """
    kinds = {one.name: one for one in declared.values() if not one.cron}
    everybody = acting(system_scope("job_history", purpose="后台任务情况"))
    with everybody, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(ASKED, {"kinds": list(kinds), "since": clock.now() - COUNTED, "lo": lo, "hi": hi})
        rows = cursor.fetchall()
    return [
        Ran(kinds[name], state or "", ended or "", started, finished, None, waiting, done, failed)
        for name, state, ended, started, finished, waiting, done, failed in rows
    ]


def worker_heard() -> tuple[datetime | None, bool]:
    """When a worker was heard of last, and whether that is recent enough for work to be done."""
    with connection.cursor() as cursor:
        cursor.execute(HEARD)
        heard: datetime | None = cursor.fetchone()[0]
    return heard, heard is not None and heard > clock.now() - SILENT
