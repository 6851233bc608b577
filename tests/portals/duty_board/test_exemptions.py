"""The office lifts duties from the list of names, sees what is lifted, and ends it; others look or are refused."""

import re
from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from support.county import as_asker, signed_in
from tongyu.core.ids import uuid7
from tongyu.duties import actions, jobs
from tongyu.duties.actions import Target, Terms
from tongyu.duties.models import Exemption, Standing
from tongyu.plan.models import Obligation

pytestmark = pytest.mark.django_db(databases=["default", "owner"])

LIST = "/duties/exemptions/"
WORDS = {"reason": "因病休学", "decided_by": "县教育局", "approver": "王某某", "from_day": "2026-11-23"}


@pytest.fixture
def far(world):
    """A second pupil without a visit, in the same class."""
    pupil = world.county.pupil(world.class_, "马小军")
    world.compute()
    return pupil


@pytest.fixture
def lift(world):
    """Exempts a pupil from the home visit through the action."""

    def grant(pupil, place=None, **terms):
        duty = Obligation.objects.get(key="home-visit")
        words = {**WORDS, "from_day": date(2026, 11, 23), "obligation_id": duty.pk, **terms}
        with as_asker(world.office):
            targets = [Target(place or world.class_, pupil.pk if pupil else None)]
            return actions.grant_exemptions(by=world.office, targets=targets, terms=Terms(**words))[0]

    return grant


def standing(in_system, pupil):
    with in_system():
        return Standing.objects.get(subject=pupil.pk, obligation__key="home-visit")


def address(world, in_system, *pupils, key="home-visit", extra=""):
    ticked = "".join(f"&unit={standing(in_system, pupil).pk}" for pupil in pupils)
    return f"/duties/{key}/exempt/?place={world.class_.code}{ticked}{extra}"


def page(asker, where):
    answer = signed_in(asker).get(where)
    assert answer.status_code == 200, where
    return answer.content.decode()


def sent(in_system, *pupils, **changes):
    units = [standing(in_system, pupil).pk for pupil in pupils]
    return {"id": str(uuid7()), "units": units, **WORDS, "until_day": "2027-01-01", **changes}


def test_only_the_office_can_tick_names_and_only_what_is_still_asked_for(world):
    where = f"/duties/home-visit/{world.class_.code}/"
    html = page(world.office, where)
    assert re.findall(r'name="unit" value="\d+" aria-label="(.+?)"', html) == ["马小兰"]
    assert "免除整个单位" in html
    for asker in (
        world.teacher,
        world.county.leader(world.school),
        world.county.department_staff("education"),
    ):
        assert ('name="unit"' in page(asker, where), "免除所选" in page(asker, where)) == (False, False)


def test_what_is_encouraged_or_cannot_be_measured_has_nothing_to_tick(world):
    for key in ("subject-visit", "epidemic"):
        assert 'name="unit"' not in page(world.office, f"/duties/{key}/{world.class_.code}/")
    answer = signed_in(world.office).get("/duties/subject-visit/exempt/", follow=True)
    assert "是鼓励事项，不作要求，不需要免除" in answer.content.decode()


def test_the_form_suggests_today_and_the_end_of_the_period(world, in_system):
    html = page(world.office, address(world, in_system, world.pupil))
    assert re.search(r'name="from_day" value="2026-11-23"', html)
    assert re.search(r'name="until_day" value="2027-09-01"', html)
    assert re.search(r"<span>马小兰 太极镇中心小学 .年级.班</span>", html)


def test_nothing_ticked_leads_back_with_a_word(world):
    answer = signed_in(world.office).get(
        f"/duties/home-visit/exempt/?place={world.class_.code}&unit=x", follow=True
    )
    assert answer.redirect_chain[-1][0] == f"/duties/home-visit/{world.class_.code}/"
    assert "请先在名单里勾选要免除的对象。" in answer.content.decode()


