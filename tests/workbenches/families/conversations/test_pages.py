"""The pages of conversations for teacher and guardian."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from support.county import County, as_asker, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.codes import containing
from tongyu.directory.models import Body
from tongyu.workbenches.families.conversations import actions

pytestmark = pytest.mark.django_db
LIST, NEW, FAMILY, FAMILY_NEW = (
    f"/work/families/conversations/{path}" for path in ("", "new/", "family/", "family/new/")
)


@pytest.fixture
def county(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return County()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township()))


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def pupil(county, class_):
    return county.pupil(class_, "马小某")


@pytest.fixture
def father(county, pupil):
    return county.parent(pupil, name="马父")


def opened(teacher, pupil, **more):
    with as_asker(teacher):
        return actions.open_conversation(
            by=teacher,
            id=uuid7(),
            student=pupil.pk,
            topic="作业",
            text="您好",
            **({"audience": "all"} | more),
        )


def page(asker, url):
    answer = signed_in(asker).get(url)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_teacher_opens_a_conversation_from_the_class_list(teacher, pupil, father):
    client = signed_in(teacher)
    assert "马小某" in client.get(NEW).content.decode()
    form = client.get(f"{NEW}?student={pupil.pk}").content.decode()
    assert "马父（父亲）" in form
    id = re.search(r'name="id" value="([0-9a-f-]{36})"', form)[1]
    words = {"id": id, "whom": str(father.wards[0].guardian_id), "topic": "作业", "text": "您好"}
    answer = client.post(f"{NEW}?student={pupil.pk}", words)
    assert answer.status_code == 302
    thread = client.get(answer["Location"]).content.decode()
    assert "只和一位监护人" in thread
    assert "某老师（班主任）" in thread


def test_a_guardian_opens_one_with_the_class_teacher(teacher, pupil, father):
    client = signed_in(father)
    form = client.get(FAMILY_NEW).content.decode()
    assert "某老师" in form
    id = re.search(r'name="id" value="([0-9a-f-]{36})"', form)[1]
    answer = client.post(FAMILY_NEW, {"id": id, "whom": "one", "topic": "请假", "text": "明天请假"})
    assert "明天请假" in client.get(answer["Location"]).content.decode()
    assert "明天请假" in page(teacher, answer["Location"])


def test_a_family_with_two_children_chooses_and_reads_the_name_on_each_line(county, class_, teacher):
    first, second = county.pupil(class_, "马大某"), county.pupil(class_, "马二某")
    father = county.parent(first, second)
    opened(teacher, first)
    opened(teacher, second)
    assert "关于哪个孩子" in page(father, FAMILY_NEW)
    listed = page(father, FAMILY)
    assert ("马大某" in listed, "马二某" in listed) == (True, True)


def test_what_a_big_file_refuses_keeps_the_words_in_the_form(teacher, pupil, father):
    talk = opened(teacher, pupil)
    big = SimpleUploadedFile("录像.jpg", b"x" * (50 * 1024 * 1024))
    answer = signed_in(father).post(
        reverse("conversations:post", args=[talk.pk]), {"id": uuid7(), "text": "看看这个", "uploads": big}
    )
    text = answer.content.decode()
    assert (answer.status_code, "20 MB" in text, "看看这个" in text) == (422, True, True)


def test_the_sender_alone_sees_who_has_read(county, teacher, pupil, father):
    mother = county.parent(pupil, relation="mother", name="张母")
    talk = opened(teacher, pupil)
    url = reverse("conversations:detail", args=[talk.pk])
    signed_in(father).post(reverse("conversations:read", args=[talk.pk]), {"number": "1"})
    assert "已读：马父" in page(teacher, url)
    assert "已读：" not in page(mother, url)
    assert "已读：" not in page(father, url)


def test_taken_back_the_words_are_gone_from_the_page(teacher, pupil, father):
    talk = opened(teacher, pupil)
    client = signed_in(teacher)
    client.post(reverse("conversations:take_back", args=[talk.pk]))
    text = page(father, reverse("conversations:detail", args=[talk.pk]))
    assert ("已撤回" in text, "您好" in text) == (True, False)


@pytest.mark.parametrize("rows", [1, 3])
def test_list_and_thread_ask_the_same_few_questions(
    county, class_, teacher, rows, django_assert_max_num_queries
):
    pupils = [county.pupil(class_, f"学生{number}") for number in range(rows)]
    father = county.parent(*pupils)
    talks = [opened(teacher, pupil) for pupil in pupils]
    for _ in range(rows):
        with as_asker(father):
            actions.post_message(by=father, conversation=talks[0].pk, id=uuid7(), text="好的")
    for asker, url in [
        (teacher, LIST),
        (father, FAMILY),
        (teacher, reverse("conversations:detail", args=[talks[0].pk])),
        (father, reverse("conversations:detail", args=[talks[0].pk])),
    ]:
        client = signed_in(asker)
        client.get(url)
        with django_assert_max_num_queries(12):
            client.get(url)


def test_the_first_view_of_a_thread_is_small(teacher, pupil, father):
    talk = opened(teacher, pupil)
    assert len(page(father, reverse("conversations:detail", args=[talk.pk])).encode()) < 15_000


def test_a_leader_chooses_a_child_class_by_class(county, class_, pupil):
    school = Body.objects.get(code=containing(class_.code, "school"))
    county.pupil(county.class_(school, number=2), "李小某")
    text = page(county.leader(school), NEW)
    assert ("四年级1班（1）" in text, "四年级2班（1）" in text) == (True, True)
    assert ("马小某" in text, "李小某" in text) == (True, True)
