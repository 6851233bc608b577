"""The class page says who cannot be reached and why, and mends it without another page."""

import re

import pytest

from support.county import DAY, County, as_asker, as_system, signed_in
from tongyu.directory.families import guarding, inviting, joining
from tongyu.directory.families.accounts import with_phone
from tongyu.directory.models import Guardian, Guardianship, JoinRequest

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "甲小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


def text(answer):
    return answer.content.decode()


def test_each_child_stands_there_with_its_reason(county, class_, teacher, school):
    county.parent(county.pupil(class_, "甲"))
    county.guardian(county.pupil(class_, "乙"), phone="+8616000000001")
    county.guardian(county.pupil(class_, "丙"))
    county.pupil(class_, "丁")
    blocked = county.parent(county.pupil(class_, "戊"))
    leader = county.leader(school)
    with as_system():
        tie = Guardianship.objects.get(guardian_id=blocked.wards[0].guardian_id)
    with as_asker(leader):
        guarding.block(by=leader, guardianship=tie, reason="甲", document="乙")
    client = signed_in(teacher)
    assert "生成班级邀请码" in text(client.get("/family/reach/"))
    page = text(client.post(f"/family/reach/{class_.code}/renew/", follow=True))
    for word in ("有电话，还没有加入", "没有手机号", "没有登记监护人", "依文件限制查看", "已加入"):
        assert word in page
    assert "打印邀请纸条（4 张）" in page


@pytest.mark.parametrize("pupils", [1, 3])
def test_the_page_asks_the_same_number_of_queries_for_one_child_and_for_three(
    county, class_, teacher, pupils, django_assert_num_queries
):
    for number in range(pupils):
        county.parent(county.pupil(class_, f"学生{number}"))
    client = signed_in(teacher)
    client.get("/family/reach/")
    with django_assert_num_queries(9):
        client.get("/family/reach/")


def test_a_phone_is_corrected_in_the_row(county, class_, teacher):
    child = county.pupil(class_, "马小花")
    adult = county.guardian(child)
    client, address = signed_in(teacher), f"/family/reach/child/{child.pk}/phone/"
    refused = client.post(address, {"guardian": str(adult.pk), "phone": "138"})
    assert refused.status_code == 422
    assert "11 位" in text(refused)
    row = client.post(address, {"guardian": str(adult.pk), "phone": "１３８ 0013 8000"})
    assert row.status_code == 200
    assert "有电话，还没有加入" in text(row)
    with as_system():
        assert Guardian.objects.get(pk=adult.pk).phone == "+8613800138000"


def test_a_guardian_is_added_once_however_often_it_is_sent(county, class_, teacher):
    child = county.pupil(class_, "马小花")
    client, address = signed_in(teacher), f"/family/reach/child/{child.pk}/guardian/"
    said = {"name": "马奶奶", "relation": "grandparent", "phone": "13800138000"}
    assert client.post(address, said).status_code == 200
    assert client.post(address, said).status_code == 200
    assert client.post(address, {"name": "", "relation": "grandparent", "phone": "1"}).status_code == 422
    with as_system():
        assert Guardian.objects.count() == 1


def test_an_applicant_is_let_in_from_the_same_page(county, class_, teacher):
    child = county.pupil(class_, "马小花")
    with as_asker(teacher):
        code = inviting.renew(by=teacher, school_class=class_.code)
    joining.join(
        account=with_phone("+8613800138000"),
        phone="+8613800138000",
        invitation=code,
        child_name="马花",
        name="马叔叔",
        relation="relative",
    )
    with as_system():
        asked = JoinRequest.objects.get()
    client, address = signed_in(teacher), f"/family/reach/request/{asked.pk}/accept/"
    assert "马叔叔" in text(client.get("/family/reach/"))
    assert "请先选这是谁的家长" in text(client.post(address, {"who": ""}, follow=True))
    client.post(address, {"who": f"{child.pk}/"})
    assert "已加入" in text(client.get("/family/reach/"))
    assert "已经处理过" in text(client.post(address, {"who": f"{child.pk}/"}, follow=True))


