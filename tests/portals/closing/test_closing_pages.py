"""The office closes, compares and restates on its pages; others read what concerns them."""

from datetime import date
from io import BytesIO
from urllib.parse import unquote

import pytest
from python_calamine import CalamineWorkbook

from duties.test_closing import AFTER_YEAR, T1, YEAR, as_asker, visit
from support.county import County, as_system, signed_in
from tongyu.core import jobs
from tongyu.core.context import acting
from tongyu.directory.hats import scope_of
from tongyu.directory.models import Enrolment
from tongyu.duties import update
from tongyu.duties.closing import actions
from tongyu.duties.closing.models import Closing
from tongyu.plan import loader
from tongyu.portals.closing import pages

HOME = "/closing/"


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


class Scene:
    """A county whose school year 2026 is over: one of two pupils was visited."""

    def __init__(self):
        self.county = County()
        with as_system():
            self.county._school_year(2027)
        self.school = self.county.school(self.county.township(), "太极小学")
        self.class_ = self.county.class_(self.school)
        self.teacher = self.county.teacher(self.class_)
        self.office, self.leader = self.county.office_staff(), self.county.leader(self.school)
        self.other = self.county.leader(self.county.school(self.county.township("乙镇")))
        self.pupils = [self.county.pupil(self.class_, name) for name in ("马小一", "马小二")]
        visit(self.teacher, self.pupils[0])


@pytest.fixture
def scene(committed, plan, settings):
    made = Scene()
    settings.TONGYU_TODAY = AFTER_YEAR
    with as_system("engine"):
        update.recompute_all(AFTER_YEAR, made.county.code)
    return made


def page(asker, where, status=200):
    answer = signed_in(asker).get(where)
    assert answer.status_code == status, (where, answer.status_code)
    return answer.content.decode()


def post(asker, where, **data):
    return signed_in(asker).post(where, data, follow=True).content.decode()


def test_the_office_closes_a_year_publishes_a_restatement_and_everybody_sees_it(scene):
    assert "可以结账" in page(scene.office, HOME)
    shown = page(scene.office, f"{HOME}{YEAR}/")
    assert "将要冻结" in shown
    page(scene.leader, f"{HOME}{YEAR}/", 404)
    assert "已开始结账" in post(scene.office, f"{HOME}{YEAR}/close/")
    post(scene.office, f"{HOME}{YEAR}/close/")  # a double click asks once
    jobs.run_waiting()
    with as_system():
        closing = Closing.objects.get()
    assert "这一时段已于2027-09-01结账" in post(scene.office, f"{HOME}{YEAR}/close/")

    for asker in (scene.office, scene.leader):
        certificate = page(asker, f"{HOME}{YEAR}/")
        assert closing.hash[:12] in certificate
        assert "县教育局" not in certificate or asker is scene.office
    board = page(scene.leader, "/duties/?period=2026-T2")
    assert "2026—2027学年已结账 2027-09-01" in board
    assert "处变化" not in board

    visit(scene.teacher, scene.pupils[1])
    assert "结账后有 1 处变化" in page(scene.leader, "/duties/?period=2026-T2")
    assert "处变化" not in page(scene.other, "/duties/?period=2026-T2")
    changes = page(scene.office, f"{HOME}{YEAR}/changes/")
    assert ("马小二" in changes, "补登家访，发生于2026-11-10" in changes) == (True, True)
    assert "马小二" not in page(scene.other, f"{HOME}{YEAR}/changes/")

    assert "请填写原因" in post(scene.office, f"{HOME}{YEAR}/restate/", reason=" ")
    post(scene.office, f"{HOME}{YEAR}/restate/", reason="补录纸质记录")
    jobs.run_waiting()
    restated = page(scene.leader, f"{HOME}{YEAR}/1/")
    assert ("马小二" in restated, "补录纸质记录" in restated) == (True, True)
    assert "您的范围内没有更正" in page(scene.other, f"{HOME}{YEAR}/1/")
    board = page(scene.leader, "/duties/?period=2026-T2")
    assert ("更正 1 次" in board, "处变化" in board) == (True, False)
    assert "没有变化" in post(scene.office, f"{HOME}{YEAR}/restate/", reason="再来一次")


