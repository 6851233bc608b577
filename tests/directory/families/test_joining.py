"""A guardian joins with the class's code, the child's name and the phone on file; what differs goes to the teacher."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import DAY, County, as_asker, as_system
from tongyu.core.clock import CHINA
from tongyu.core.context import acting
from tongyu.directory.families import deciding, inviting, joining, one_time, reach
from tongyu.directory.families.accounts import by_phone, with_phone
from tongyu.directory.hats import hats_of, scope_of
from tongyu.directory.models import Account, Enrolment, Guardianship, JoinRequest, Student

pytestmark = pytest.mark.django_db
PHONE, OTHER = "+8616000000001", "+8616000000002"


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def class_(county):
    return county.class_(county.school(county.township(), "甲小学"))


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def code(teacher, class_):
    with as_asker(teacher):
        return inviting.renew(by=teacher, school_class=class_.code)


def joined(code, child, phone=PHONE, relation="father", name="马家长"):
    account = with_phone(phone)
    return joining.join(
        account=account, phone=phone, invitation=code, child_name=child, name=name, relation=relation
    )


def wards_of(phone=PHONE, on=DAY):
    hats = hats_of(by_phone(phone), on)
    return [ward.name for ward in hats[-1].asker.wards] if hats else []


def test_the_phone_on_file_and_the_childs_name_open_the_child_and_nobody_else(county, class_, code):
    child, other = county.pupil(class_, "马小花"), county.pupil(class_, "陈小明")
    county.guardian(child, phone=PHONE)
    county.guardian(other, phone=OTHER)
    assert joined(code, "马小花").request is None
    (hat,) = hats_of(by_phone(PHONE), DAY)
    assert (hat.role.key, hat.label) == ("guardian", "马小花 · 家长")
    with acting(scope_of(hat.asker)):
        assert list(Student.objects.values_list("name", flat=True)) == ["马小花"]
        assert Guardianship.objects.count() == 1
        assert Enrolment.objects.count() == 1


def test_joining_twice_changes_nothing(county, class_, code):
    county.guardian(county.pupil(class_, "马小花"), phone=PHONE)
    assert joined(code, "马小花").guardians == joined(code, "马小花").guardians
    with as_system():
        assert Account.objects.filter(guardian=True).count() == 1
        assert JoinRequest.objects.count() == 0


def test_one_account_has_children_in_several_schools(county, class_, code):
    there = county.class_(county.school(county.township("乙镇"), "乙小学"))
    county.guardian(county.pupil(class_, "马小花"), phone=PHONE)
    county.guardian(county.pupil(there, "马小草"), phone=PHONE)
    teacher = county.teacher(there)
    with as_asker(teacher):
        second = inviting.renew(by=teacher, school_class=there.code)
    joined(code, "马小花")
    joined(second, "马小草")
    assert wards_of() == ["马小花", "马小草"] or sorted(wards_of()) == sorted(["马小花", "马小草"])


@pytest.mark.parametrize("typed", ["阿依·古丽", "阿依•古丽", " 阿依．古丽 "])
def test_every_way_of_writing_the_dot_in_a_name_is_the_name(county, class_, code, typed):
    county.guardian(county.pupil(class_, "阿依·古丽"), phone=PHONE)
    assert joined(code, typed).request is None


def test_a_rare_character_beyond_the_basic_plane_is_a_character(county, class_, code):
    county.guardian(county.pupil(class_, "马𫍯"), phone=PHONE)
    assert joined(code, "马𫍯").request is None


@pytest.mark.parametrize(("child", "phone"), [("马小草", PHONE), ("马小花", OTHER)])
def test_what_differs_goes_to_the_class_teacher_and_opens_nothing(
    county, class_, code, teacher, child, phone
):
    county.guardian(county.pupil(class_, "马小花"), phone=PHONE)
    request = joined(code, child, phone).request
    assert request is not None
    assert wards_of(phone) == []
    with as_asker(teacher):
        assert list(reach.waiting(teacher, class_.code)) == [request]


def test_the_teacher_accepts_and_the_proven_phone_is_on_file_from_then_on(county, class_, code, teacher):
    child = county.pupil(class_, "马小花")
    adult = county.guardian(child, phone=PHONE)
    request = joined(code, "马小花", OTHER).request
    with as_asker(teacher):
        deciding.accept(by=teacher, request=request, student=child.pk, guardian=adult.pk)
        assert reach.family_of(teacher, child.pk).reached
    assert wards_of(OTHER) == ["马小花"]
    with as_system():
        adult.refresh_from_db()
        assert adult.phone == OTHER


def test_an_adult_not_on_file_is_added_in_the_stated_relation(county, class_, code, teacher):
    child = county.pupil(class_, "马小花")
    request = joined(code, "马小花", OTHER, "grandparent", "马爷爷").request
    with as_asker(teacher):
        tie = deciding.accept(by=teacher, request=request, student=child.pk, guardian=None)
    assert (tie.relation, tie.may_decide) == ("grandparent", False)
    assert wards_of(OTHER) == ["马小花"]


def test_a_request_is_decided_once(county, class_, code, teacher):
    child = county.pupil(class_, "马小花")
    request = joined(code, "马小花", OTHER).request
    with as_asker(teacher):
        deciding.decline(by=teacher, request=request)
        with pytest.raises(ValidationError, match="已经处理过"):
            deciding.accept(by=teacher, request=request, student=child.pk, guardian=None)
    assert wards_of(OTHER) == []


def test_the_teacher_of_another_class_decides_nothing_here(county, class_, code):
    request = joined(code, "马小花", OTHER).request
    stranger = county.teacher(county.class_(county.school(county.township("乙镇"), "乙小学")))
    with as_asker(stranger), pytest.raises(PermissionDenied):
        deciding.decline(by=stranger, request=request)


def test_a_new_code_makes_slips_with_the_old_one_void(county, class_, code, teacher):
    county.guardian(county.pupil(class_, "马小花"), phone=PHONE)
    with as_asker(teacher):
        fresh = inviting.renew(by=teacher, school_class=class_.code)
    old = inviting.found_by(code.code)
    with pytest.raises(ValidationError, match="停用"):
        joined(old, "马小花")
    assert joined(inviting.found_by(fresh.code), "马小花").request is None


def test_a_code_ends_after_a_month(county, class_, code, settings):
    county.guardian(county.pupil(class_, "马小花"), phone=PHONE)
    settings.TONGYU_TODAY = date(2026, 12, 24)
    with pytest.raises(ValidationError, match="过期"):
        joined(code, "马小花")


def test_father_and_mother_with_one_phone_are_told_apart_by_the_relation(county, class_, code):
    child = county.pupil(class_, "马小花")
    county.guardian(child, "马父", "father", PHONE)
    mother = county.guardian(child, "马母", "mother", PHONE)
    assert joined(code, "马小花", relation="mother").guardians == [mother]


def test_a_teacher_who_is_a_parent_keeps_one_account_with_two_hats(county, class_, code, teacher):
    county.guardian(county.pupil(class_, "马小花"), phone=PHONE)
    own = Account.objects.get(pk=teacher.account_id)
    joining.join(
        account=with_phone(PHONE, own),
        phone=PHONE,
        invitation=code,
        child_name="马小花",
        name="某老师",
        relation="father",
    )
    own.refresh_from_db()
    assert [hat.role.key for hat in hats_of(own, DAY)] == ["class_teacher", "guardian"]


def test_a_parent_who_later_joins_as_a_teacher_brings_the_children_along(county, class_, code, teacher):
    county.guardian(county.pupil(class_, "马小花"), phone=PHONE)
    joined(code, "马小花")
    before = by_phone(PHONE)
    own = with_phone(PHONE, Account.objects.get(pk=teacher.account_id))
    own.refresh_from_db()
    before.refresh_from_db()
    assert (before.is_active, by_phone(PHONE)) == (False, own)
    assert [hat.role.key for hat in hats_of(own, DAY)] == ["class_teacher", "guardian"]


def test_on_the_day_a_child_leaves_school_access_ends(county, class_, code):
    child = county.pupil(class_, "马小花")
    county.guardian(child, phone=PHONE)
    joined(code, "马小花")
    with as_system():
        Enrolment.objects.filter(student=child).update(left_on=date(2026, 12, 1))
    assert wards_of(on=date(2026, 11, 30)) == ["马小花"]
    assert wards_of(on=date(2026, 12, 1)) == []


def test_a_one_time_code_works_once_for_its_browser_and_purpose():
    code = one_time.issue(PHONE, "browser one", "join")
    assert not one_time.check(PHONE, "browser two", "join", code)
    assert not one_time.check(PHONE, "browser one", "sign_in", code)
    assert not one_time.check(OTHER, "browser one", "join", code)
    assert one_time.check(PHONE, "browser one", "join", code)
    assert not one_time.check(PHONE, "browser one", "join", code)


def test_after_five_wrong_tries_the_right_code_is_wrong_too():
    code = one_time.issue(PHONE, "browser", "join")
    wrong = "000000" if code != "000000" else "111111"
    assert [one_time.check(PHONE, "browser", "join", wrong) for _try in range(5)] == [False] * 5
    assert not one_time.check(PHONE, "browser", "join", code)


def test_a_code_is_over_after_ten_minutes(time_machine):
    time_machine.move_to(datetime(2026, 11, 23, 20, 0, tzinfo=CHINA))
    code = one_time.issue(PHONE, "browser", "join")
    time_machine.shift(601)
    assert not one_time.check(PHONE, "browser", "join", code)
