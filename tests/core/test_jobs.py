"""The queue as people meet it: asked for, seen while it runs, finished or told why not."""

import pytest
from django.db import connection, transaction
from procrastinate.exceptions import TaskNotFound

from tongyu.core import jobs
from tongyu.core.context import Scope, acting, current_scope, system_scope
from tongyu.core.models import JobProgress, JobState

ASKER = Scope(lo=10, hi=20, person="7", actor="account:7", purpose="试验")
STRANGER = Scope(lo=0, hi=1000, person="8", actor="account:8")
SEEN: list[object] = []


@jobs.job("test.count", label="试验")
def count(progress, upto):
    """Counts, and looks at itself half-way from another connection's point of view."""
    SEEN.append(current_scope())
    with transaction.atomic():
        progress.report(upto // 2, upto, "一半")
        SEEN.append((JobProgress.objects.get(pk=progress.job_id).done, JobProgress.objects.get().message))
    return {"counted": upto}


@jobs.job("test.refuse", label="试验")
def refuse(progress):
    with transaction.atomic():
        JobProgress.objects.update(title="不该留下")
        raise jobs.JobRefused("名册已被别人改过，请重新上传。")


@jobs.job("test.break", label="试验")
def break_down(progress):
    raise ZeroDivisionError("secret 622923199003071238")


@pytest.fixture
def queue(committed):
    SEEN.clear()
    return jobs.run_waiting


def ask(name, **args):
    with acting(ASKER), transaction.atomic():
        return jobs.enqueue(name, title="试验任务", org=10, **args)


def seen_by(scope):
    with acting(scope), transaction.atomic():
        return list(JobProgress.objects.values_list("state", "message", "done", "total", "result", "title"))


def test_a_job_runs_under_its_askers_scope_and_shows_how_far_it_is(queue):
    ask("test.count", upto=10)
    assert seen_by(ASKER) == [("queued", "", 0, 0, {}, "试验任务")]
    queue()
    assert SEEN == [ASKER, (5, "一半")]
    assert seen_by(ASKER) == [("done", "", 5, 10, {"counted": 10}, "试验任务")]


def test_a_job_is_seen_by_its_asker_only(queue):
    ask("test.count", upto=10)
    assert seen_by(STRANGER) == []


def test_a_refused_job_keeps_nothing_and_says_why(queue):
    ask("test.refuse")
    queue()
    assert seen_by(ASKER) == [("failed", "名册已被别人改过，请重新上传。", 0, 0, {}, "试验任务")]


def test_a_broken_job_says_so_without_its_inner_text(queue):
    made = ask("test.break")
    queue()
    ((state, message, *_rest),) = seen_by(ASKER)
    assert state == JobState.FAILED
    assert message == f"系统出错，什么都没有保存。请稍后再试，或告诉管理员任务编号 {str(made.pk)[-12:]}。"


def test_a_job_asked_for_in_a_transaction_that_fails_is_not_asked_for(queue):
    def fail():
        with acting(ASKER), transaction.atomic():
            jobs.enqueue("test.count", title="不该有", org=10, upto=2)
            raise ZeroDivisionError

    pytest.raises(ZeroDivisionError, fail)
    queue()
    assert (SEEN, seen_by(ASKER)) == ([], [])


def test_an_unknown_task_is_refused_at_once(queue):
    with pytest.raises(TaskNotFound):
        ask("test.nothing")
    assert seen_by(ASKER) == []


def leave_it_to_a_dead_worker(attempts=0):
    """What a killed worker leaves: the job being done, by a worker that has not been heard of for a while."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '2 minutes') RETURNING id"
        )
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s, attempts = %s",
            [cursor.fetchone()[0], attempts],
        )


def test_a_job_whose_worker_was_killed_is_done_by_the_next(queue):
    ask("test.count", upto=10)
    leave_it_to_a_dead_worker()
    with acting(system_scope("core.retry_stalled")):
        jobs.retry_stalled()
    queue()
    assert seen_by(ASKER) == [("done", "", 5, 10, {"counted": 10}, "试验任务")]


def test_a_job_of_a_living_worker_is_left_alone(queue):
    ask("test.count", upto=10)
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id")
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s", [cursor.fetchone()[0]]
        )
    with acting(system_scope("core.retry_stalled")):
        jobs.retry_stalled()
    queue()
    assert (SEEN, seen_by(ASKER)[0][0]) == ([], "queued")


def test_a_job_that_ends_its_worker_again_and_again_is_given_up(queue):
    made = ask("test.count", upto=10)
    leave_it_to_a_dead_worker(attempts=2)
    with acting(system_scope("core.retry_stalled")):
        jobs.retry_stalled()
    queue()
    text = f"任务多次中断，什么都没有保存。请告诉管理员任务编号 {str(made.pk)[-12:]}。"
    assert (SEEN, seen_by(ASKER)[0][:2]) == ([], ("failed", text))
