"""Background work, on procrastinate: the only module that knows the queue.

A job is enqueued in the same transaction as the data it is about, and runs under the scope of whoever asked for
it, so row-level security holds in the worker too. Arguments are ids and codes, never personal data (C27).
"""

import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from asgiref.sync import async_to_sync
from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from tongyu.core import clock
from tongyu.core.context import Scope, acting, current_scope, system_scope
from tongyu.core.models import JobEnd, JobProgress, JobState, KeptFile

logger = logging.getLogger(__name__)

Work = Callable[..., dict[str, Any] | None]
TRIES = 3
_given_up: dict[str, Callable[..., None]] = {}
FORGOTTEN_HOURS = 24 * 14


@dataclass(frozen=True)
class Declared:
    """A kind of background work as the administrator reads it: what it is called, and when it comes again."""

    name: str
    label: Any
    cron: str = ""
    """When it comes by the clock (UTC); empty for what people ask for."""
    again: bool = False
    """Whether it may be run at any time without harm."""

    def next_after(self, moment: datetime) -> datetime | None:
        """When it comes next."""
        for task in app.periodic_registry.periodic_tasks.values():
            if task.task.name == self.name:
                found: datetime = type(task.croniter)(self.cron, moment).get_next(datetime)
                return found
        return None


declared: dict[str, Declared] = {}


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


def job(name: str, *, label: Any, given_up: Callable[..., None] | None = None) -> Callable[[Work], Work]:
    """Declare the work of a job that people ask for: `def work(progress, **args) -> result`.

    `label` is what the administrator reads; it holds no name and no content.

    `given_up(**args)` puts right what waits for the job, when its worker died under it too often.

    The work runs in no transaction of its own; it opens one, and commits all or nothing.
    """

    def declare(work: Work) -> Work:
        app.task(name=name)(partial(_run, work))
        declared[name] = Declared(name, label)
        if given_up is not None:
            _given_up[name] = given_up
        return work

    return declare


def chore(name: str, *, queue: str = "default") -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare work that the house asks of itself with `ask_chore`, under the system's scope: `def work() -> None`.

    Nobody waits for it, and doing it twice or once more does no harm. `queue`: see `tongyu.cli.run.commands`.
    """

    def declare(work: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            with acting(system_scope(name)):
                work()

        app.task(name=name, queue=queue)(run)
        return work

    return declare


def ask_chore(name: str) -> None:
    """Have a chore done when the running transaction commits."""
    app.configure_task(name, allow_unknown=False).defer()


def periodic(
    name: str, cron: str, *, label: Any, again: bool = False, queue: str = "default"
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Declare work that the worker does by the clock, under the system's scope: `def work() -> None`.

    `again`: running it once more at any time does no harm, so the administrator may ask for it.
    """

    def declare(work: Callable[[], None]) -> Callable[[], None]:
        def run(timestamp: int) -> None:
            with acting(system_scope(name)):
                work()

        app.periodic(cron=cron)(app.task(name=name, queue=queue)(run))
        declared[name] = Declared(name, label, cron, again)
        return work

    return declare


def run_again(name: str) -> None:
    """Have periodic work done now, once; JobRefused when it waits already or may not be run by hand."""
    found = declared.get(name)
    if found is None or not found.again:
        raise JobRefused(_("这项任务不能手动运行。"))
    try:
        with transaction.atomic():
            task = app.configure_task(name, allow_unknown=False, queueing_lock=f"again:{name}")
            task.defer(timestamp=int(clock.now().timestamp()))
    except AlreadyEnqueued:
        raise JobRefused(_("已经在排队，不用再点。")) from None


@periodic("core.forget_jobs", "30 18 * * *", label=gettext_lazy("清理过期的任务记录和导出文件"), again=True)
def forget_jobs() -> None:
    """Every night: delete finished jobs of a fortnight ago, and files that were kept for their asker long enough."""
    async_to_sync(app.job_manager.delete_old_jobs)(
        FORGOTTEN_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
    )
    with transaction.atomic():
        KeptFile.objects.filter(kept_until__lt=clock.now()).delete()
        long_ago = clock.now() - timedelta(days=60)
        JobProgress.objects.filter(finished_at__lt=long_ago).delete()


@periodic("core.retry_stalled", "* * * * *", label=gettext_lazy("重新开始中断的任务"))
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
        _fail(asked["job_id"], JobEnd.GIVEN_UP, text)


def enqueue(task_name: str, *, title: str, org: int, **args: Any) -> JobProgress:
    """Ask for a job under the scope in force; it starts when the running transaction commits."""
    scope = current_scope()
    with transaction.atomic():
        progress = JobProgress.objects.create(
            kind=task_name, title=title[:200], asked_by=scope.person, org=org
        )
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
            _fail(job_id, JobEnd.REFUSED, str(refusal))
        except Exception:
            logger.exception("job %s failed", job_id)
            text = _("系统出错，什么都没有保存。请稍后再试，或告诉管理员任务编号 %(id)s。") % {
                "id": job_id[-12:]
            }
            _fail(job_id, JobEnd.BROKEN, text)
            raise
        else:
            _set(job_id, state=JobState.DONE, result=result, message="", finished_at=clock.now())
        finally:
            progress.close()


def _fail(job_id: str, ended: str, text: str) -> None:
    _set(job_id, state=JobState.FAILED, ended=ended, message=text[:300], finished_at=clock.now())


def _set(job_id: str, **fields: Any) -> None:
    with transaction.atomic():
        JobProgress.objects.filter(pk=job_id).update(**fields)


def run_waiting() -> None:
    """Do every job that waits, then return: what the worker does, once. For tests and the demo."""
    connector: Any = app.connector
    with app.replace_connector(connector.get_worker_connector()) as worker_app:
        worker_app.run_worker(wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1)
