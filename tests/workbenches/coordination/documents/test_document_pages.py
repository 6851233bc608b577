"""The pages of documents: what is missing first, filing, versions and files, who sees what."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.support.county import County, as_asker, as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.workbenches.coordination.documents import actions
from tongyu.workbenches.coordination.documents.models import Document, DocumentVersion

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def place(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    county = County()
    county.school_a = county.school(county.township("太极镇"))
    county.school_b = county.school(county.township("岘塬镇"), "岘塬镇中心小学")
    county.head = county.leader(county.school_a)
    return county


def file(by, **kwargs):
    fields = {"category": "charter", "title": "学校章程", "valid_from": date(2024, 9, 1), **kwargs}
    with as_asker(by):
        return actions.file_document(by=by, **fields)


def form(**kwargs):
    return {"id": str(uuid7()), "title": "学校章程", "valid_from": "2024-09-01", **kwargs}


def test_what_is_missing_stands_first_with_a_way_to_file_it(place):
    page = signed_in(place.head).get(reverse("documents:list"))
    assert [row.category.key for row in page.context["own"] if row.missing] == [
        "charter",
        "work_plan",
        "committee_charter",
    ]
    assert reverse("documents:file", args=["charter"]) in page.text


def test_a_document_without_a_file_is_filed(place):
    client = signed_in(place.head)
    answer = client.post(reverse("documents:file", args=["charter"]), form(names_collaboration="yes"))
    with as_system():
        document = Document.objects.get()
    assert answer.url == reverse("documents:detail", args=[document.pk])
    assert document.names_collaboration is True
    assert client.get(answer.url).status_code == 200


def test_a_file_is_kept_and_given_to_those_who_see_the_document(place):
    client = signed_in(place.head)
    upload = SimpleUploadedFile("章程.pdf", PDF)
    client.post(reverse("documents:file", args=["charter"]), form(file=upload))
    with as_system():
        version = DocumentVersion.objects.get()
    address = reverse("documents:version_file", args=[version.pk])
    assert b"".join(client.get(address)) == PDF
    assert signed_in(place.leader(place.school_b)).get(address).status_code == 404


def test_a_refused_file_is_told_at_the_field_and_nothing_is_kept(place, tmp_path):
    upload = SimpleUploadedFile("章程.pdf", b"MZ not a pdf")
    page = signed_in(place.head).post(reverse("documents:file", args=["charter"]), form(file=upload))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["file"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    with as_system():
        assert Document.objects.count() == 0


def test_a_refused_document_leaves_no_file(place, tmp_path):
    fields = form(file=SimpleUploadedFile("a.pdf", PDF), valid_from="1980-01-01")
    page = signed_in(place.head).post(reverse("documents:file", args=["charter"]), fields)
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["valid_from"])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_versions_are_added_and_shown_newest_first(place):
    document, client = file(place.head, summary="初稿"), signed_in(place.head)
    address = reverse("documents:add_version", args=[document.pk])
    empty = client.post(address, {"id": str(uuid7()), "made_on": "2026-11-20"})
    assert (empty.status_code, list(empty.context["form"].errors)) == (422, ["summary"])
    client.post(address, {"id": str(uuid7()), "made_on": "2026-11-20", "summary": "修订稿"})
    text = client.get(reverse("documents:detail", args=[document.pk])).text
    assert text.index("修订稿") < text.index("初稿")


def test_a_document_is_ended_by_correcting_its_last_day(place):
    document, client = file(place.head), signed_in(place.head)
    fields = {**form(), "id": str(document.pk), "version": "1", "reason": "已废止", "last_day": "2026-10-31"}
    assert client.post(reverse("documents:correct", args=[document.pk]), fields).status_code == 302
    with as_system():
        assert Document.objects.get().until_day == date(2026, 11, 1)
    assert "现在无效" in client.get(reverse("documents:detail", args=[document.pk])).text


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 121}, "title"),
        ({"valid_from": "去年"}, "valid_from"),
        ({"valid_from": "0001-01-01"}, "valid_from"),
        ({"last_day": "9999-12-31", "number": "a\x00"}, "number"),
        ({"last_day": "2024-08-01"}, "last_day"),
        ({"names_collaboration": "maybe"}, "names_collaboration"),
        ({"id": "1"}, "id"),
    ],
)
def test_bad_input_is_told_at_the_field(place, fields, field):
    page = signed_in(place.head).post(reverse("documents:file", args=["charter"]), form(**fields))
    assert (page.status_code, field in page.context["form"].errors) == (422, True)


def test_other_schools_see_only_what_is_published(place):
    own = file(place.head)
    handbook = file(
        place.department_staff("justice"), category="legal_handbook", title="手册", published=True
    )
    client = signed_in(place.leader(place.school_b))
    assert client.get(reverse("documents:detail", args=[own.pk])).status_code == 404
    page = client.get(reverse("documents:detail", args=[handbook.pk]))
    assert (page.status_code, "添加新版本" in page.text) == (200, False)
    assert client.post(reverse("documents:add_version", args=[handbook.pk]), {}).status_code == 403
    assert client.get(reverse("documents:correct", args=[handbook.pk])).status_code == 403


def test_a_published_document_that_is_withdrawn_is_hidden_from_others_again(place):
    document = file(place.head, published=True)
    stranger = signed_in(place.leader(place.school_b))
    assert stranger.get(reverse("documents:detail", args=[document.pk])).status_code == 200
    with as_asker(place.head):
        actions.withdraw_document(by=place.head, document=document, version=1, reason="误公开")
    assert stranger.get(reverse("documents:detail", args=[document.pk])).status_code == 404
    assert signed_in(place.head).get(reverse("documents:detail", args=[document.pk])).status_code == 200


def test_a_category_of_others_is_not_found(place):
    client = signed_in(place.head)
    assert client.get(reverse("documents:file", args=["legal_handbook"])).status_code == 404


def test_the_category_that_a_board_asked_for_is_chosen(place):
    client, new = signed_in(place.head), reverse("documents:new")
    asked = {"org": str(place.school_a.code), "category": "work_plan"}
    assert client.get(new, asked).url == reverse("documents:file", args=["work_plan"])
    assert client.get(new, {"category": "charter"}).url == reverse("documents:file", args=["charter"])


@pytest.mark.parametrize(
    "asked", [{"category": "legal_handbook"}, {"category": "x"}, {"category": "charter", "org": "1"}, {}]
)
def test_a_category_or_body_of_others_leaves_the_choice_open(place, asked):
    page = signed_in(place.head).get(reverse("documents:new"), asked)
    assert (page.status_code, "先选类别" in page.text) == (200, True)


def test_a_class_teacher_reads_and_files_nothing(place):
    client = signed_in(place.teacher(place.class_(place.school_a)))
    assert client.get(reverse("documents:list")).status_code == 200
    assert client.get(reverse("documents:new")).status_code == 403


def test_the_list_asks_as_often_for_three_as_for_one(place):
    client, address = signed_in(place.head), reverse("documents:list")
    file(place.head)
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(2):
        file(place.head)
    with CaptureQueriesContext(connection) as three:
        client.get(address)
    assert len(three) == len(one)


def test_the_list_as_a_workbook(place):
    file(place.head)
    answer = signed_in(place.head).get(reverse("documents:list"), {"format": "xlsx"})
    assert answer.content.startswith(b"PK")