def test_a_file_of_a_closed_period_says_so_in_its_name(scene):
    with acting(scope_of(scene.office)):
        actions.ask_close(by=scene.office, key=YEAR)
    jobs.run_waiting()
    answer = signed_in(scene.office).get("/duties/export/?period=2026-T2")
    from urllib.parse import unquote

    assert "已结账 2027-09-01" in unquote(answer["Content-Disposition"])


def test_what_cannot_be_closed_says_why(scene, settings):
    settings.TONGYU_TODAY = date(2026, 11, 23)
    shown = page(scene.office, f"{HOME}{T1}/")
    assert "2027-03-01之前补做仍然算数" in shown
    assert 'data-ask="' not in shown.split("将要冻结")[0]
    assert "之前补做仍然算数" in post(scene.office, f"{HOME}{T1}/close/")
    with as_system():
        assert not Closing.objects.exists()


@pytest.mark.parametrize("key", ["2099", "abc", "2026-T9", "20260", "2026-T1-T1"])
def test_odd_periods_are_not_found(scene, key):
    page(scene.office, f"{HOME}{key}/", 404)
    assert signed_in(scene.office).post(f"{HOME}{key}/close/").status_code == 404


def test_whoever_lost_the_role_closes_nothing(scene, settings):
    with as_asker(scene.office):
        job = actions.ask_close(by=scene.office, key=YEAR)
    with as_system():
        from tongyu.directory.models import Appointment

        Appointment.objects.filter(account_id=scene.office.account_id).update(until_day=date(2027, 1, 1))
    jobs.run_waiting()
    with as_system():
        job.refresh_from_db()
    assert (job.state, job.message) == ("failed", "您的职务已经变动，什么都没有保存。")
    with as_system():
        assert not Closing.objects.exists()


def cells(answer):
    """The rows of a workbook that was sent."""
    return CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()


def test_many_changes_come_in_pages_and_all_of_them_in_a_workbook(scene, monkeypatch):
    monkeypatch.setattr(pages, "PER_PAGE", 1)
    post(scene.office, f"{HOME}{YEAR}/close/")
    jobs.run_waiting()
    with as_system():
        late = scene.county.pupil(scene.class_, "马小三")
        Enrolment.objects.filter(student=late).update(entered_on=date(2026, 9, 1))
    for pupil in (scene.pupils[1], late):
        visit(scene.teacher, pupil)
    post(scene.office, f"{HOME}{YEAR}/compare/")
    jobs.run_waiting()
    where = f"{HOME}{YEAR}/changes/"
    answer = signed_in(scene.office).get(f"{where}?format=xlsx")
    assert "结账后的变化" in unquote(answer["Content-Disposition"])
    rows = cells(answer)
    assert rows[0] == ["对象", "单位", "责任事项", "更正前", "更正后", "因为"]
    assert {row[0] for row in rows[1:]} == {"马小二", "马小三"}
    pages_of = [page(scene.office, f"{where}?page={number}") for number in range(1, len(rows))]
    names = [{name for name in ("马小二", "马小三") if name in shown} for shown in pages_of]
    assert [len(one) for one in names] == [1] * (len(rows) - 1), "one change a page"
    assert set().union(*names) == {"马小二", "马小三"}
    assert all(name in page(scene.office, f"{where}?page=99") for name in names[-1])
    assert len(cells(signed_in(scene.other).get(f"{where}?format=xlsx"))) == 1
    assert "处变化" in pages_of[0]
    elsewhere = signed_in(scene.other).get(f"{where}?format=xlsx")
    assert "马小" not in str(
        CalamineWorkbook.from_filelike(BytesIO(elsewhere.content)).get_sheet_by_index(0).to_python()
    )
