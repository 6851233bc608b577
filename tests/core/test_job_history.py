"""What the administrator reads: every kind of work, how it ended, when it comes next; and running one again."""

from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from tests.core.test_jobs import ask, leave_it_to_a_dead_worker
from tongyu.core import clock, jobs
from tongyu.core.context import acting, system_scope
from tongyu.core.job_history import asked_work, periodic_work, worker_heard
from tongyu.core.models import JobProgress, KeptFile

RUNS: list[str] = []


@jobs.periodic("test.tidy", "0 3 * * *", label="整理", again=True)
def tidy():
    RUNS.append("tidy")


@jobs.periodic("test.once_only", "0 4 * * *", label="不能再来")
def once_only():
    raise ZeroDivisionError("secret")


@jobs.job("test.plain", label="普通")
def plain(progress):
    return {}


@pytest.fixture
def queue(committed):
    RUNS.clear()
    with acting(system_scope("test")):
        yield jobs.run_waiting


def line(found, name):
    """The line of one kind of work."""
    return next(one for one in found if one.kind.name == name)


def test_every_kind_has_a_label_and_one_of_the_two_tables_shows_it(queue):
    shown = {one.kind.name for one in (*periodic_work(), *asked_work(0, 10**18))}
    assert shown == set(jobs.declared)
    assert all(str(one.label) for one in jobs.declared.values())


def test_what_never_ran_says_when_it_comes(queue):
    tidying = line(periodic_work(), "test.tidy")
    assert (tidying.state, tidying.started_at, tidying.took) == ("", None, None)
    assert isinstance(tidying.next_at, datetime)
    assert clock.now() < tidying.next_at <= clock.now() + timedelta(days=1)


def test_work_is_run_again_once_however_often_it_is_asked_for(queue):
    jobs.run_again("test.tidy")
    assert line(periodic_work(), "test.tidy").waiting == 1
    with pytest.raises(jobs.JobRefused, match="已经在排队"):
        jobs.run_again("test.tidy")
    queue()
    found = line(periodic_work(), "test.tidy")
    assert (RUNS, found.state, found.waiting, found.took is not None) == (["tidy"], "done", 0, True)


@pytest.mark.parametrize("name", ["test.once_only", "test.count", "", "x" * 60])
def test_what_may_not_be_run_by_hand_is_refused(queue, name):
    with pytest.raises(jobs.JobRefused, match="不能手动运行"):
        jobs.run_again(name)


def test_a_failure_has_a_reason_in_plain_words_and_tells_no_content(queue):
    ask("test.refuse")
    ask("test.break")
    ask("test.plain")
    leave_it_to_a_dead_worker(attempts=2)
    jobs.retry_stalled()
    queue()
    ends = {one.kind.name: (one.state, one.ended, one.failed) for one in asked_work(0, 10**18) if one.state}
    assert ends == dict.fromkeys(("test.refuse", "test.break", "test.plain"), ("failed", "given_up", 1))
    ask("test.refuse")
    ask("test.break")
    ask("test.plain")
    queue()
    found = {
        one.kind.name: (one.state, one.ended, one.done, one.failed)
        for one in asked_work(0, 10**18)
        if one.state
    }
    assert found == {
        "test.refuse": ("failed", "refused", 0, 2), "test.break": ("failed", "broken", 0, 2),
        "test.plain": ("done", "", 1, 1),
    }  # fmt: skip
    assert "请重新上传" not in str(asked_work(0, 10**18))


def test_another_countys_work_is_not_counted_among_ones_own(queue):
    org = ask("test.plain").org
    queue()
    assert line(asked_work(org, org + 1), "test.plain").done == 1
    other = line(asked_work(org + 1, org + 2), "test.plain")
    assert (other.state, other.done, other.started_at) == ("", 0, None)


def test_a_worker_that_is_silent_is_noticed(queue):
    assert worker_heard() == (None, False)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    assert worker_heard()[1]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '5 minutes'")
    assert not worker_heard()[1]


def test_old_jobs_and_files_are_forgotten_and_fresh_ones_are_not(queue):
    old, fresh = ask("test.plain"), ask("test.plain")
    queue()
    with transaction.atomic():
        for job, until in ((old, -1), (fresh, 1)):
            KeptFile.objects.create(
                job=job,
                asked_by="7",
                org=10,
                role="x",
                name="名单",
                asked_text="/",
                kept_until=clock.now() + timedelta(until),
            )
        JobProgress.objects.filter(pk=old.pk).update(finished_at=clock.now() - timedelta(days=61))
    jobs.forget_jobs()
    with transaction.atomic():
        assert list(JobProgress.objects.values_list("pk", flat=True)) == [fresh.pk]
        assert list(KeptFile.objects.values_list("job", flat=True)) == [fresh.pk]