def test_two_names_are_looked_at_again_and_then_exempt_together(world, far, in_system):
    client, where = signed_in(world.office), address(world, in_system, world.pupil, far)
    data = sent(in_system, world.pupil, far)
    check = client.post(where, data).content.decode()
    assert "将免除“班主任家访”2 项：" in check
    assert ("马小兰" in check, "马小军" in check, Exemption.objects.count()) == (True, True, 0)
    answer = client.post(where, {**data, "confirmed": "1"}, follow=True)
    html = answer.content.decode()
    assert re.search(r"已免除：马小.、马小.。", html)
    assert "100.0%" in html
    with in_system():
        assert Exemption.objects.count() == 2
    client.post(where, {**data, "confirmed": "1"})
    with in_system():
        assert Exemption.objects.count() == 2


def test_one_may_go_back_from_the_check_with_everything_as_entered(world, in_system):
    where = address(world, in_system, world.pupil)
    answer = signed_in(world.office).post(where, {**sent(in_system, world.pupil), "change": "1"})
    html = answer.content.decode()
    assert (answer.status_code, "因病休学" in html, "下一步：核对" in html) == (200, True, True)


def test_a_whole_class_is_exempt_and_says_so(world, in_system):
    client, where = signed_in(world.office), address(world, in_system, extra="&whole=1")
    assert "的全部对象。" in client.get(where).content.decode()
    data = {key: value for key, value in sent(in_system).items() if key != "units"}
    assert "将免除“班主任家访”2 项：" in client.post(where, data).content.decode()
    client.post(where, {**data, "confirmed": "1"})
    assert standing(in_system, world.pupil).state == standing(in_system, world.visited).state == "exempt"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"reason": ""}, "请填写原因。"),
        ({"approver": " "}, "请填写批准人。"),
        ({"until_day": "2026-11-23"}, "结束日期要晚于开始日期。"),
        ({"from_day": "2026-08-31"}, "这一天所在的时段已经结清，不再重算；最早可从2026-09-01起。"),
        ({"units": []}, "请选择免除谁。"),
        ({"units": ["77777"]}, "页面已过期，请回到名单重新选择。"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_lifted(world, in_system, changes, told):
    where = address(world, in_system, world.pupil)
    answer = signed_in(world.office).post(where, sent(in_system, world.pupil, **changes))
    assert (answer.status_code, told in answer.content.decode()) == (422, True)
    assert Exemption.objects.count() == 0


def test_who_is_exempt_already_is_named(world, lift, in_system):
    lift(world.pupil)
    where = address(world, in_system, world.pupil)
    answer = signed_in(world.office).post(where, sent(in_system, world.pupil))
    assert answer.status_code == 422
    assert "马小兰在这段时间已有免除（自2026-11-23起），不能重复免除" in answer.content.decode()


def test_the_duty_tells_reason_approver_and_days_and_after_them_that_it_stands_again(
    world, lift, in_system, settings
):
    lift(world.pupil, until_day=date(2026, 12, 1))
    where = f"/duties/standing/{standing(in_system, world.pupil).pk}/"
    told = (
        "马小兰不适用“班主任家访”：因病休学（县教育局决定，批准人王某某；自2026-11-23起，2026-12-01恢复）。"
    )
    assert told in page(world.teacher, where)
    settings.TONGYU_TODAY = date(2026, 12, 1)
    jobs.nightly()
    html = page(world.teacher, where)
    assert (told in html, standing(in_system, world.pupil).state == "exempt") == (False, False)
    assert "因病休学（自2026年11月23日起，2026年12月1日已恢复）" in html


def test_the_column_of_the_exempt_is_its_own_on_boards_and_exports(world, lift):
    lift(world.pupil)
    assert "不适用 1" in page(world.office, "/duties/?clause=三(六)")
    assert "不适用 1" in page(world.office, "/duties/home-visit/")
    html = page(world.office, "/duties/places/?kind=school")
    row = re.search(r">太极镇中心小学</a>.*?</tr>", html, re.DOTALL)[0]
    assert re.search(r'data-label="不适用">(\d+)<', row)[1] == "1"
    for where in ("/duties/export/", "/duties/places/?format=xlsx&kind=school"):
        sheet = load_workbook(BytesIO(signed_in(world.office).get(where).content)).active
        heads = [cell.value for cell in sheet[1]]
        assert sum(row[heads.index("不适用")] or 0 for row in sheet.iter_rows(2, values_only=True)) == 1


def test_the_list_tells_each_by_its_state(world, far, lift):
    lift(world.pupil)
    lift(far, from_day=date(2027, 3, 1))
    lift(world.visited, from_day=date(2026, 9, 1), until_day=date(2026, 10, 1))
    names = ("马小兰", "马小军", "孔令文")
    found = {}
    for state in ("", "in_force", "coming", "expired", "ended"):
        html = page(world.office, f"{LIST}?state={state}")
        found[state] = [name for name in names if name in html]
    assert found == {
        "": list(names),
        "in_force": ["马小兰"],
        "coming": ["马小军"],
        "expired": ["孔令文"],
        "ended": [],
    }
    assert all(
        word in page(world.office, LIST)
        for word in (*WORDS.values(), "班主任家访", "长期")
        if "-" not in word
    )


def test_the_list_is_searched_by_name_and_is_empty_with_a_way_on(world, lift):
    assert "还没有免除" in page(world.office, LIST)
    lift(world.pupil)
    assert "马小兰" in page(world.office, f"{LIST}?q=马小")
    assert "没有符合条件的内容" in page(world.office, f"{LIST}?q=祁")


def test_a_leader_sees_the_own_schools_exemptions_and_cannot_end_them(world, lift):
    granted = lift(world.pupil)
    leader, other = world.county.leader(world.school), world.county.leader(world.other_school)
    html = page(leader, LIST)
    assert ("马小兰" in html, "/end/" in html) == (True, False)
    assert "马小兰" not in page(other, LIST)
    assert signed_in(leader).get(f"{LIST}{granted.pk}/end/").status_code == 403
    assert signed_in(world.teacher).get(LIST).status_code == 403


def test_the_export_holds_the_list_with_ids(world, lift):
    granted = lift(world.pupil, until_day=date(2027, 1, 1))
    sheet = load_workbook(BytesIO(signed_in(world.office).get(f"{LIST}?format=xlsx").content)).active
    heads, row = [[cell.value for cell in line] for line in sheet.iter_rows(1, 2)]
    found = dict(zip(heads, row, strict=True))
    assert (found["编号"], found["免除谁"], found["原因"], found["批准人"], found["状态"]) == (
        str(granted.pk),
        "马小兰",
        "因病休学",
        "王某某",
        "生效中",
    )
    assert "操作" not in heads


def test_the_office_ends_one_with_a_reason_and_not_twice(world, lift, in_system):
    where = f"{LIST}{lift(world.pupil).pk}/end/"
    client = signed_in(world.office)
    html = client.get(where).content.decode()
    assert ("马小兰" in html, "班主任家访" in html, 'value="2026-11-23"' in html) == (True, True, True)
    early = client.post(where, {"until_day": "2026-11-22", "reason": "已复学"})
    assert (early.status_code, "不能早于今天" in early.content.decode()) == (422, True)
    assert client.post(where, {"until_day": "2026-11-23", "reason": ""}).status_code == 422
    done = client.post(where, {"until_day": "2026-11-23", "reason": "已复学"}, follow=True).content.decode()
    assert ("免除已终止" in done, "已终止" in done, "已复学" in done, "/end/" in done) == (
        True,
        True,
        True,
        False,
    )
    assert standing(in_system, world.pupil).state != "exempt"
    again = client.post(where, {"until_day": "2026-11-23", "reason": "再来"})
    assert (again.status_code, "已经终止过了" in again.content.decode()) == (422, True)


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_costs_the_same_with_one_and_with_three(world, lift, django_assert_num_queries, more):
    lift(world.pupil)
    for number in range(more):
        lift(world.county.pupil(world.class_, f"另一个{number}"))
    client = signed_in(world.office)
    client.get(LIST)
    with django_assert_num_queries(6):
        client.get(LIST)
