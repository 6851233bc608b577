"""The pages of numbers: everybody of the county reads them, the office tries, sets and ends one."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest

from support.county import DAY, County, as_asker, as_system, signed_in
from tongyu.core import clock
from tongyu.core.ids import uuid7
from tongyu.core.models import JobProgress
from tongyu.duties import dry_runs, update
from tongyu.duties.jobs import nightly
from tongyu.duties.models import DryRun, DryRunChange
from tongyu.plan import loader
from tongyu.plan.models import LocalNumber

pytestmark = pytest.mark.django_db

KEY = "home-visit.minimum"
NUMBER = f"/numbers/of/{KEY}/"
PAPER = {"paper": "永协办〔2026〕3号", "paper_date": "2026-11-20", "reason": "家访太少"}


class Silent:
    """Progress that nobody looks at."""

    def report(self, done, total, message=""):
        """Say nothing."""


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(plan):
    return County()


@pytest.fixture
def office(county):
    return county.office_staff()


@pytest.fixture
def teacher(county):
    class_ = county.class_(county.school(county.township()))
    county.pupil(class_, "马小花")
    update.recompute_all(DAY, county.code)
    return county.teacher(class_)


def text(response):
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", response.content.decode()))


def ask(client, value="2", since="2026-09-01", id=None):
    return client.post(f"{NUMBER}try/", {"id": str(id or uuid7()), "value": value, "valid_from": since})


def tried(office, client, value="2", since="2026-09-01"):
    """The address of a trial whose job is done."""
    address = ask(client, value, since).url
    with as_asker(office):
        dry_runs.run(Silent(), run_id=address.split("/")[-2])
    return address


def test_everybody_reads_the_numbers_and_only_the_office_may_change_one(office, teacher):
    for by, may in ((office, True), (teacher, False)):
        client = signed_in(by)
        assert "班主任家访：最少几次" in text(client.get("/numbers/"))
        page = text(client.get(NUMBER))
        assert "方案定为1，本县只能从严：1至20。" in page
        assert ("改这个数" in page) == may
    for address in (f"{NUMBER}try/", "/plan/readings/"):
        assert signed_in(teacher).get(address).status_code == 403


def test_the_list_can_be_narrowed_to_what_waits_for_the_office(office):
    shown = text(signed_in(office).get("/numbers/?kind=office"))
    assert "教师协同育人培训：最少几次" in shown
    assert "班主任家访：最少几次" not in shown
    assert signed_in(office).get("/numbers/?kind=nonsense").status_code == 200


@pytest.mark.parametrize("address", ["/numbers/", NUMBER, "/plan/readings/"])
def test_pages_ask_a_fixed_number_of_queries(office, address, django_assert_max_num_queries):
    client = signed_in(office)
    with django_assert_max_num_queries(16):
        client.get(address)


def test_from_the_form_to_the_number(office, teacher):
    client = signed_in(office)
    address = tried(office, client)
    page = text(client.get(address))
    assert "定下后，本期有1项履责状态会变。" in page or "定下后，本期没有一项履责状态会变。" in page
    refused = client.post(address, {})
    assert (refused.status_code, "请填写文号" in text(refused)) == (422, True)
    done = client.post(address, PAPER, follow=True)
    assert "已定下，自2026年9月1日起用" in text(done)
    assert "永协办〔2026〕3号（2026年11月20日）" in text(done)
    assert client.post(address, PAPER).status_code == 302
    with as_asker(office):
        assert LocalNumber.objects.get().value == 2
        assert JobProgress.objects.filter(kind="duties.full").count() == 1
    plan = text(client.get("/plan/home-visit/"))
    assert "永协办〔2026〕3号（县协同育人办公室，2026-11-20）自2026年9月1日起2次" in plan


def test_the_names_open_as_a_list_and_as_a_workbook(office, teacher):
    client = signed_in(office)
    address = tried(office, client, "2", "2027-03-01")
    with as_asker(office):
        run = DryRun.objects.get()
        duty = run.plan.obligations.get(key="home-visit")
        run.changes.create(
            org=teacher.body_code,
            obligation=duty,
            period_key="2026",
            was="met",
            becomes="missing",
            at_once=False,
        )
    listed = client.get(f"{address}changes/")
    assert "未落实" in text(listed)
    assert "本期不变，只作参考" in text(listed)
    book = client.get(f"{address}changes/?format=xlsx")
    with zipfile.ZipFile(io.BytesIO(book.content)) as sheets:
        assert "班主任家访" in "".join(sheets.read(name).decode() for name in sheets.namelist())


def test_the_names_are_kept_for_a_day_and_no_longer(office, teacher):
    client = signed_in(office)
    address = tried(office, client)
    with as_asker(office):
        run = DryRun.objects.get()
        duty = run.plan.obligations.get(key="home-visit")
        change = {"was": "met", "becomes": "missing", "at_once": True, "period_key": "2026"}
        run.changes.create(org=teacher.body_code, obligation=duty, **change)
    assert "没有谁会变" not in text(client.get(f"{address}changes/"))
    with as_system():
        DryRun.objects.update(ran_at=clock.now() - dry_runs.KEPT - timedelta(minutes=1))
    assert "没有谁会变" in text(client.get(f"{address}changes/"))
    with as_system():
        nightly()
        assert not DryRunChange.objects.exists()


@pytest.mark.parametrize(
    ("value", "since", "told"),
    [
        ("0", "2026-09-01", "本县只能从严"),
        ("1", "2026-09-01", "本来就是这个数"),
        ("两", "2026-09-01", "请填写整数"),
        ("2", "2025-09-01", "上一学年的结果已经结清"),
        ("2", "", "请填写自哪天起"),
        ("２", "2062-01-01", "日期太远了"),
    ],
)
def test_bad_input_is_told_at_its_field(office, value, since, told):
    answer = ask(signed_in(office), value, since)
    assert (answer.status_code, told in text(answer)) == (422, True)
    with as_asker(office):
        assert DryRun.objects.count() == 0


def test_a_double_click_asks_for_one_trial(office):
    client, key = signed_in(office), uuid7()
    assert ask(client, id=key).url == ask(client, id=key).url
    with as_asker(office):
        assert DryRun.objects.count() == JobProgress.objects.count() == 1


def test_one_that_has_not_begun_is_withdrawn(office, teacher):
    client = signed_in(office)
    address = tried(office, client, "2", "2027-03-01")
    client.post(address, PAPER)
    assert "2027年3月1日起2" in text(client.get("/numbers/"))
    with as_asker(office):
        number = LocalNumber.objects.get()
    end = f"/numbers/end/{number.pk}/"
    assert "撤回这个数？" in text(client.get(end))
    assert client.post(end, {"until_day": "2027-02-01", "reason": "定早了"}).status_code == 422
    done = text(client.post(end, {"until_day": "2027-03-01", "reason": "定早了"}, follow=True))
    assert "已撤回：定早了" in done
    assert "2027年3月1日起2" not in text(client.get("/numbers/"))


def test_another_countys_office_finds_neither_trial_nor_number(office, teacher):
    address = tried(office, signed_in(office), "2", "2027-03-01")
    signed_in(office).post(address, PAPER)
    with as_asker(office):
        number = LocalNumber.objects.get()
    stranger = signed_in(County(622924).office_staff())
    for page in (address, f"{address}changes/", f"{address}progress/", f"/numbers/end/{number.pk}/"):
        assert stranger.get(page).status_code == 404
    assert "永协办" not in text(stranger.get(NUMBER))
    assert date(2027, 3, 1) == number.valid_from
