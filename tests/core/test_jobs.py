"""The queue as people meet it: asked for, seen while it runs, finished or told why not."""

import pytest
from django.db import transaction
from procrastinate.exceptions import TaskNotFound

from tongyu.core import jobs
from tongyu.core.context import Scope, acting, current_scope
from tongyu.core.models import JobProgress, JobState

ASKER = Scope(lo=10, hi=20, person="7", actor="account:7", purpose="试验")
STRANGER = Scope(lo=0, hi=1000, person="8", actor="account:8")
SEEN: list[object] = []


@jobs.job("test.count")
def count(progress, upto):
    """Counts, and looks at itself half-way from another connection's point of view."""
    SEEN.append(current_scope())
    with transaction.atomic():
        progress.report(upto // 2, upto, "一半")
        SEEN.append((JobProgress.objects.get(pk=progress.job_id).done, JobProgress.objects.get().message))
    return {"counted": upto}


@jobs.job("test.refuse")
def refuse(progress):
    with transaction.atomic():
        JobProgress.objects.update(title="不该留下")
        raise jobs.JobRefused("名册已被别人改过，请重新上传。")


@jobs.job("test.break")
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
