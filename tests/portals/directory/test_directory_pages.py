"""Lists and rosters over HTTP: who may, what is masked, what a bad upload answers."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from support.county import County, as_system, signed_in
from support.roster import Silent, pupil, stored, workbook
from tongyu.core.encryption import blind_index
from tongyu.core.models import JobProgress
from tongyu.directory.models import Guardian, RosterImport
from tongyu.directory.roster import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "太极镇中心小学", school_code="2162000001")


def send(asker, data, name="名册.xlsx", **fields):
    form = {"kind": "students", "complete": "part", "file": SimpleUploadedFile(name, data)} | fields
    return signed_in(asker).post("/directory/rosters/new/", form)


def checked(asker, data, **fields):
    """Upload over HTTP, run the check by hand."""
    answer = send(asker, data, **fields)
    pk = answer.headers["Location"].rstrip("/").rpartition("/")[2]
    with as_system():
        actions.check_roster(Silent(), pk, stored(asker))
    return answer.headers["Location"]


def test_an_upload_waits_for_its_check_and_shows_progress(county, school):
    office = county.office_staff()
    answer = send(office, workbook([pupil(1)]))
    assert answer.status_code == 302
    client = signed_in(office)
    page = client.get(answer.headers["Location"]).content.decode()
    assert "hx-get=" in page
    step = client.get(answer.headers["Location"] + "progress/")
    assert (step.status_code, "HX-Refresh" in step.headers) == (200, False)
    with as_system():
        assert JobProgress.objects.get().kind == "directory.check_roster"


def test_the_preview_shows_counts_and_the_import_is_asked_for_once(county, school):
    office = county.office_staff()
    place = checked(office, workbook([pupil(1), pupil(2)]))
    client = signed_in(office)
    page = client.get(place).content.decode()
    assert "马小花" in page
    assert client.get(place + "progress/").headers["HX-Refresh"] == "true"
    assert client.post(place + "import/").headers["Location"] == place
    client.post(place + "import/")
    with as_system():
        assert RosterImport.objects.get().state == "importing"
        assert JobProgress.objects.filter(kind="directory.import_roster").count() == 1


def test_faults_are_listed_and_the_marked_workbook_is_downloaded(county, school):
    office = county.office_staff()
    place = checked(office, workbook([pupil(1, 学校标识码="2162999999")]))
    client = signed_in(office)
    page = client.get(place).content.decode()
    assert "第 3 行" in page
    assert "没有标识码为 2162999999 的学校" in page
    answer = client.get(place + "marked/")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet["E3"].comment.text == "没有标识码为 2162999999 的学校，请先导入学校或核对。"
    assert client.post(place + "import/").status_code == 302
    with as_system():
        assert RosterImport.objects.get().state == "faulty"


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"%PDF-1.7", "a.xlsx", "内容却不是"),
        (b"", "a.xlsx", "空"),
        (b"x", "a.exe", "只能导入"),
        (b"PK\x03\x04", "a.csv", "内容却不是"),
    ],
)
def test_a_bad_file_is_refused_at_the_field(county, data, name, message):
    answer = send(county.office_staff(), data, name)
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_a_cancelled_upload_keeps_no_file(county, school):
    office = county.office_staff()
    place = checked(office, workbook([pupil(1)]))
    assert signed_in(office).post(place + "cancel/").headers["Location"] == "/directory/rosters/"
    with as_system():
        row = RosterImport.objects.get()
        assert (row.state, row.content, row.summary) == ("cancelled", None, {})
    assert signed_in(office).get(place + "marked/").status_code == 404


def test_another_schools_upload_is_not_found(county, school):
    other = county.school(county.township("刘家峡镇"), "别的小学")
    place = checked(county.leader(school), workbook([pupil(1)]))
    client = signed_in(county.leader(other))
    assert [client.get(place).status_code, client.post(place + "import/").status_code] == [404, 404]


def test_teachers_and_townships_import_nothing(county, school):
    teacher = county.teacher(county.class_(school))
    for asker in (teacher, county.township_staff(county.township("三塬镇"))):
        assert signed_in(asker).get("/directory/rosters/new/").status_code == 403


@pytest.mark.parametrize("kind", ["students", "staff", "bodies"])
def test_an_empty_template_has_the_headers(county, kind):
    answer = signed_in(county.office_staff()).get(f"/directory/rosters/template/{kind}/")
    heads = [cell.value for cell in openpyxl.load_workbook(io.BytesIO(answer.content)).active[1]]
    assert heads[0] == {"students": "学籍号*", "staff": "姓名*", "bodies": "学校标识码*"}[kind]
    assert signed_in(county.office_staff()).get("/directory/rosters/template/x/").status_code == 404


def test_the_pupil_list_masks_numbers_and_telephones(county, school):
    class_ = county.class_(school)
    student = county.pupil(class_, "马小花")
    guardian = county.guardian(student, "马大山")
    with as_system():
        Guardian.objects.filter(pk=guardian.pk)
        guardian.phone, guardian.phone_index = "+8613812345678", blind_index("+8613812345678")
        guardian.save()
    page = signed_in(county.leader(school)).get("/directory/students/").content.decode()
    assert "马大山 父亲 138****5678" in page
    assert "13812345678" not in page
    assert student.student_number not in page


@pytest.mark.parametrize("path", ["/directory/", "/directory/staff/"])
def test_lists_ask_as_often_for_one_row_as_for_many(county, school, path, django_assert_max_num_queries):
    office = county.office_staff()
    client = signed_in(office)
    for _ in range(3):
        county.staff(school, "某老师")
        county.school(county.township("乡镇"), "又一所")
    with django_assert_max_num_queries(16):
        assert client.get(path).status_code == 200
