"""Into the county and back again: a new pupil is made once, one who left is found, nobody is doubled."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import County, as_asker, as_system
from support.roster import id_number
from tongyu.core.encryption import blind_index
from tongyu.core.ids import uuid7
from tongyu.directory.models import Enrolment, Guardian, Student, TransferKind
from tongyu.directory.transfers.arriving import enrol_arrival
from tongyu.duties.models import Standing

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
NUMBER = "L000000000000000777"


def arrive(story, *, by=None, to_class=None, day=DAY, id=None, reason="父母回乡", elsewhere="", **values):
    """The leader of the first school takes in a pupil."""
    asker = by or story.leader
    cells = {"name": "祁小山", "student_number": NUMBER, "guardian1_name": "祁大山", **values}
    with as_asker(asker):
        return enrol_arrival(
            by=asker,
            id=id or uuid7(),
            to_class=(to_class or story.class_).code,
            day=day,
            values=cells,
            reason=reason,
            elsewhere=elsewhere,
        )


def refused(story, field, **changes):
    with pytest.raises(ValidationError) as error:
        arrive(story, **changes)
    assert field in error.value.error_dict
    with as_system():
        assert not Student.objects.filter(name="祁小山").exists()
    return error.value.messages[0]


def test_a_new_pupil_is_on_the_roll_with_family_and_duties(story):
    row = arrive(
        story, elsewhere="兰州市某小学", guardian1_relation="father", guardian1_phone="13800000001", sex="1"
    )
    assert (row.state, row.kind, row.to_class, row.elsewhere) == (
        "done", TransferKind.ARRIVAL, story.class_.code, "兰州市某小学",
    )  # fmt: skip
    with as_asker(story.teacher):
        pupil = Student.objects.get(name="祁小山")
        tie = pupil.guardianships.select_related("guardian").get()
        assert (pupil.sex, tie.relation, tie.guardian.phone) == (1, "father", "+8613800000001")
        enrolment = Enrolment.objects.get(student=pupil)
        assert (enrolment.entered_on, enrolment.entry_reason) == (DAY, "转入")
    with as_system():
        assert Standing.objects.filter(subject=pupil.pk, org=story.class_.code).exists()


def test_into_an_empty_class_it_still_begins_on_the_day(story):
    arrive(story, to_class=story.second)
    with as_system():
        assert Enrolment.objects.get(org=story.second.code).entered_on == DAY


def test_without_a_student_number_it_follows_from_the_identity_number(story):
    number = id_number(7)
    arrive(story, student_number="", id_number=number)
    with as_system():
        assert Student.objects.get(name="祁小山").student_number == f"G{number}"


def test_who_left_the_county_comes_back_to_another_school_as_the_same_pupil(story, visit):
    visit(story.teacher, story.pupil)
    with as_system():
        number = Student.objects.get(pk=story.pupil.pk).student_number
    story.begin(kind=TransferKind.AWAY)
    arrive(story, by=story.other_leader, to_class=story.other_class, name="马小兰", student_number=number)
    with as_system():
        pupil = Student.objects.get(name="马小兰")
        times = Enrolment.objects.filter(student=pupil).order_by("entered_on", "left_on")
        assert [(one.org, one.entry_reason) for one in times] == [
            (story.class_.code, ""),
            (story.other_class.code, "重新入校"),
        ]
        stood = Standing.objects.get(subject=pupil.pk, obligation__key="home-visit")
    assert (pupil.pk, pupil.org) == (story.pupil.pk, story.other_class.code)
    assert (stood.org, stood.state) == (story.other_class.code, "met")


def test_who_left_is_found_by_identity_number_and_keeps_the_student_number(story):
    number = id_number(8)
    with as_system():
        Student.objects.filter(pk=story.pupil.pk).update(id_index=blind_index(number))
        before = Student.objects.get(pk=story.pupil.pk).student_number
    story.begin(kind=TransferKind.AWAY)
    arrive(story, name="马小兰", student_number="", id_number=number)
    with as_system():
        assert [(one.pk, one.student_number) for one in Student.objects.filter(name="马小兰")] == [
            (story.pupil.pk, before)
        ]


def test_a_number_with_another_name_opens_nobodys_file(story):
    with as_system():
        number = Student.objects.get(pk=story.pupil.pk).student_number
    story.begin(kind=TransferKind.AWAY)
    told = refused(story, "name", by=story.other_leader, to_class=story.other_class, student_number=number)
    assert ("另一个姓名" in told, "马小兰" in told) == (True, False)


def test_who_is_enrolled_in_the_county_is_not_taken_without_that_school(story):
    with as_system():
        number = Student.objects.get(pk=story.pupil.pk).student_number
    for asker, class_ in ((story.other_leader, story.other_class), (story.leader, story.second)):
        told = refused(
            story, "student_number", by=asker, to_class=class_, name="马小兰", student_number=number
        )
        assert ("县内转学请由那所学校发起" in told, story.school.name in told) == (True, False)


def test_every_wrong_cell_is_told_at_its_field(story):
    with pytest.raises(ValidationError) as error:
        arrive(story, student_number="G1", guardian1_phone="1234", guardian2_phone="13800000002", sex="7")
    assert set(error.value.error_dict) == {"student_number", "guardian1_phone", "guardian2_name", "sex"}
    assert "至少填一项" in refused(story, "student_number", student_number=" ")
    refused(story, "id_number", student_number="", id_number="123")
    refused(story, "name", name="")
    refused(story, "reason", reason=" ")


def test_the_day_is_in_the_running_school_year_and_not_ahead(story):
    refused(story, "day", day=DAY + timedelta(days=1))
    refused(story, "day", day=date(2026, 8, 31))
    refused(story, "to_class", to_class=story.other_class)


def test_the_same_form_sent_again_answers_with_what_stands(story):
    key = uuid7()
    assert arrive(story, id=key).pk == arrive(story, id=key).pk
    with pytest.raises(ValidationError):
        arrive(story, id=key, to_class=story.second)
    with as_system():
        assert Student.objects.filter(name="祁小山").count() == 1


def test_brothers_and_sisters_share_their_parent_across_schools(story):
    arrive(story, guardian1_phone="13800000001")
    arrive(
        story, by=story.other_leader, to_class=story.other_class, name="祁小川", student_number="L000000000000000778",
        guardian1_phone="13800000001",
    )  # fmt: skip
    with as_system():
        assert Guardian.objects.filter(name="祁大山").count() == 1


def test_only_a_leader_takes_pupils_in(story):
    for asker in (story.teacher, story.county.office_staff()):
        with pytest.raises(PermissionDenied):
            arrive(story, by=asker)


def test_who_left_one_county_is_taken_in_by_another_one_of_the_installation(story):
    far = County(622924)
    school = far.school(far.township("外县镇"), "外县小学")
    class_, leader = far.class_(school), far.leader(school)
    arrive(story)
    with pytest.raises(ValidationError, match="已在别的学校登记"):
        arrive(story, by=leader, to_class=class_)
    with as_system():
        first = Student.objects.get(name="祁小山")
    story.begin(student=first.pk, kind=TransferKind.AWAY, elsewhere="外县")
    arrive(story, by=leader, to_class=class_)
    with as_asker(leader):
        assert Student.objects.get(name="祁小山").org == class_.code
    with pytest.raises(ValidationError, match="已在别的学校登记"):
        arrive(story)
