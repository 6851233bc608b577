"""What records give to every room: files, history, exports, prefix search, errors at their fields."""

from io import BytesIO

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from PIL import Image
from python_calamine import CalamineWorkbook

from support.county import DAY, County, as_asker, signed_in
from tongyu.core.context import acting, system_scope
from tongyu.core.ids import uuid7
from tongyu.directory.models import Student
from tongyu.records import attachments, life
from tongyu.records.forms import attempt
from tongyu.records.history import history_of
from tongyu.records.kinds import kinds
from tongyu.records.models import Attachment
from tongyu.records.pages import about
from tongyu.records.queries import record_or_404, visible

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return County()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township()))


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def record(county, class_, teacher):
    """A home visit, made through its form as everybody makes it: rooms are not imported here."""
    pupil = county.pupil(class_, "马小明")
    pk = uuid7()
    answer = signed_in(teacher).post(
        "/work/families/home_visits/new/",
        {
            "id": str(pk),
            "student": str(pupil.pk),
            "visitors": ["class_teacher"],
            "met": ["pupil"],
            "line": "第一句",
            "occurred_on": DAY.isoformat(),
        },
    )
    assert answer.status_code == 302
    with as_asker(teacher):
        return record_or_404(teacher, kinds.get("home_visit"), pk)


def picture(name="a.jpg"):
    data = BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "JPEG")
    return SimpleUploadedFile(name, data.getvalue())


def test_files_are_added_all_or_none(record, teacher, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with as_asker(teacher):
        with pytest.raises(ValidationError) as caught:
            attachments.add(
                by=teacher, record=record, uploads=[picture(), SimpleUploadedFile("b.pdf", b"no")]
            )
        assert "b.pdf" in caught.value.messages[0]
        assert Attachment.objects.count() == 0
        assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
        added = attachments.add(by=teacher, record=record, uploads=[picture(), picture("c.jpg")])
        assert [one.name for one in attachments.of(record)] == ["a.jpg", "c.jpg"]
        assert added[0].org == record.org


@pytest.mark.parametrize("uploads", [[], [None] * 10])
def test_none_or_too_many_files_are_refused(record, teacher, uploads):
    with as_asker(teacher), pytest.raises(ValidationError):
        attachments.add(by=teacher, record=record, uploads=uploads)


def test_a_lost_file_is_not_found_and_no_error(record, teacher, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with as_asker(teacher):
        one = attachments.add(by=teacher, record=record, uploads=[picture()])[0]
    (tmp_path / one.path).unlink()
    assert signed_in(teacher).get(f"/records/files/{one.pk}/").status_code == 404


def test_files_need_the_right_to_change(county, record, teacher, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    url = f"/records/home_visit/{record.pk}/files/"
    assert signed_in(teacher).post(url, {"files": picture()}).status_code == 302
    assert signed_in(county.office_staff()).post(url, {"files": picture()}).status_code == 403
    with acting(system_scope("test")):
        assert Attachment.objects.count() == 1


def test_an_unknown_kind_is_not_found(record, teacher):
    assert signed_in(teacher).get(f"/records/nothing/{record.pk}/withdraw/").status_code == 404


def test_withdrawing_without_script_asks_on_a_page(record, teacher):
    client, url = signed_in(teacher), f"/records/home_visit/{record.pk}/withdraw/"
    assert "撤回这条记录？" in client.get(url).content.decode()
    assert client.post(url, {"reason": "错了", "version": "x"}).status_code == 422
    assert client.post(url, {"reason": "错了", "version": "7"}).status_code == 422
    assert client.post(url, {"reason": "错了", "version": "1"}).status_code == 302
    assert client.post(url, {"reason": "再来", "version": "2"}).status_code == 422


def test_history_tells_what_changed_and_hides_what_it_must(record, teacher):
    with as_asker(teacher):
        after = life.correct(
            record, by=teacher, reason="写错", version=1, changes={"line": "第二句", "met": ["mother"]}
        )
        told = history_of(after, asker=teacher)[0]
        hidden = history_of(after, asker=teacher, hidden=("line",))[0]
    assert (str(told.who), told.reason) == ("您本人", "写错")
    assert [(str(one.label), one.before, one.after) for one in told.differences] == [
        ("见到了谁", "学生本人", "母亲"),
        ("一句话记录", "第一句", "第二句"),
    ]
    assert "第一句" not in str(hidden)
    assert "第二句" not in str(hidden)


def test_the_revision_is_stored_encrypted(record, teacher):
    with as_asker(teacher):
        life.correct(record, by=teacher, reason="写错", version=1, changes={"line": "第二句"})
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT encode(before_text, 'escape') FROM records_revision")
            assert "第一句" not in cursor.fetchone()[0]


def test_about_offers_only_what_the_asker_may(county, record, teacher):
    office = county.office_staff()
    with as_asker(teacher):
        assert about(record, asker=teacher, correct_url="/x/").correct_url == "/x/"
    with as_asker(office):
        shown = about(record, asker=office, correct_url="/x/")
    assert (shown.may_change, shown.correct_url) == (False, "")


def test_visible_follows_the_kinds_own_rule(county, record):
    stranger = county.teacher(county.class_(county.school(county.township("关山乡"))))
    with as_asker(stranger):
        assert visible(stranger, kinds.get("home_visit")).count() == 0


def test_the_prefix_lookup_compares_beginnings(county, class_):
    for name in ("马小明", "马_%", "小马"):
        county.pupil(class_, name)
    with acting(system_scope("test")):
        found = [Student.objects.filter(name__prefix=text).count() for text in ("马", "马_", "%", "")]
    assert found == [2, 1, 0, 3]


def test_the_export_carries_ids_and_is_not_cached(record, teacher):
    answer = signed_in(teacher).get("/work/families/home_visits/", {"format": "xlsx"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert (rows[0][0], rows[1][0]) == ("编号", str(record.pk))
    assert answer["Cache-Control"] == "no-store"


class Asked(forms.Form):
    line = forms.CharField(required=False)


def test_errors_of_actions_stand_at_their_fields():
    form = Asked({})
    assert form.is_valid()

    def refuse():
        raise ValidationError({"line": "太短", "elsewhere": "也不行"})

    assert attempt(form, refuse) is None
    assert form.errors == {"line": ["太短"], "__all__": ["也不行"]}


def test_other_refusals_are_not_swallowed():
    def refuse():
        raise PermissionDenied

    with pytest.raises(PermissionDenied):
        attempt(Asked({}), refuse)
