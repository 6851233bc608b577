"""Home visits as each role meets them in the browser."""

from datetime import date
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image
from python_calamine import CalamineWorkbook

from support.county import County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.records.models import Attachment
from tongyu.workbenches.families.home_visits.actions import record_visit, withdraw_visit
from tongyu.workbenches.families.home_visits.models import HomeVisit

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
CLASS_PAGE = "/work/families/home_visits/class/"
LIST = "/work/families/home_visits/"


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "太极镇中心小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def pupil(county, class_):
    return county.pupil(class_, "马小明", left_behind=2)


def visit(by, pupil, **changes):
    content = {
        "id": uuid7(),
        "student": pupil.pk,
        "occurred_on": TODAY,
        "visitors": ["class_teacher"],
        "met": ["pupil"],
        "line": "约定九点收起手机。",
        **changes,
    }
    with as_asker(by):
        return record_visit(by=by, **content)


def answers(pupil, **changes):
    return {
        "id": str(uuid7()),
        "student": str(pupil.pk),
        "visitors": ["class_teacher"],
        "met": ["grandparent"],
        "topics": ["devices"],
        "line": "父母每周日视频。",
        "occurred_on": "2026-11-23",
        **changes,
    }


def page(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def stored():
    with as_system():
        return list(HomeVisit.objects.all())


def test_the_class_list_shows_who_is_still_to_be_visited_first(county, class_, teacher, pupil):
    other = county.pupil(class_, "王大山")
    visit(teacher, other)
    text = page(signed_in(teacher), CLASS_PAGE)
    assert "四年级1班" in text
    assert "本学年家访 1 / 2" in text
    assert text.index("马小明") < text.index("王大山")
    assert "留守" in text


def test_the_expected_pace_follows_the_school_days(county, class_, teacher):
    for number in range(4):
        county.pupil(class_, f"马{number}")
    text = page(signed_in(teacher), CLASS_PAGE)
    # 60 of the 197 school days have passed: floor(4 × 60 / 197) = 1
    assert "<b>1 人</b>" in text
    assert "落后" in text


def test_a_subject_teacher_sees_no_family_marks(county, class_, pupil):
    subject = county.subject_teacher(class_)
    text = page(signed_in(subject), CLASS_PAGE)
    assert "马小明" in text
    assert "留守" not in text
    assert "应达进度" not in text


def test_a_leader_sees_all_classes_and_opens_one(county, school, class_, teacher, pupil):
    visit(teacher, pupil)
    client = signed_in(county.leader(school))
    assert "1 / 1" in page(client, CLASS_PAGE)
    assert "马小明" in page(client, f"{CLASS_PAGE}{class_.code}/")


def test_a_class_out_of_reach_is_not_there(county, teacher):
    other = county.class_(county.school(county.township("关山乡")))
    assert signed_in(teacher).get(f"{CLASS_PAGE}{other.code}/").status_code == 404
    assert signed_in(teacher).get(f"{CLASS_PAGE}99999999999999999999/").status_code == 404


def test_the_form_is_filled_in_sensibly(county, teacher, pupil):
    county.guardian(pupil, relation="grandparent")
    text = page(signed_in(teacher), f"{LIST}new/", student=str(pupil.pk))
    assert "班主任（我）" in text
    assert 'value="class_teacher" checked' in text.replace('id="id_visitors_0" ', "")
    assert "祖父母或外祖父母监护" in text
    assert len(text.encode()) < 30_000


def test_a_visit_is_saved_and_the_list_says_so(teacher, pupil):
    client = signed_in(teacher)
    response = client.post(
        f"{LIST}new/", answers(pupil, own_topics="作业、早睡", follow_up="下周打电话"), follow=True
    )
    text = response.content.decode()
    assert "家访已保存" in text
    assert "1 / 1" in text
    found = stored()[0]
    assert found.topics == ["devices", "作业", "早睡"]
    assert found.follow_up == "下周打电话"


def test_two_clicks_make_one_visit(teacher, pupil):
    client, sent = signed_in(teacher), answers(pupil)
    assert [client.post(f"{LIST}new/", sent).status_code for _ in range(2)] == [302, 302]
    assert len(stored()) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"line": ""}, "请填写一句话记录"),
        ({"met": []}, "请选择见到了谁"),
        ({"visitors": ["leader"]}, "只能记录自己参加的家访"),
        ({"occurred_on": "2026-11-24"}, "日期不能晚于今天"),
        ({"occurred_on": "很久以前"}, "输入一个有效的日期"),
        ({"id": "x"}, "页面已过期"),
        ({"co_bodies": ["7"]}, "7"),
        ({"line": "长" * 301}, "300"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(teacher, pupil, changes, message):
    response = signed_in(teacher).post(f"{LIST}new/", answers(pupil, **changes))
    assert response.status_code == 422
    assert message in response.content.decode()
    assert stored() == []


def test_another_schools_pupil_does_not_exist(county, teacher):
    elsewhere = county.pupil(county.class_(county.school(county.township("关山乡"))))
    client = signed_in(teacher)
    assert client.get(f"{LIST}new/", {"student": str(elsewhere.pk)}).status_code == 404
    assert client.post(f"{LIST}new/", answers(elsewhere)).status_code == 404
    assert client.get(f"{LIST}new/", {"student": "nobody"}).status_code == 404
    assert stored() == []


def test_offices_read_the_fact_and_not_the_words(county, school, teacher, pupil):
    made = visit(teacher, pupil, follow_up="要找村委会")
    for asker in (
        county.office_staff(),
        county.township_staff(school.parent),
        county.department_staff("education"),
    ):
        client = signed_in(asker)
        assert "马小明" in page(client, LIST)
        text = page(client, f"{LIST}{made.pk}/")
        assert "谈话内容只有当时的学校能看到" in text
        assert "约定九点" not in text
        assert "找村委会" not in text
        assert client.get(f"{LIST}new/").status_code == 403
        assert client.get(f"{LIST}{made.pk}/correct/").status_code == 403


def test_other_departments_see_no_visit(county, teacher, pupil):
    made = visit(teacher, pupil)
    client = signed_in(county.department_staff("justice"))
    assert "马小明" not in page(client, LIST)
    assert client.get(f"{LIST}{made.pk}/").status_code == 404


def test_a_correction_and_its_history(teacher, pupil):
    made, client = visit(teacher, pupil), signed_in(teacher)
    url = f"{LIST}{made.pk}/correct/"
    assert "约定九点" in page(client, url)
    sent = answers(pupil, line="改为八点半。", version="1", reason="记错时间")
    assert client.post(url, {**sent, "reason": ""}).status_code == 422
    assert client.post(url, sent).status_code == 302
    text = page(client, f"{LIST}{made.pk}/")
    assert "改为八点半" in text
    assert "<del>约定九点收起手机。</del>" in text
    assert "记错时间" in text
    late = client.post(url, sent)
    assert late.status_code == 422
    assert "有人改过这条记录" in late.content.decode()


def test_an_office_reads_the_history_without_the_words(county, teacher, pupil):
    made = visit(teacher, pupil)
    signed_in(teacher).post(
        f"{LIST}{made.pk}/correct/", answers(pupil, line="改为八点半。", version="1", reason="记错时间")
    )
    text = page(signed_in(county.office_staff()), f"{LIST}{made.pk}/")
    assert "记错时间" in text
    assert "八点半" not in text
    assert "约定九点" not in text


def test_a_visit_is_withdrawn_with_a_reason(teacher, pupil):
    made, client = visit(teacher, pupil), signed_in(teacher)
    url = reverse("records:withdraw", args=["home_visit", made.pk])
    assert client.post(f"{url}?version=1", {"reason": " "}).status_code == 422
    assert client.post(f"{url}?version=1", {"reason": "记错学生"}).status_code == 302
    assert "这条记录已撤回" in page(client, f"{LIST}{made.pk}/")
    assert "0 / 1" in page(client, CLASS_PAGE)
    assert client.post(f"{url}?version=2", {"reason": "再撤"}).status_code == 422 or stored()[0].version == 2


def test_a_stranger_cannot_withdraw(county, teacher, pupil, school):
    made = visit(teacher, pupil)
    url = reverse("records:withdraw", args=["home_visit", made.pk])
    for asker, status in (
        (county.teacher(county.class_(school, number=2)), 404),
        (county.office_staff(), 403),
    ):
        assert signed_in(asker).post(f"{url}?version=1", {"reason": "x"}).status_code == status
    assert stored()[0].withdrawn_at is None


def test_a_follow_up_is_closed(teacher, pupil):
    made, client = visit(teacher, pupil, follow_up="下周再问"), signed_in(teacher)
    url = f"{LIST}{made.pk}/follow-up/"
    assert client.post(url, {"done_on": "2027-01-01"}).status_code == 422
    assert client.post(url, {"done_on": "2026-11-23"}).status_code == 302
    assert "已完成" in page(client, f"{LIST}{made.pk}/")


def picture():
    data = BytesIO()
    Image.new("RGB", (40, 30), "green").save(data, "JPEG")
    data.seek(0)
    data.name = "照片.jpg"
    return data


def test_a_photo_is_seen_by_those_who_see_the_visit(county, teacher, pupil, school, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client = signed_in(teacher)
    assert client.post(f"{LIST}new/", answers(pupil, files=picture())).status_code == 302
    with as_system():
        photo = Attachment.objects.get()
    url = reverse("records:attachment", args=[photo.pk])
    assert client.get(url)["Content-Type"] == "image/jpeg"
    assert signed_in(county.teacher(county.class_(school, number=2))).get(url).status_code == 404
    away = reverse("records:remove_attachment", args=[photo.pk])
    assert client.post(away, {"reason": "拍错了"}).status_code == 302
    assert client.get(url).status_code == 404


def test_a_wrong_file_does_not_cost_the_visit(teacher, pupil, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    wrong = BytesIO(b"MZ")
    wrong.name = "x.jpg"
    text = signed_in(teacher).post(f"{LIST}new/", answers(pupil, files=wrong), follow=True).content.decode()
    assert "家访已保存，但文件没有保存" in text
    assert len(stored()) == 1


def test_search_filter_and_sort(county, class_, teacher, pupil):
    visit(teacher, pupil)
    withdrawn = visit(teacher, county.pupil(class_, "王大山"), visitors=["class_teacher", "leader"])
    with as_asker(teacher):
        withdraw_visit(by=teacher, record=withdrawn, reason="x", version=1)
    client = signed_in(teacher)
    assert "王大山" not in page(client, LIST, q="马小")
    assert "马小明" not in page(client, LIST, q="小明")
    assert "马小明" not in page(client, LIST, state="withdrawn")
    assert "王大山" in page(client, LIST, visitor="leader")
    assert page(client, LIST, place="nonsense", sort="; drop", page="x")


def test_the_workbook_carries_ids_and_no_formula(county, class_, teacher):
    evil = county.pupil(class_, "=HYPERLINK(1)")
    made = visit(teacher, evil)
    response = signed_in(teacher).get(LIST, {"format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(response.content)).get_sheet_by_index(0).to_python()
    assert rows[0][:2] == ["编号", "学生"]
    assert rows[1][0] == str(made.pk)
    assert rows[1][1].lstrip("'") == "=HYPERLINK(1)"


@pytest.mark.parametrize("url", [CLASS_PAGE, LIST])
def test_one_row_and_three_cost_the_same_queries(county, class_, teacher, pupil, url):
    client = signed_in(teacher)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    visit(teacher, pupil)
    client.get(url)
    one = queries()
    for name in ("王大山", "李四"):
        visit(teacher, county.pupil(class_, name))
    assert queries() == one <= 16


def test_a_class_of_fifty_stays_small(county, class_, teacher):
    for number in range(50):
        county.pupil(class_, f"马同学{number}", left_behind=1)
    assert len(page(signed_in(teacher), CLASS_PAGE).encode()) < 30_000
