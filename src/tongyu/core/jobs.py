"""Background work, on procrastinate: the only module that knows the queue.

A job is enqueued in the same transaction as the data it is about, and runs under the scope of whoever asked for
it, so row-level security holds in the worker too. Arguments are ids and codes, never personal data (C27).
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app
from procrastinate.jobs import Status

from tongyu.core import clock
from tongyu.core.context import Scope, acting, current_scope, system_scope
from tongyu.core.models import JobProgress, JobState

logger = logging.getLogger(__name__)

Work = Callable[..., dict[str, Any] | None]
TRIES = 3
_given_up: dict[str, Callable[..., None]] = {}


class JobRefused(Exception):
    """A job that cannot be done, told in Chinese to the person who asked; nothing of it was kept."""


class Progress:
    """How a running job tells how far it is: on an own connection, so that it shows before the job commits."""

    def __init__(self, job_id: UUID) -> None:
        self.job_id = job_id
        self._connection: Any = None

    def report(self, done: int, total: int, message: str = "") -> None:
        """Show `done` of `total`; commits at once."""
        if self._connection is None:
            self._connection = connections[DEFAULT_DB_ALIAS].copy()
            self._connection.connect()
        with self._connection.connection.transaction():
            self._connection.send_scope()
            self._connection.connection.execute(
                "UPDATE core_jobprogress SET done = %s, total = %s, message = %s WHERE id = %s",
                [done, total, message[:300], self.job_id],
            )

    def close(self) -> None:
        """Give the connection back."""
        if self._connection is not None:
            self._connection.close()


def job(name: str, *, given_up: Callable[..., None] | None = None) -> Callable[[Work], Work]:
    """Declare the work of a job that people ask for: `def work(progress, **args) -> result`.

    `given_up(**args)` puts right what waits for the job, when its worker died under it too often.

    The work runs in no transaction of its own; it opens one, and commits all or nothing.
    """

    def declare(work: Work) -> Work:
        app.task(name=name)(partial(_run, work))
        if given_up is not None:
            _given_up[name] = given_up
        return work

    return declare


def periodic(name: str, cron: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare work that the worker does by the clock, under the system's scope: `def work() -> None`."""

    def declare(work: Callable[[], None]) -> Callable[[], None]:
        def run(timestamp: int) -> None:
            with acting(system_scope(name)):
                work()

        app.periodic(cron=cron)(app.task(name=name)(run))
        return work

    return declare


@periodic("core.retry_stalled", "* * * * *")
def retry_stalled() -> None:
    """Every minute: begin anew the jobs whose worker died under them; a job commits all or nothing.

    A job that ended its worker so often that something must be wrong with it is given up, and says so.
    """
    for stalled in async_to_sync(app.job_manager.get_stalled_jobs)():
        if stalled.attempts + 1 < TRIES:
            app.job_manager.retry_job_by_id(int(stalled.id or 0), clock.now())
            continue
        async_to_sync(app.job_manager.finish_job)(stalled, Status.FAILED, delete_job=False)
        _give_up(stalled.task_name, _arguments(stalled.task_kwargs))


def _arguments(stored: Any) -> dict[str, Any]:
    """What the job was asked with; Django's cursors give it as text."""
    found: dict[str, Any] = json.loads(stored) if isinstance(stored, str) else stored
    return found


def _give_up(task: str, asked: dict[str, Any]) -> None:
    """Tell whoever waits for the job; periodic work has nobody."""
    if "job_id" not in asked:
        return
    text = _("任务多次中断，什么都没有保存。请告诉管理员任务编号 %(id)s。") % {"id": asked["job_id"][-12:]}
    with acting(Scope(**asked["scope"])):
        if task in _given_up:
            _given_up[task](**asked["args"])
        _set(asked["job_id"], state=JobState.FAILED, message=text, finished_at=clock.now())


def enqueue(task_name: str, *, title: str, org: int, **args: Any) -> JobProgress:
    """Ask for a job under the scope in force; it starts when the running transaction commits."""
    scope = current_scope()
    with transaction.atomic():
        progress = JobProgress.objects.create(kind=task_name, title=title, asked_by=scope.person, org=org)
        app.configure_task(task_name, allow_unknown=False).defer(
            job_id=str(progress.pk), scope=asdict(scope), args=args
        )
    return progress


def _run(work: Work, job_id: str, scope: dict[str, Any], args: dict[str, Any]) -> None:
    progress = Progress(UUID(job_id))
    with acting(Scope(**scope)):
        _set(job_id, state=JobState.RUNNING, started_at=clock.now())
        try:
            result = work(progress, **args) or {}
        except JobRefused as refusal:
            _set(job_id, state=JobState.FAILED, message=str(refusal)[:300], finished_at=clock.now())
        except Exception:
            logger.exception("job %s failed", job_id)
            text = _("系统出错，什么都没有保存。请稍后再试，或告诉管理员任务编号 %(id)s。") % {
                "id": job_id[-12:]
            }
            _set(job_id, state=JobState.FAILED, message=text, finished_at=clock.now())
            raise
        else:
            _set(job_id, state=JobState.DONE, result=result, message="", finished_at=clock.now())
        finally:
            progress.close()


def _set(job_id: str, **fields: Any) -> None:
    with transaction.atomic():
        JobProgress.objects.filter(pk=job_id).update(**fields)


def run_waiting() -> None:
    """Do every job that waits, then return: what the worker does, once. For tests and the demo."""
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)
