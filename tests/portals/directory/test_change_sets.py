"""Change sets over HTTP: columns told, conflicts decided, the missing listed, the whole undone."""

import pytest

from support.county import County, as_system, signed_in
from support.roster import HEADERS, Silent, bring_in, check, pupil, stored, workbook
from tongyu.core.models import JobProgress
from tongyu.directory.models import Enrolment, RosterAbsent, RosterConflict, RosterImport, Student
from tongyu.directory.roster.undo import run_undo

pytestmark = pytest.mark.django_db
ODD = ["编号甲", *HEADERS[1:]]


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "太极镇中心小学", school_code="2162000001")


@pytest.fixture
def office(county, school):
    return county.office_staff()


def text(answer):
    return answer.content.decode()


def test_columns_are_told_on_a_page_that_puts_the_unknown_first(office):
    row = check(office, workbook([pupil(1)], headers=ODD))
    client, here = signed_in(office), f"/directory/rosters/{row.pk}/"
    page = text(client.get(here))
    assert ("缺少必需的列：学籍号" in page, f"{here}columns/" in page) == (True, True)
    page = text(client.get(f"{here}columns/"))
    assert page.index("编号甲") < page.index("已认出的 15 列") < page.index("监护人1姓名</label>")
    sent = {f"column_{place}": "-" for place in range(len(ODD))}
    answer = client.post(f"{here}columns/", sent)
    assert (answer.status_code, "还没有指定必需的列" in text(answer)) == (422, True)
    keys = ["student_number", "name", "sex", "id_number", "school_code", "grade", "class"]
    answer = client.post(f"{here}columns/", sent | {f"column_{place}": key for place, key in enumerate(keys)})
    assert answer.headers["Location"] == here
    with as_system():
        assert RosterImport.objects.get().state == "checking"


def test_conflicts_are_decided_before_the_import_and_a_late_page_is_told(county, office):
    bring_in(office, workbook([pupil(1), pupil(2)]))
    row = check(office, workbook([pupil(order, 监护人1电话=f"1390000{order:04d}") for order in (1, 2)]))
    client, here = signed_in(office), f"/directory/rosters/{row.pk}/"
    page = text(client.get(here))
    assert ("有 2 处" in page, f"{here}import/" in page) == (True, False)
    page = text(client.get(f"{here}conflicts/"))
    assert ("138****0001" in page, "139****0002" in page, "+86" in page) == (True, True, False)
    with as_system():
        first, second = RosterConflict.objects.order_by("row").values_list("pk", flat=True)
    sent = {
        "field": "guardian_phone",
        "conflict": [str(first)],
        f"seen_{first}": "",
        f"choice_{first}": "keep",
    }
    assert "已保存 1 处决定" in text(client.post(f"{here}conflicts/", sent, follow=True))
    late = signed_in(county.office_staff()).post(
        f"{here}conflicts/", sent | {f"choice_{first}": "file"}, follow=True
    )
    assert "刚才已由别人决定为" in text(late)
    client.post(f"{here}conflicts/", {"field": "guardian_phone", "column": "file"})
    with as_system():
        assert [RosterConflict.objects.get(pk=key).decision for key in (first, second)] == ["keep", "file"]
    assert f"{here}import/" in text(client.get(here))


def test_the_missing_are_decided_by_office_and_school(county, office, school):
    bring_in(office, workbook([pupil(1), pupil(2, 姓名="马小军")]))
    bring_in(office, workbook([pupil(1)]), complete=True)
    with as_system():
        row, listed = RosterImport.objects.latest("uploaded_at"), RosterAbsent.objects.get()
    client, here = signed_in(office), f"/directory/rosters/{row.pk}/missing/"
    assert "马小军" in text(client.get(here))
    answer = client.post(here, {"seen": "", "person": [str(listed.pk)], "fate": "left", "left_on": ""})
    assert (answer.status_code, "请填写离开日期" in text(answer)) == (422, True)
    assert client.post(here, {"seen": "", "all": "1", "fate": "ask"}).status_code == 302
    leader = signed_in(county.leader(school))
    assert "请您核实 1 人" in text(leader.get("/directory/rosters/"))
    assert "马小军" in text(leader.get("/directory/rosters/asked/"))
    sent = {"seen": "ask", "person": [str(listed.pk)], "fate": "left", "left_on": "2026-11-20"}
    assert leader.post("/directory/rosters/asked/", sent).status_code == 302
    with as_system():
        assert Enrolment.objects.filter(left_on=None).count() == 1
    assert "2026年11月20日离开" in text(client.get(f"{here}?fate=left"))


def test_an_import_is_undone_from_its_page_once(office):
    bring_in(office, workbook([pupil(1)]))
    with as_system():
        row = RosterImport.objects.get()
    client, here = signed_in(office), f"/directory/rosters/{row.pk}/"
    assert "之前可以整体撤销" in text(client.get(here))
    assert client.post(f"{here}undo/").headers["Location"] == here
    assert "hx-get=" in text(client.get(here))
    client.post(f"{here}undo/")
    with as_system():
        assert JobProgress.objects.filter(kind="directory.undo_import").count() == 1
        run_undo(Silent(), str(row.pk), stored(office))
        assert not Student.objects.exists()
    assert "已整体撤销" in text(client.get(here))


def test_what_speaks_against_undoing_is_listed(office):
    bring_in(office, workbook([pupil(1)]))
    with as_system():
        row = RosterImport.objects.get()
        Student.objects.update(name="马晓花")
    client, here = signed_in(office), f"/directory/rosters/{row.pk}/"
    client.post(f"{here}undo/")
    with as_system():
        run_undo(Silent(), str(row.pk), stored(office))
    page = text(client.get(here))
    assert ("没有撤销，什么都没有改动" in page, "学生：1 条在导入之后又改动过。" in page) == (True, True)


@pytest.mark.parametrize("page", ["conflicts", "missing"])
def test_the_lists_ask_the_same_queries_for_one_row_and_for_many(office, page, django_assert_max_num_queries):
    people = [pupil(order) for order in range(1, 9)]
    bring_in(office, workbook(people))
    if page == "conflicts":
        row = check(
            office, workbook([pupil(order, 监护人1电话=f"1390000{order:04d}") for order in range(1, 9)])
        )
    else:
        bring_in(office, workbook(people[:1]), complete=True)
        with as_system():
            row = RosterImport.objects.latest("uploaded_at")
    client = signed_in(office)
    with django_assert_max_num_queries(14):
        assert client.get(f"/directory/rosters/{row.pk}/{page}/").status_code == 200
