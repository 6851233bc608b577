"""The pages of bulletins for sender, class teacher and guardian."""

import re
import wave
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from support.county import County, as_asker, signed_in
from tongyu.core import jobs
from tongyu.core.ids import uuid7
from tongyu.workbenches.families.bulletins import actions, queries
from tongyu.workbenches.families.bulletins.models import BulletinChild

LIST, NEW, FAMILY = (f"/work/families/bulletins/{path}" for path in ("", "new/", "family/"))


@pytest.fixture
def county(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
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
    return county.pupil(class_, "马小某")


@pytest.fixture
def father(county, pupil):
    return county.parent(pupil, name="马父")


def sent(teacher, class_, **more):
    words = {"title": "放假安排", "text": "周五下午三点放学。", "need": "read"}
    with as_asker(teacher):
        return actions.send_bulletin(by=teacher, id=uuid7(), place=class_.code, **(words | more))


def page(asker, url):
    answer = signed_in(asker).get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_class_teacher_sees_who_is_not_reached_before_sending(county, class_, teacher, father):
    county.pupil(class_, "何小某")
    client = signed_in(teacher)
    form = client.get(NEW).content.decode()
    assert "能送到 1 / 2 个孩子的家庭（1 位家长）" in form
    assert "何小某 · 没有登记监护人" in form
    id = re.search(r'name="id" value="([0-9a-f-]{36})"', form)[1]
    words = {
        "id": id,
        "title": "家长会",
        "text": "周五三点",
        "need": "confirm",
        "whose": "any",
        "deadline": "",
    }
    answer = client.post(NEW, words)
    assert answer.status_code == 302, answer.content.decode()
    detail = client.get(answer["Location"]).content.decode()
    assert ("马小某" in detail, "还没有答复" in detail) == (True, True)


def test_a_leader_chooses_a_place_first_and_sees_counts_without_names(county, school, class_, father):
    leader = county.leader(school)
    assert "发给哪里的家长" in page(leader, NEW)
    form = page(leader, f"{NEW}?place={school.code}")
    assert ("能送到 1 / 1" in form, "马小某" in form) == (True, False)
    assert signed_in(leader).get(f"{NEW}?place={county.body.code}").status_code == 404


def test_one_tap_confirms_with_the_childs_name(teacher, class_, father):
    bulletin = sent(teacher, class_, need="confirm")
    client = signed_in(father)
    url = reverse("bulletins:family_detail", args=[bulletin.pk])
    text = client.get(url).content.decode()
    assert "确认（马小某）" in text
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text))
    client.post(reverse("bulletins:family_answer", args=[bulletin.pk]), fields | {"act": "confirm"})
    assert "已确认" in client.get(url).content.decode()
    assert "马父（父亲） 已确认" in page(teacher, reverse("bulletins:detail", args=[bulletin.pk]))


def test_looking_at_a_page_changes_nothing_and_the_page_tells_that_it_was_read(teacher, class_, father):
    bulletin = sent(teacher, class_)
    detail = reverse("bulletins:detail", args=[bulletin.pk])
    page(father, reverse("bulletins:family_detail", args=[bulletin.pk]))
    assert "已读" not in page(teacher, detail)
    signed_in(father).post(reverse("bulletins:family_answer", args=[bulletin.pk]), {"act": "read"})
    assert "马父（父亲） 已读" in page(teacher, detail)


def test_a_bulletin_of_the_county_names_each_child_of_a_family(county, class_, teacher):
    first, second = county.pupil(class_, "马大某"), county.pupil(class_, "马二某")
    father = county.parent(first, second)
    bulletin = sent(teacher, class_, need="sign")
    text = page(father, reverse("bulletins:family_detail", args=[bulletin.pk]))
    assert ("代 马大某 签字" in text, "代 马二某 签字" in text) == (True, True)
    assert "马大某、马二某" in page(father, FAMILY)


def test_the_class_teacher_enters_a_slip_for_a_bulletin_of_the_school(
    county, school, class_, teacher, father
):
    leader = county.leader(school)
    bulletin = sent(leader, class_, need="confirm")
    detail = reverse("bulletins:detail", args=[bulletin.pk])
    text = page(teacher, detail)
    assert ("本班还没有答复的孩子" in text, "马小某" in text) == (True, True)
    with as_asker(teacher):
        row = BulletinChild.objects.get(bulletin=bulletin)
    client, url = signed_in(teacher), reverse("bulletins:enter", args=[row.pk])
    form = client.get(url).content.decode()
    id = re.search(r'name="id" value="([0-9a-f-]{36})"', form)[1]
    words = {
        "id": id,
        "guardian": str(father.wards[0].guardian_id),
        "act": "confirm",
        "how": "phone",
        "note": "",
    }
    assert client.post(url, words).status_code == 302
    assert "马小某" not in page(teacher, detail)


def test_withdrawn_the_family_reads_why_and_not_what(teacher, class_, father):
    bulletin = sent(teacher, class_)
    signed_in(teacher).post(reverse("bulletins:withdraw", args=[bulletin.pk]), {"reason": "日期写错了"})
    text = page(father, reverse("bulletins:family_detail", args=[bulletin.pk]))
    assert ("日期写错了" in text, "周五下午三点" in text) == (True, False)


def test_other_departments_do_not_write_to_families(county, class_):
    justice = county.department_staff("justice")
    assert [signed_in(justice).get(url).status_code for url in (LIST, NEW)] == [403, 403]


