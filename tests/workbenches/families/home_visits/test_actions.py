"""The life of a home visit, told through its actions."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.utils import IntegrityError, ProgrammingError

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.models import Enrolment, Student
from tongyu.records import life
from tongyu.records.facts import facts_of
from tongyu.records.models import Revision
from tongyu.workbenches.families.home_visits.actions import (
    close_follow_up,
    correct_visit,
    record_visit,
    withdraw_visit,
)
from tongyu.workbenches.families.home_visits.models import HomeVisit
from tongyu.workbenches.families.home_visits.queries import visible

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township())


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def pupil(county, class_):
    return county.pupil(class_)


def content(pupil, **changes):
    return {
        "id": uuid7(),
        "student": pupil.pk,
        "occurred_on": TODAY,
        "visitors": ["class_teacher"],
        "met": ["grandparent", "pupil"],
        "topics": ["study"],
        "line": "约定九点收起手机。",
        **changes,
    }


def visited(by, pupil, **changes):
    with as_asker(by):
        return record_visit(by=by, **content(pupil, **changes))


def faults(by, pupil, **changes):
    with as_asker(by), pytest.raises(ValidationError) as caught:
        record_visit(by=by, **content(pupil, **changes))
    return sorted(caught.value.message_dict)


def test_a_visit_is_recorded_with_its_three_times(teacher, pupil, class_):
    visit = visited(teacher, pupil)
    assert (visit.org, visit.place) == (class_.code, class_.code)
    assert (visit.by_role, visit.by_account, visit.by_staff) == (
        "class_teacher",
        teacher.account_id,
        teacher.staff_id,
    )
    with as_asker(teacher):
        stored = visible(teacher).get()
    assert stored.occurred_on == TODAY
    assert stored.entered_at is not None
    assert stored.received_at is not None
    assert stored.line == "约定九点收起手机。"


def test_the_words_do_not_stand_in_the_table_nor_in_the_audit(teacher, pupil):
    visited(teacher, pupil, line="暗号金丝雀", follow_up="暗号金丝雀")
    with as_system(), connection.cursor() as cursor:
        cursor.execute("SELECT home_visits_homevisit::text FROM home_visits_homevisit")
        assert "暗号金丝雀" not in cursor.fetchone()[0]


def test_one_fact_per_visitor_and_per_partner(teacher, pupil, class_, school):
    township = class_.code - class_.code % 10**8
    visit = visited(teacher, pupil, visitors=["leader", "class_teacher"], co_bodies=[township])
    with as_asker(teacher):
        facts = {fact.category: fact for fact in facts_of("home_visit", [visit.pk])}
    assert sorted(facts) == ["class_teacher", "leader", "partner"]
    assert {key: fact.by_body for key, fact in facts.items()} == {
        "class_teacher": class_.code,
        "leader": school.code,
        "partner": township,
    }
    fact = facts["class_teacher"]
    assert (fact.scope_lo, fact.scope_hi) == (class_.code, class_.code + 1)
    assert (fact.subject_kind, fact.subject_id) == ("student", pupil.pk)
    assert fact.source_url == f"/work/families/home_visits/{visit.pk}/"


def test_the_same_id_again_is_the_same_record(teacher, pupil):
    with as_asker(teacher):
        sent = content(pupil)
        first, again = record_visit(by=teacher, **sent), record_visit(by=teacher, **sent)
        assert first.pk == again.pk
        assert visible(teacher).count() == 1


def test_the_same_id_with_other_content_is_refused(teacher, pupil):
    with as_asker(teacher):
        sent = content(pupil)
        record_visit(by=teacher, **sent)
        with pytest.raises(ValidationError):
            record_visit(by=teacher, **{**sent, "line": "别的话。"})
        assert visible(teacher).get().line == sent["line"]


def test_somebody_elses_id_is_refused(county, teacher, pupil, school):
    other = county.class_(school, number=2)
    visit = visited(teacher, pupil)
    stranger, theirs = county.teacher(other), county.pupil(other)
    with as_asker(stranger), pytest.raises(ValidationError):
        record_visit(by=stranger, **content(theirs, id=visit.pk))


def test_every_fault_is_named_at_its_field(teacher, pupil):
    assert faults(teacher, pupil, occurred_on=TODAY + timedelta(days=1)) == ["occurred_on"]
    assert faults(teacher, pupil, occurred_on=date(2026, 8, 1)) == ["occurred_on"]
    assert faults(teacher, pupil, visitors=[], met=[], line=" ") == ["line", "met", "visitors"]
    assert faults(teacher, pupil, visitors=["mayor"], met=["ghost"]) == ["met", "visitors"]
    assert faults(teacher, pupil, line="长" * 301) == ["line"]
    assert faults(teacher, pupil, topics=["很长" * 11]) == ["topics"]
    assert faults(teacher, pupil, co_bodies=[12345]) == ["co_bodies"]


def test_a_teacher_cannot_record_a_visit_only_of_others(county, class_, teacher, pupil, school):
    assert faults(teacher, pupil, visitors=["leader"]) == ["visitors"]
    subject = county.subject_teacher(class_)
    assert faults(subject, pupil, visitors=["class_teacher"]) == ["visitors"]
    assert visited(subject, pupil, visitors=["subject_teacher"]).by_role == "subject_teacher"
    assert visited(county.leader(school), pupil, visitors=["class_teacher"]).by_role == "school_leader"


def test_another_schools_pupil_is_out_of_reach(county, teacher):
    elsewhere = county.pupil(county.class_(county.school(county.township("关山乡"))))
    with as_asker(teacher), pytest.raises(PermissionDenied):
        record_visit(by=teacher, **content(elsewhere))


@pytest.mark.parametrize("role", ["office", "township", "education"])
def test_offices_do_not_write_visits(county, pupil, school, role):
    asker = {
        "office": county.office_staff,
        "township": lambda: county.township_staff(school.parent),
        "education": lambda: county.department_staff("education"),
    }[role]()
    with as_asker(asker), pytest.raises(PermissionDenied):
        record_visit(by=asker, **content(pupil))


def test_the_database_refuses_a_visit_to_a_pupil_of_another_scope(county, teacher, pupil, class_):
    elsewhere = county.pupil(county.class_(county.school(county.township("关山乡"))))
    with as_system():
        foreign = Enrolment.objects.get(student=elsewhere)
    forged = HomeVisit(
        enrolment=foreign, student_id=elsewhere.pk, place=class_.code, org=class_.code, occurred_on=TODAY,
        by_role="class_teacher", visitors=["class_teacher"], met=["pupil"], line="x",
    )  # fmt: skip
    with as_asker(teacher):
        forged.save(force_insert=True)
        with pytest.raises(IntegrityError):
            connection.check_constraints()
        transaction.set_rollback(True)


def test_the_database_refuses_a_row_outside_the_range(county, teacher, pupil, class_):
    with pytest.raises(ProgrammingError), as_asker(teacher):
        HomeVisit(
            enrolment=pupil.enrolments.get(), student=pupil, place=class_.code, org=class_.code + 1,
            occurred_on=TODAY, by_role="class_teacher", visitors=["class_teacher"], met=["pupil"], line="x",
        ).save(force_insert=True)  # fmt: skip


def test_a_correction_keeps_what_stood_there(teacher, pupil):
    visit = visited(teacher, pupil, follow_up="下周再问")
    changes = {
        key: value for key, value in content(pupil, line="改好了。").items() if key not in ("id", "student")
    }
    with as_asker(teacher):
        after = correct_visit(by=teacher, visit=visit, reason="写错了", version=1, **changes)
        revision = Revision.objects.get(record_id=visit.pk)
    assert (after.line, after.version, after.follow_up) == ("改好了。", 2, None)
    assert (revision.before["line"], revision.reason, revision.act) == (
        "约定九点收起手机。",
        "写错了",
        "corrected",
    )


def test_two_editors_the_second_is_told(teacher, pupil):
    visit = visited(teacher, pupil)
    changes = {key: value for key, value in content(pupil).items() if key not in ("id", "student")}
    with as_asker(teacher):
        correct_visit(by=teacher, visit=visit, reason="一", version=1, **{**changes, "line": "第一位"})
        with pytest.raises(ValidationError):
            correct_visit(by=teacher, visit=visit, reason="二", version=1, **{**changes, "line": "第二位"})
        assert visible(teacher).get().line == "第一位"


def test_a_correction_into_the_future_is_refused(teacher, pupil):
    visit = visited(teacher, pupil)
    changes = {key: value for key, value in content(pupil).items() if key not in ("id", "student")}
    with as_asker(teacher), pytest.raises(ValidationError):
        correct_visit(
            by=teacher, visit=visit, reason="一", version=1, **{**changes, "occurred_on": date(2027, 1, 1)}
        )


def test_a_withdrawn_visit_stays_and_proves_nothing(teacher, pupil):
    visit = visited(teacher, pupil)
    with as_asker(teacher):
        with pytest.raises(ValidationError):
            withdraw_visit(by=teacher, record=visit, reason=" ", version=1)
        withdraw_visit(by=teacher, record=visit, reason="记错学生", version=1)
        assert visible(teacher).get().withdrawn_at is not None
        assert facts_of("home_visit", [visit.pk]) == []


def test_a_follow_up_is_closed_once(teacher, pupil):
    visit = visited(teacher, pupil, follow_up="下周再问", occurred_on=TODAY - timedelta(days=3))
    with as_asker(teacher):
        with pytest.raises(ValidationError):
            close_follow_up(by=teacher, visit=visit, done_on=TODAY + timedelta(days=1))
        close_follow_up(by=teacher, visit=visit, done_on=TODAY - timedelta(days=1))
        assert close_follow_up(by=teacher, visit=visit, done_on=TODAY).follow_up_done_on == TODAY - timedelta(
            days=1
        )


def test_subscribers_hear_of_the_record_in_its_transaction(teacher, pupil):
    heard = []
    life.on_change(
        subscriber := lambda kind, facts: heard.append((kind, [fact.subject_id for fact in facts]))
    )
    try:
        visited(teacher, pupil)
    finally:
        life._subscribers.remove(subscriber)
    assert heard == [("home_visit", [pupil.pk])]


def test_the_receiving_school_sees_the_visit_after_a_transfer(county, teacher, pupil, class_):
    visit = visited(teacher, pupil, occurred_on=date(2026, 10, 8))
    new_class = county.class_(county.school(county.township("关山乡")))
    with as_system():
        Enrolment.objects.filter(student=pupil).update(left_on=date(2026, 11, 1))
        Student.objects.filter(pk=pupil.pk).update(org=new_class.code)
        Enrolment.objects.create(student=pupil, org=new_class.code, entered_on=date(2026, 11, 1))
    receiving = county.teacher(new_class)
    with as_asker(receiving):
        assert list(visible(receiving).values_list("pk", flat=True)) == [visit.pk]
        with pytest.raises(PermissionDenied):
            withdraw_visit(by=receiving, record=visible(receiving).get(), reason="x", version=1)
    with as_asker(teacher):
        assert visible(teacher).get().org == class_.code


def test_a_subject_teacher_sees_the_own_visits_only(county, class_, teacher, pupil):
    visited(teacher, pupil)
    subject = county.subject_teacher(class_)
    mine = visited(subject, pupil, visitors=["subject_teacher"])
    with as_asker(subject):
        assert list(visible(subject).values_list("pk", flat=True)) == [mine.pk]


def test_recording_needs_few_queries_besides_those_who_listen(
    teacher, pupil, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(life, "_subscribers", [])
    with as_asker(teacher), django_assert_num_queries(3):
        record_visit(by=teacher, **content(pupil))


def test_nothing_is_half_saved(teacher, pupil):
    def refuse(kind, facts):
        raise RuntimeError

    life.on_change(refuse)
    try:
        with as_asker(teacher):
            with pytest.raises(RuntimeError), transaction.atomic():
                record_visit(by=teacher, **content(pupil))
            assert visible(teacher).count() == 0
    finally:
        life._subscribers.remove(refuse)
