"""What was refused and which files were opened stands in the audit (checks C22, C23); a busy database says so."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connections
from django.urls import reverse

from support.county import DAY, County, as_asker, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.models import Student
from tongyu.directory.sessions import SessionStore
from tongyu.records import attachments
from tongyu.workbenches.families.home_visits.actions import record_visit

PIXEL = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0\x90wS\xde\0\0\0\x0cIDATx\x9cc```\0\0\0\x04\0\x01"
    b"\xf6\x178U\0\0\0\0IEND\xaeB`\x82"
)


def noted(act):
    """The audit's rows of that act: who, about what, where, and the detail."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT actor, subject, row_id, org, new FROM audit_event WHERE act = %s ORDER BY id", [act]
        )
        return cursor.fetchall()


@pytest.fixture
def teacher(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    county = County()
    class_ = county.class_(county.school(county.township()))
    county.pupil(class_)
    return county.teacher(class_)


def test_c22_a_refused_page_is_noted_without_its_address(teacher):
    client = signed_in(teacher)
    assert client.get("/office/?q=马某某").status_code == 403
    account = f"account:{teacher.account_id}"
    assert noted("refused") == [(account, "home:office_staff", "", teacher.body_code, '{"method": "GET"}')]


def test_c22_what_is_allowed_leaves_no_refusal(teacher):
    assert signed_in(teacher).get("/class/").status_code == 200
    assert noted("refused") == []


def test_c23_an_opened_photo_is_noted(teacher):
    photo = SimpleUploadedFile("门口.png", PIXEL)
    with as_asker(teacher):
        visit = record_visit(
            by=teacher, id=uuid7(), student=Student.objects.get().pk, occurred_on=DAY, visitors=["class_teacher"],
            met=["father"], line="聊了学习",
        )  # fmt: skip
        kept = attachments.add(by=teacher, record=visit, uploads=[photo])[0]
    answer = signed_in(teacher).get(reverse("records:attachment", args=[kept.pk]))
    assert answer.status_code == 200
    [(actor, subject, row_id, org, detail)] = noted("open_file")
    assert (actor, subject, row_id, org) == (
        f"account:{teacher.account_id}", "home_visit", str(visit.pk), teacher.body_code,
    )  # fmt: skip
    assert "门口" not in detail


def test_a_database_that_cannot_answer_gives_503_and_not_500(teacher, monkeypatch):
    client = signed_in(teacher)

    def exhausted(self):
        raise OperationalError("couldn't get a connection after 3.00 sec")

    monkeypatch.setattr(SessionStore, "load", exhausted)
    client.raise_request_exception = False
    answer = client.get("/class/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "系统正忙" in answer.content.decode()
