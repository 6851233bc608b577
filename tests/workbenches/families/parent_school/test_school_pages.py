"""The pages: a guardian learns on small pages, a school keeps its parts, a keeper loads a course."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.county import DAY, County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.plan import loader
from tongyu.records import shipped
from tongyu.records.family import home_of, tiles
from tongyu.workbenches.families.parent_school.actions.needs import ask_needs
from tongyu.workbenches.families.parent_school.actions.parts import record_part
from tongyu.workbenches.families.parent_school.actions.stations import open_station
from tongyu.workbenches.families.parent_school.models import Completion, Course, Part

LATER = 15_000


@pytest.fixture(scope="module")
def plan(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def place(db, plan, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    county = County()
    county.town = county.township("太极镇")
    county.school_a = county.school(county.town)
    county.class_1 = county.class_(county.school_a, 2023, 1)
    county.head = county.leader(county.school_a)
    county.mother = county.parent(county.pupil(county.class_1), relation="mother")
    shipped.load_for(county.code)
    with as_system():
        county.course = Course.objects.get()
    return county


def asked_of(parent):
    with as_asker(parent):
        return [task.title for task in home_of(parent, DAY).tasks]


def page(name, *arguments):
    return reverse(f"parent_school:{name}", args=arguments)


def test_a_guardian_learns_the_whole_course_by_its_buttons(place):
    client = signed_in(place.mother)
    shown = client.get(page("family_courses"))
    assert "已学 0 / 6 课" in shown.text
    at = page("family_lesson", place.course.pk, 1)
    for number in range(1, 7):
        lesson = client.get(at)
        assert f"第 {number} 课，共 6 课" in lesson.text
        assert len(lesson.content) <= LATER
        at = client.post(page("family_learn", place.course.pk, number), {"round": "1"}).url
    assert at == page("family_course", place.course.pk)
    assert "已学 6 / 6 课" in client.get(at).text
    with as_system():
        assert Completion.objects.count() == 1
    with as_asker(place.mother):
        assert tiles.get("parent_school").line(place.mother, DAY) == "已学 6 / 6 课"


def test_the_questions_teach_and_keep_nothing(place):
    lesson = signed_in(place.mother).get(page("family_lesson", place.course.pk, 1)).text
    assert "✓ 父母或者其他监护人" in lesson
    assert "第四条说得明白" in lesson
    assert len(re.findall("<form", lesson.split("</main>")[0].split("<main")[1])) == 1


def test_a_course_that_is_not_offered_and_odd_numbers_are_404(place):
    client = signed_in(place.mother)
    for address in (page("family_course", uuid7()), page("family_lesson", place.course.pk, 99)):
        assert client.get(address).status_code == 404
    odd = client.post(page("family_learn", place.course.pk, 1), {"round": "九"})
    assert odd.status_code == 302
    ahead = client.post(page("family_learn", place.course.pk, 1), {"round": "7"}, follow=True)
    assert "请返回课程重新打开" in ahead.text


def test_the_school_puts_the_four_parts_on_record(place):
    client = signed_in(place.head)
    assert "本学年还缺 4 项" in client.get(page("home")).text
    for part in ("team", "place", "plan", "activity"):
        answer = client.post(page("new_part", part), {"id": str(uuid7()), "line": "写几行", "amount": "3"})
        assert answer.url == page("home")
    assert "四项保障都已登记" in client.get(page("home")).text
    with as_system():
        part = Part.objects.filter(part="plan").get()
    shown = client.get(page("part", part.pk))
    assert shown.status_code == 200
    changed = {"id": str(part.pk), "line": "改", "amount": "", "reason": "补", "version": "1"}
    assert client.post(page("correct_part", part.pk), changed).url == page("part", part.pk)
    assert client.get(page("new_part", "money")).status_code == 404


def test_the_wishes_of_the_families_are_chosen_in_the_plan(place):
    with as_asker(place.head):
        survey = ask_needs(by=place.head, topics=["law", "phones"], closes_on=DAY + timedelta(days=9))
    for number in range(5):
        parent = place.parent(place.pupil(place.class_1, f"孩{number}"), name=f"长{number}")
        client = signed_in(parent)
        assert asked_of(parent) == ["您想听什么？"]
        answer = client.post(page("family_needs", survey.pk), {"topics": ["phones", "nonsense"]}, follow=True)
        assert "看不到是谁选的" in answer.text
        assert asked_of(parent) == []
    plan = signed_in(place.head).get(page("new_part", "plan"))
    assert "手机和网络" in plan.text.split("家长最想听的")[1][:40]
    assert "5 位家长选了" in signed_in(place.head).get(page("needs")).text


COURSE = "key: own\ntitle: 本校的课\nlessons:\n  - key: a\n    title: 一\n    text: a.md\n    audio: a.mp3\n"


def package(text="**好**", sound=b"ID3" + bytes(5000)):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in (("course.yaml", COURSE), ("a.md", text), ("a.mp3", sound)):
            archive.writestr(name, content)
    return SimpleUploadedFile("课程.zip", target.getvalue())


def test_a_school_loads_looks_publishes_and_its_families_hear(place):
    client = signed_in(place.head)
    bad = client.post(page("upload_course"), {"file": package("<b>好</b>")})
    assert (bad.status_code, "a.md" in bad.text, "HTML" in bad.text) == (422, True, True)
    draft = client.post(page("upload_course"), {"file": package()})
    with as_system():
        course = Course.objects.get(key="own")
    assert draft.url == page("course", course.pk)
    parent = signed_in(place.mother)
    assert parent.get(page("family_course", course.pk)).status_code == 404
    assert "<strong>好</strong>" in client.get(page("course_lesson", course.pk, 1)).text
    client.post(page("publish_course", course.pk))
    lesson = parent.get(page("family_lesson", course.pk, 1)).text
    sound = re.search(r'<audio[^>]*src="([^"]+)"', lesson)[1]
    part = parent.get(sound, headers={"range": "bytes=0-9"})
    assert (part.status_code, part["Content-Range"], part["Content-Type"]) == (
        206,
        "bytes 0-9/5003",
        "audio/mpeg",
    )
    assert parent.get(sound).content[:3] == b"ID3"
    far = place.parent(place.pupil(place.class_(place.school(place.town, "另一小学"))))
    assert signed_in(far).get(sound).status_code == 404
    client.post(page("withdraw_course", course.pk))
    assert parent.get(sound).status_code == 404


def test_a_file_of_fifty_megabytes_is_refused_in_words(place):
    big = SimpleUploadedFile("课程.zip", b"PK" + bytes(50 * 1024 * 1024))
    answer = signed_in(place.head).post(page("upload_course"), {"file": big})
    assert (answer.status_code, "文件超过 40 MB" in answer.text) == (422, True)


def test_the_sample_can_be_loaded_again_under_another_number(place):
    client = signed_in(place.head)
    sample = client.get(page("sample_course")).content
    taken = client.post(page("upload_course"), {"file": SimpleUploadedFile("样例.zip", sample)})
    assert "请换一个编号" in taken.text


def test_the_office_replaces_the_shipped_course_and_progress_stays(place):
    mother, office = signed_in(place.mother), signed_in(place.office_staff())
    mother.post(page("family_learn", place.course.pk, 1), {"round": "1"})
    sample = office.get(page("sample_course")).content
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(sample)) as source, zipfile.ZipFile(target, "w") as archive:
        for name in source.namelist():
            extra = "\n再加一句。".encode() if name == "1-who.md" else b""
            archive.writestr(name, source.read(name) + extra)
    made = office.post(page("upload_course"), {"file": SimpleUploadedFile("新版.zip", target.getvalue())})
    assert "将替换现在的版本" in office.get(made.url).text
    office.post(made.url + "publish/")
    assert "已学 1 / 6 课" in mother.get(page("family_courses")).text
    assert shipped.load_for(place.code) == 0


def test_the_pages_of_the_women_and_of_the_townships(place):
    women, clerk = signed_in(place.department_staff("women")), signed_in(place.township_staff(place.town))
    assert "还有 1 个乡镇没有服务站" in women.get(page("stations")).text
    fields = {
        "id": str(uuid7()), "township": str(place.town.code), "name": "太极镇服务站", "place": "镇政府一楼",
        "opening": "周六上午", "offers": "", "occurred_on": "2026-11-20",
    }  # fmt: skip
    made = women.post(page("open_station"), fields)
    assert "太极镇服务站" in clerk.get(made.url).text
    assert "太极镇服务站" in signed_in(place.mother).get(page("family_stations")).text
    ended = {**fields, "reason": "搬走", "version": "1", "closed_on": "2026-11-22"}
    assert clerk.post(made.url + "correct/", ended).url == made.url
    assert signed_in(place.department_staff("justice")).get(page("open_station")).status_code == 403
    assert clerk.get(page("home")).status_code == 200
    assert women.get(page("home")).status_code == 200


def queries_of(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_number_of_queries_does_not_grow(place):
    with as_asker(place.head):
        record_part(by=place.head, part="team", line="甲")
    mother, head, office = signed_in(place.mother), signed_in(place.head), signed_in(place.office_staff())
    pages = [
        (mother, page("family_courses")), (mother, page("family_course", place.course.pk)),
        (mother, page("family_lesson", place.course.pk, 1)), (head, page("home")), (head, page("courses")),
        (office, page("home")), (head, page("course", place.course.pk)),
    ]  # fmt: skip
    before = [queries_of(client, address) for client, address in pages]
    for number in range(3):
        school = place.school(place.town, f"小学{number}")
        place.pupil(place.class_(school))
        place.parent(place.pupil(place.class_1, f"孩{number}"), name=f"长{number}")
        with as_asker(place.head):
            record_part(by=place.head, part="team", line=f"乙{number}")
        with as_system():
            Course.objects.create(
                org=place.school_a.code, lo=place.school_a.code, hi=place.school_a.hi, key=f"k{number}",
                title=f"课{number}", digest="x", state="published", published_at="2026-11-01T00:00Z",
            )  # fmt: skip
    after = [queries_of(client, address) for client, address in pages]
    assert (before, max(before) <= 20) == (after, True)


def test_stations_and_courses_of_another_county_stay_there(place):
    clerk = place.township_staff(place.town)
    fields = {"township": place.town.code, "name": "服务站", "place": "镇政府", "occurred_on": DAY}
    with as_asker(clerk):
        station = open_station(by=clerk, **fields)
    far = County(622924)
    class_ = far.class_(far.school(far.township("外县镇")))
    office, parent = signed_in(far.office_staff()), signed_in(far.parent(far.pupil(class_)))
    assert office.get(page("station", station.pk)).status_code == 404
    assert office.get(page("course", place.course.pk)).status_code == 404
    assert "镇政府" not in office.get(page("stations")).text
    assert parent.get(page("family_course", place.course.pk)).status_code == 404
