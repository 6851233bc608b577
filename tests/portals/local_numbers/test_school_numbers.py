"""The pages of numbers at a school: the leader tries, sets and ends a stricter one; the office sees which school."""

import pytest

from portals.local_numbers.test_numbers import NUMBER, Silent, ask, text
from support.county import DAY, County, as_asker, signed_in
from tongyu.core.models import JobProgress
from tongyu.duties import dry_runs, update
from tongyu.plan import loader
from tongyu.plan.models import LocalNumber

pytestmark = pytest.mark.django_db

PAPER = {"paper": "一小〔2026〕2号", "paper_date": "2026-09-03", "reason": "多访一次"}


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
def school(county):
    return county.school(county.township(), "甲一小学")


@pytest.fixture
def teacher(county, school):
    class_ = county.class_(school)
    county.pupil(class_, "马小花")
    update.recompute_all(DAY, county.code)
    return county.teacher(class_)


@pytest.fixture
def leader(county, school, teacher):
    return county.leader(school)


def tried(leader, client, value="2"):
    address = ask(client, value).url
    with as_asker(leader):
        dry_runs.run(Silent(), run_id=address.split("/")[-2])
    return address


@pytest.fixture
def number(leader):
    client = signed_in(leader)
    client.post(tried(leader, client), PAPER)
    with as_asker(leader):
        return LocalNumber.objects.get()


def test_from_the_form_to_the_number(leader, teacher):
    client = signed_in(leader)
    page = text(client.get(NUMBER))
    assert "本县是1，本校只能更严：大于1，最多20。" in page
    assert "本校定得更严" in page
    address = tried(leader, client)
    shown = text(client.get(address))
    assert "定下之后本校随即按新的数算" in shown
    assert "各乡镇" not in shown
    done = text(client.post(address, PAPER, follow=True))
    assert "已定下，自2026年9月1日起本校按它算。" in done
    assert "本校一小〔2026〕2号（2026年9月3日）" in done
    with as_asker(leader):
        assert JobProgress.objects.filter(kind="duties.full").count() == 0


@pytest.mark.parametrize(
    ("value", "told"),
    [("1", "本来就是这个数"), ("0", "本校只能更严"), ("99", "最多20"), ("两", "请填写整数")],
)
def test_bad_input_is_told_at_its_field(leader, value, told):
    answer = ask(signed_in(leader), value)
    assert (answer.status_code, told in text(answer)) == (422, True)


def test_a_number_that_is_no_schools_says_why_and_has_no_form(leader):
    client = signed_in(leader)
    page = text(client.get("/numbers/of/resource-offer.minimum/"))
    assert "不都在一所学校之内，学校不单独定" in page
    assert "本校定得更严" not in page
    assert client.get("/numbers/of/resource-offer.minimum/try/").status_code == 404


def test_the_leader_finds_the_numbers_that_are_the_schools_to_tighten(leader):
    page = text(signed_in(leader).get("/numbers/?kind=school"))
    assert "班主任家访：最少几次" in page
    assert "协调社会育人资源：最少几次" not in page
    assert "任科教师家访：最少几次" not in page


def test_the_class_teacher_reads_the_schools_number_everywhere(number, leader, teacher):
    client = signed_in(teacher)
    assert "本校一小〔2026〕2号（2026-09-03）" in text(client.get("/plan/home-visit/"))
    assert "本校一小〔2026〕2号（2026-09-03）" in text(client.get("/numbers/"))
    sheet = client.get("/duties/home-visit/")
    assert "2次" in text(sheet)
    assert "本校一小〔2026〕2号" in text(sheet)
    assert "/numbers/end/" not in client.get(NUMBER).content.decode()


def test_one_duty_says_by_whose_number_it_is_judged(number, teacher):
    client = signed_in(teacher)
    with as_asker(teacher):
        from tongyu.duties.models import Standing

        row = Standing.objects.get(obligation__key="home-visit", subject__isnull=False)
    page = text(client.get(f"/duties/standing/{row.pk}/"))
    assert "本校定2次：一小〔2026〕2号（2026-09-03），自2026年9月1日起" in page


def test_the_office_sees_which_school_and_ends_none(number, county):
    client = signed_in(county.office_staff())
    page = text(client.get(NUMBER))
    assert "自己定得更严的学校" in page
    assert "甲一小学现在用" in page
    assert "1所学校自己定得更严" in text(client.get("/duties/home-visit/"))
    assert client.get(f"/numbers/end/{number.pk}/").status_code == 404
    assert "现在1次" in page


def test_another_school_reads_nothing_of_it(number, county, school):
    other = county.leader(county.school(school.parent, "甲二小学"))
    client = signed_in(other)
    for address in (NUMBER, "/numbers/", "/plan/home-visit/"):
        assert "一小〔2026〕2号" not in text(client.get(address))
    assert client.get(f"/numbers/end/{number.pk}/").status_code == 404


def test_the_leader_ends_it(number, leader):
    client = signed_in(leader)
    end = f"/numbers/end/{number.pk}/"
    assert "终止这个数？" in text(client.get(end))
    done = text(client.post(end, {"until_day": "2026-09-01", "reason": "定早了"}, follow=True))
    assert "已保存。" in done
    assert "已撤回：定早了" in done


@pytest.mark.parametrize("address", ["/numbers/", NUMBER, "/plan/home-visit/"])
def test_pages_ask_a_fixed_number_of_queries(number, leader, county, address, django_assert_max_num_queries):
    for by in (leader, county.office_staff()):
        client = signed_in(by)
        with django_assert_max_num_queries(20):
            client.get(address)