def test_a_recording_plays_in_parts_as_the_iphone_asks_for_it(teacher, class_, father):
    data = BytesIO()
    with wave.open(data, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(1)
        made.setframerate(8000)
        made.writeframes(bytes([128]) * 8000)
    bulletin = sent(teacher, class_, voice=SimpleUploadedFile("话.wav", data.getvalue()))
    text = page(father, reverse("bulletins:family_detail", args=[bulletin.pk]))
    url = re.search(r'<audio[^>]*src="([^"]+)"', text)[1]
    client = signed_in(father)
    part = client.get(url, HTTP_RANGE="bytes=0-1")
    assert (part.status_code, part.content, part["Content-Range"][:10]) == (206, b"RI", "bytes 0-1/")
    assert client.get(url, HTTP_RANGE="bytes=9999999-").status_code == 416
    assert client.get(url).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_ask_the_same_few_questions(county, class_, teacher, rows, django_assert_max_num_queries):
    pupils = [county.pupil(class_, f"学生{number}") for number in range(rows)]
    father = county.parent(*pupils)
    for _ in range(rows):
        bulletin = sent(teacher, class_, need="confirm")
    for asker, url in [
        (teacher, LIST),
        (teacher, NEW),
        (teacher, reverse("bulletins:detail", args=[bulletin.pk])),
        (father, FAMILY),
        (father, reverse("bulletins:family_detail", args=[bulletin.pk])),
    ]:
        client = signed_in(asker)
        client.get(url)
        with django_assert_max_num_queries(14):
            client.get(url)


def test_a_sending_shows_how_far_it_is(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    county = County()
    school = county.school(county.township())
    class_ = county.class_(school)
    for number in range(5):
        county.parent(county.pupil(class_, f"马小{number}"))
    leader = county.leader(school)
    bulletin = sent(leader, school)
    progress = reverse("bulletins:progress", args=[bulletin.pk])
    assert "在排队" in page(leader, progress)
    jobs.run_waiting()
    assert "已全部发出" in page(leader, progress)
    assert "四年级1班" in page(leader, reverse("bulletins:detail", args=[bulletin.pk]))


def test_the_slips_of_a_class_and_where_their_code_leads(county, class_, teacher, pupil, father):
    county.pupil(class_, "何小某")
    bulletin = sent(teacher, class_, need="sign", title="春游", text="<b>周五</b>春游")
    slips = reverse("bulletins:slips", args=[bulletin.pk])
    text = page(teacher, slips)
    assert "何小某" in text
    assert "马小某" not in text
    assert "&lt;b&gt;周五" in text
    assert "马小某" in page(teacher, f"{slips}?who=open")
    with as_asker(teacher):
        child = BulletinChild.objects.get(bulletin=bulletin, student=pupil)
    code = reverse("bulletins:slip", args=[child.pk])
    assert signed_in(teacher).get(code)["Location"] == reverse("bulletins:enter", args=[child.pk])
    assert signed_in(father).get(code)["Location"] == reverse("bulletins:family_detail", args=[bulletin.pk])
    stranger = county.parent(county.pupil(class_, "别人"), name="别家")
    assert signed_in(stranger).get(code).status_code == 404
    with as_asker(teacher):
        actions.withdraw_bulletin(by=teacher, bulletin=bulletin, reason="写错了")
    assert signed_in(teacher).get(slips).status_code == 404


def test_a_leader_prints_slips_class_by_class_and_only_of_the_own_school(county, school, class_):
    leader, second = county.leader(school), county.class_(school, number=2)
    county.pupil(class_, "何小某")
    county.pupil(second, "白小某")
    bulletin = sent(leader, class_)
    assert "何小某" in page(leader, reverse("bulletins:slips", args=[bulletin.pk]))
    other = county.leader(county.school(county.township("关山乡"), "别的小学"))
    assert signed_in(other).get(reverse("bulletins:slips", args=[bulletin.pk])).status_code == 404


def test_the_home_page_reads_the_bulletins_once(teacher, class_, father, monkeypatch):
    sent(teacher, class_)
    client = signed_in(father)
    client.post("/family/consent/", {"later": "1"})
    read, home_items = [], queries.home_items
    monkeypatch.setattr(queries, "home_items", lambda asker: read.append(asker) or home_items(asker))
    assert "放假安排" in client.get("/family/").content.decode()
    assert len(read) == 1


def test_a_family_has_one_line_for_a_bulletin_to_several_of_its_children(county, school, class_):
    first, second = county.pupil(class_, "马大"), county.pupil(class_, "马二")
    mother = county.parent(first, second, relation="mother")
    bulletin = sent(county.teacher(class_), class_, need="sign")
    text = page(mother, FAMILY)
    assert text.count("放假安排") == 1
    assert "马大、马二" in text
    client, address = signed_in(mother), reverse("bulletins:family_answer", args=[bulletin.pk])
    client.post(address, {"act": "agree", "student": str(first.pk), "id": str(uuid7())})
    assert "请签字" in page(mother, FAMILY), "one is open still"
    client.post(address, {"act": "agree", "student": str(second.pk), "id": str(uuid7())})
    assert "已同意" in page(mother, FAMILY)


def test_a_withdrawn_bulletin_lists_nobody_as_open(teacher, class_, pupil, father):
    bulletin = sent(teacher, class_, need="sign")
    with as_asker(teacher):
        actions.withdraw_bulletin(by=teacher, bulletin=bulletin, reason="写错了")
    text = page(teacher, reverse("bulletins:detail", args=[bulletin.pk]))
    assert "撤回以前的答复" in text
    assert "马小某" not in text
