"""File, add versions, end, correct, withdraw: what is on file and who sees it."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.records.facts import facts_of
from tongyu.workbenches.coordination.documents import actions
from tongyu.workbenches.coordination.documents.models import Document, DocumentVersion
from tongyu.workbenches.coordination.documents.models.categories import BY_KEY
from tongyu.workbenches.coordination.documents.queries import own_file, visible

DAY, YEAR = date(2026, 11, 23), date(2026, 9, 1)


@pytest.fixture
def place(db):
    county = County()
    county.school_a = county.school(county.township("太极镇"))
    county.school_b = county.school(county.township("岘塬镇"), "岘塬镇中心小学")
    county.head = county.leader(county.school_a)
    return county


def file(by, **kwargs):
    fields = {"category": "charter", "title": "学校章程", "valid_from": date(2024, 9, 1), **kwargs}
    with as_asker(by):
        return actions.file_document(by=by, **fields)


def facts(document):
    with as_system():
        return facts_of("document", [document.pk])


def test_a_charter_on_file(place):
    (fact,) = facts(file(place.head, names_collaboration=True))
    school = place.school_a
    assert (fact.category, fact.by_body, fact.scope_lo, fact.scope_hi) == (
        "charter",
        school.code,
        school.code,
        school.hi,
    )
    assert (fact.occurred_on, fact.ended_on) == (date(2024, 9, 1), None)
    assert fact.attributes == {"published": "no", "names_collaboration": "yes"}


def test_whether_collaboration_is_named_may_be_unsaid_and_is_asked_of_charters_only(place):
    assert facts(file(place.head))[0].attributes["names_collaboration"] is None
    plan = file(place.head, category="work_plan", names_collaboration=True)
    assert facts(plan)[0].attributes["names_collaboration"] is None


def test_the_files_of_the_plan_are_categories():
    wanted = {"charter", "work_plan", "committee_charter", "legal_handbook", "campus_safety_mechanism"}
    wanted |= {"agenda_minutes", "work_division", "funding"}
    assert wanted - BY_KEY.keys() == set()


@pytest.mark.parametrize(
    ("key", "categories"),
    [
        ("justice", ["legal_handbook", "agenda_minutes", "work_division", "funding", "regulation", "other"]),
        (
            "education",
            ["campus_safety_mechanism", "agenda_minutes", "work_division", "funding", "regulation", "other"],
        ),
        ("police", ["agenda_minutes", "work_division", "funding", "regulation", "other"]),
    ],
)
def test_each_body_is_asked_for_its_own(place, key, categories):
    asker = place.department_staff(key)
    with as_asker(asker):
        assert [row.category.key for row in own_file(asker, DAY, YEAR)] == categories


def test_what_is_missing_stands_first_and_last_years_plan_is_missing(place):
    file(place.head)
    file(place.head, category="work_plan", valid_from=date(2025, 9, 1))
    with as_asker(place.head):
        rows = own_file(place.head, DAY, YEAR)
    assert [(row.category.key, row.missing) for row in rows][:3] == [
        ("work_plan", True),
        ("committee_charter", True),
        ("charter", False),
    ]


def test_versions_are_numbered_and_kept(place):
    document, key = file(place.head, summary="初稿"), uuid7()
    with as_asker(place.head):
        for _ in range(2):
            actions.add_version(by=place.head, document=document, id=key, made_on=DAY, summary="修订")
        numbers = list(document.versions.values_list("number", "summary"))
    assert numbers == [(2, "修订"), (1, "初稿")]


def test_an_empty_version_is_refused(place):
    document = file(place.head)
    with pytest.raises(ValidationError) as error, as_asker(place.head):
        actions.add_version(by=place.head, document=document, made_on=DAY)
    assert list(error.value.message_dict) == ["summary"]


def test_an_ended_document_holds_until_its_last_day(place):
    document = file(place.head)
    with as_asker(place.head):
        actions.end_document(
            by=place.head, document=document, version=1, reason="已修订", until_day=date(2026, 10, 1)
        )
    assert facts(document)[0].ended_on == date(2026, 10, 1)


def test_a_withdrawn_document_gives_no_fact(place):
    document = file(place.head)
    with as_asker(place.head):
        actions.withdraw_document(by=place.head, document=document, version=1, reason="传错了")
    assert facts(document) == []


def test_other_schools_see_published_documents_only(place):
    file(place.head)
    published = file(place.department_staff("justice"), category="legal_handbook", published=True)
    other = place.leader(place.school_b)
    with as_asker(other):
        assert list(visible(other)) == [published] == list(Document.objects.all())
        assert DocumentVersion.objects.count() == 1
        with pytest.raises(PermissionDenied):
            actions.withdraw_document(by=other, document=published, version=1, reason="不该")


@pytest.mark.parametrize(
    ("fields", "fault"),
    [
        ({"category": "legal_handbook"}, {"category": ["请选择本单位的文件类别。"]}),
        ({"category": "novel"}, {"category": ["请选择本单位的文件类别。"]}),
        ({"valid_from": date(24, 9, 1)}, {"valid_from": ["请核对生效日期，年份不对。"]}),
        ({"until_day": date(2024, 9, 1)}, {"until_day": ["失效日期应晚于生效日期。"]}),
    ],
)
def test_bad_input_is_told_at_the_field(place, fields, fault):
    with pytest.raises(ValidationError) as error:
        file(place.head, **fields)
    assert error.value.message_dict == fault
    with as_system():
        assert Document.objects.count() == 0


def test_a_class_teacher_keeps_no_documents(place):
    with pytest.raises(PermissionDenied):
        file(place.teacher(place.class_(place.school_a)))


def test_the_same_id_sent_again_is_one_document(place):
    key = uuid7()
    assert file(place.head, id=key) == file(place.head, id=key)
    with as_system():
        assert (Document.objects.count(), DocumentVersion.objects.count()) == (1, 1)
