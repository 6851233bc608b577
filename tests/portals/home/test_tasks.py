"""我的任务, long exports made in a job, and the administrator's page."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection, connections, transaction

from support.county import County, as_asker, as_system, signed_in
from tests.core.test_jobs import leave_it_to_a_dead_worker
from tongyu.core import clock, jobs
from tongyu.core.context import acting, system_scope
from tongyu.core.models import JobProgress, KeptFile
from tongyu.directory.models import Appointment, Staff
from tongyu.records import making

LIST = "/directory/students/?format=xlsx&q=%E9%A9%AC"


@pytest.fixture
def county(committed):
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "甲小学")


@pytest.fixture
def leader(county, school, monkeypatch):
    """A leader whose school has three pupils; an export of more than two is long."""
    monkeypatch.setattr(making, "IN_REQUEST", 2)
    class_ = county.class_(school)
    for name in ("马一", "马二", "马三", "王四"):
        county.pupil(class_, name)
    return county.leader(school)


def asked(asker):
    """Ask for the list of pupils; the client and the job's row."""
    client = signed_in(asker)
    answer = client.get(LIST)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/tasks/")
    with as_system():
        return client, JobProgress.objects.latest("queued_at")


def rows_of(answer):
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return sorted(row[1] for row in sheet.iter_rows(min_row=2, values_only=True))


def noted(act):
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, subject, org FROM audit_event WHERE act = %s", [act])
        return cursor.fetchall()


def test_a_short_export_is_given_at_once(leader, monkeypatch):
    monkeypatch.setattr(making, "IN_REQUEST", 3)
    assert rows_of(signed_in(leader).get(LIST)) == ["马一", "马三", "马二"]


def test_a_long_export_is_made_in_a_job_and_fetched_from_the_tasks(leader):
    client, job = asked(leader)
    page = client.get("/tasks/").content.decode()
    assert ("导出：学生" in page, "hx-get" in page, "/file/" in page) == (True, True, False)
    assert client.get(f"/tasks/{job.pk}/file/").status_code == 404
    jobs.run_waiting()
    page = client.get("/tasks/").content.decode()
    assert ("hx-get" in page, f"/tasks/{job.pk}/file/" in page) == (False, True)
    answer = client.get(f"/tasks/{job.pk}/file/")
    assert rows_of(answer) == ["马一", "马三", "马二"]
    actor = f"account:{leader.account_id}"
    assert noted("open_file") == [(actor, "core_keptfile", leader.body_code)]
    assert ("account:" + str(leader.account_id), "directory_student", leader.body_code) in noted("export")


def test_the_file_is_kept_encrypted_and_the_queue_holds_no_name(leader):
    _client, job = asked(leader)
    jobs.run_waiting()
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT content, asked_text FROM core_keptfile")
        ((content, text),) = cursor.fetchall()
        assert b"PK" not in bytes(content)[:40]
        assert "马".encode() not in bytes(text)
        cursor.execute("SELECT args::text FROM procrastinate_jobs")
        assert "马" not in "".join(row[0] for row in cursor.fetchall())
    with as_asker(leader):
        assert KeptFile.objects.get(job=job.pk).size == len(content) - 34


def test_nobody_else_fetches_it_and_neither_does_another_role_of_the_same_account(county, school, leader):
    client, job = asked(leader)
    jobs.run_waiting()
    with as_system():
        staff = Staff.objects.get(pk=leader.staff_id)
    colleague = county.leader(school)
    other_hat = county.teacher(county.class_(school, number=5), staff=staff)
    for stranger in (colleague, county.office_staff(), county.admin()):
        assert signed_in(stranger).get(f"/tasks/{job.pk}/file/").status_code == 404
        assert signed_in(stranger).get(f"/tasks/{job.pk}/").status_code == 404
        assert "导出：学生" not in signed_in(stranger).get("/tasks/").content.decode()
        with as_asker(stranger):
            assert not KeptFile.objects.exists()
    assert signed_in(other_hat).get(f"/tasks/{job.pk}/file/").status_code == 404
    assert client.get(f"/tasks/{job.pk}/file/").status_code == 200


def test_a_file_is_gone_after_a_week(leader):
    client, job = asked(leader)
    jobs.run_waiting()
    with as_system():
        KeptFile.objects.update(kept_until=clock.now() - timedelta(seconds=1))
    assert client.get(f"/tasks/{job.pk}/file/").status_code == 404


def test_an_export_whose_worker_was_killed_is_made_by_the_next_and_only_once(leader):
    client, job = asked(leader)
    leave_it_to_a_dead_worker()
    with acting(system_scope("core.retry_stalled")):
        jobs.retry_stalled()
    jobs.run_waiting()
    assert rows_of(client.get(f"/tasks/{job.pk}/file/")) == ["马一", "马三", "马二"]
    with as_system():
        before = bytes(KeptFile.objects.get().content)
    leave_it_to_a_dead_worker()
    with acting(system_scope("core.retry_stalled")):
        jobs.retry_stalled()
    jobs.run_waiting()
    with as_system():
        assert bytes(KeptFile.objects.get().content) == before


def test_who_lost_the_role_meanwhile_gets_no_file(leader):
    _client, job = asked(leader)
    with as_system():
        Appointment.objects.filter(pk=leader.appointment_id).update(until_day=clock.today())
    jobs.run_waiting()
    with as_system():
        job.refresh_from_db()
        assert (job.state, job.ended, job.message) == (
            "failed", "refused", "您的职务在导出之前已经变动，没有生成文件。",
        )  # fmt: skip


def test_the_list_asks_the_same_queries_for_one_task_and_for_many(leader, django_assert_num_queries):
    client, _job = asked(leader)
    jobs.run_waiting()
    client.get("/tasks/")
    counts = []
    for _round in range(2):
        with (
            transaction.atomic(),
            connection.execute_wrapper(lambda run, *given: counts.append(given[0]) or run(*given)),
        ):
            client.get("/tasks/")
        counts.append("|")
        for _more in range(3):
            client.get(LIST)
        jobs.run_waiting()
    first, second = "\n".join(counts).split("|")[:2]
    assert first.strip().count("\n") == second.strip().count("\n")


def test_the_administrator_sees_what_ran_and_no_name_and_runs_it_again(county, leader):
    asked(leader)
    jobs.run_waiting()
    client = signed_in(county.admin())
    page = client.get("/system/").content.decode()
    for words in (
        "每晚重新计算全县履责情况",
        "清理过期的登录",
        "生成导出文件",
        "后台工作进程没有响应",
        "还没有运行过",
    ):
        assert words in page
    assert not any(word in page for word in ("马", "导出：学生"))
    assert (
        client.post("/system/again/", {"name": "directory.clear_sessions"}).headers["Location"] == "/system/"
    )
    assert (
        "已经在排队"
        in client.post("/system/again/", {"name": "directory.clear_sessions"}, follow=True).content.decode()
    )
    assert noted("job_run_again") == [
        (f"account:{client.session['_auth_user_id']}", "directory.clear_sessions", county.admin().body_code)
    ]
    assert signed_in(leader).post("/system/again/", {"name": "duties.nightly"}).status_code == 403
