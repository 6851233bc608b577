"""The office changes schools over HTTP: choose, look at it, confirm once."""

import pytest

from directory.transfers.conftest import plan, story
from support.county import as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.models import Body, Reorganisation

__all__ = ["plan", "story"]
pytestmark = pytest.mark.django_db


def sent(**fields):
    return {"id": str(uuid7()), "paper": "永教发〔2026〕31号", **fields}


def count():
    with as_system():
        return Reorganisation.objects.count()


def test_the_office_merges_a_school_after_looking_at_what_changes(story):
    client = signed_in(story.county.office_staff())
    where = f"/directory/schools/{story.school.code}/reorganise/"
    assert where in client.get("/directory/").content.decode()
    form = sent(into=story.other_school.code)
    html = client.post(where, form).content.decode()
    assert "太极镇中心小学并入西河镇小学。" in html
    assert ("原为太极镇中心小学四年级1班" in html, "西河镇小学四年级2班" in html, count()) == (True, True, 0)
    for _click in range(2):
        answer = client.post(where, {**form, "confirmed": "1"}, follow=True)
        assert "已办好：2 个班、1 名学生" in answer.content.decode()
    assert (count(), Body.objects.get(code=story.school.code).succeeded_by_id) == (1, story.other_school.code)
    assert "永教发〔2026〕31号" in client.get("/directory/reorganisations/").content.decode()


def test_a_split_asks_for_classes_name_and_code(story):
    client = signed_in(story.county.office_staff())
    where = f"/directory/schools/{story.school.code}/reorganise/?to=split"
    html = client.post(
        where, sent(name="", school_code="1", township=story.school.parent_id)
    ).content.decode()
    assert ("请选择哪些班分出去。" in html, "请填写新学校名称。" in html) == (True, True)
    form = sent(
        name="新桥小学", school_code="12", township=story.school.parent_id, classes=[story.second.code]
    )
    answer = client.post(where, form)
    assert (answer.status_code, "学校标识码应为 10 位" in answer.content.decode()) == (422, True)
    html = client.post(where, {**form, "school_code": "2162999001"}).content.decode()
    assert "从太极镇中心小学分出新桥小学。" in html


def test_a_school_changes_township_and_others_are_refused(story):
    where = f"/directory/schools/{story.school.code}/reorganise/?to=township"
    for asker in (story.leader, story.teacher, story.county.township_staff(story.school.parent)):
        assert signed_in(asker).get(where).status_code == 403
    client = signed_in(story.county.office_staff())
    html = client.post(where, sent(township=story.other_school.parent_id)).content.decode()
    assert "太极镇中心小学划到西河镇。" in html
    assert client.get("/directory/schools/1/reorganise/").status_code == 404
    assert "还没有学校调整" in client.get("/directory/reorganisations/").content.decode()