def test_the_slips_name_the_children_who_are_not_reached_and_carry_the_code(county, class_, teacher):
    county.parent(county.pupil(class_, "马到"))
    county.pupil(class_, "马未到")
    client = signed_in(teacher)
    assert "还没有邀请码" in text(client.get(f"/family/reach/{class_.code}/slips/", follow=True))
    client.post(f"/family/reach/{class_.code}/renew/")
    page = text(client.get(f"/family/reach/{class_.code}/slips/"))
    assert "马未到" in page
    assert "马到<" not in page
    assert "<svg" in page


def test_the_leader_sees_how_far_each_class_is(county, school, class_, teacher):
    county.parent(county.pupil(class_, "甲"))
    county.pupil(class_, "乙")
    assert "2 个孩子，联系得上 1 个" in text(signed_in(county.leader(school)).get("/family/reach/"))


def test_the_leader_states_what_a_document_says_and_blocks_and_lifts(county, school, class_):
    child = county.pupil(class_, "马小花")
    father = county.parent(child)
    client = signed_in(county.leader(school))
    with as_system():
        tie = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id)
    state = f"/family/guardianships/tie/{tie.pk}/"
    assert "请填写" in text(client.post(state, {"capacity": "legal", "may_see": "on", "source": " "}))
    said = {"capacity": "legal", "may_see": "on", "source": "离婚协议 2026年3月1日"}
    assert client.post(state, said).status_code == 302
    assert "离婚协议" in text(client.get(f"/family/guardianships/{child.pk}/"))
    assert client.post(f"{state}block/", {"reason": "甲", "document": "保护令 1 号"}).status_code == 302
    page = text(client.get(f"/family/guardianships/{child.pk}/"))
    assert "依文件限制查看" in page
    (lift,) = set(re.findall(r"/family/guardianships/block/[0-9a-f-]+/lift/", page))
    assert client.post(lift, {"why": ""}).status_code == 422
    assert client.post(lift, {"why": "保护令到期"}).status_code == 302
    assert "已加入" in text(client.get(f"/family/guardianships/{child.pk}/"))


def test_forty_five_families_are_mended_row_by_row_and_then_all_come_in(county, class_, teacher, caplog):
    """A third have nobody on file, a third a guardian without a phone, a third a wrong one: one page, one row each."""
    children = [county.pupil(class_, f"学生{number:02}") for number in range(45)]
    adults = [county.guardian(child, f"家长{child.name}", phone="") for child in children[15:30]]
    adults += [
        county.guardian(child, f"家长{child.name}", phone=f"+861609{number:07}")
        for number, child in enumerate(children[30:])
    ]
    client = signed_in(teacher)
    client.post(f"/family/reach/{class_.code}/renew/")
    for number, child in enumerate(children[:15]):
        said = {"name": f"家长{child.name}", "relation": "mother", "phone": f"1600000{number:04}"}
        assert client.post(f"/family/reach/child/{child.pk}/guardian/", said).status_code == 200
    for number, (child, adult) in enumerate(zip(children[15:], adults, strict=True), 15):
        said = {"guardian": str(adult.pk), "phone": f"1600000{number:04}"}
        assert client.post(f"/family/reach/child/{child.pk}/phone/", said).status_code == 200
    with as_asker(teacher):
        code = inviting.standing_of(class_.code)
    for number, child in enumerate(children):
        phone = f"+861600000{number:04}"
        done = joining.join(
            account=with_phone(phone),
            phone=phone,
            invitation=code,
            child_name=child.name,
            name=f"家长{child.name}",
            relation="mother" if number < 15 else "father",
        )
        assert done.request is None, child.name
    assert "45 <small>/ 45" in text(client.get("/family/reach/"))


def test_of_a_child_that_is_reached_another_adult_is_mended_too(county, class_, teacher):
    child = county.pupil(class_, "马小花")
    county.parent(child)
    county.guardian(child, "马母", "mother")
    client = signed_in(teacher)
    assert "更正手机号" not in text(client.get("/family/reach/"))
    page = text(client.get(f"/family/reach/{class_.code}/?open={child.pk}"))
    assert "更正手机号" in page
    assert "补登一位监护人" in page
    assert client.get(f"/family/reach/{class_.code}/?open=no-id").status_code == 200
