"""One phone for two adults: a block of one is no right of the other's, and what nobody may decide nobody decides."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import DAY, County, as_asker, as_system
from tongyu.directory.families import consenting, deciding, guarding, inviting, joining
from tongyu.directory.families.accounts import by_phone, with_phone
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, Consent, Guardianship, JoinRequest, Session

pytestmark = pytest.mark.django_db
PHONE, OTHER = "+8616000000001", "+8616000000002"


@pytest.fixture(autouse=True)
def today(settings):
    settings.TONGYU_TODAY = DAY


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "甲小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def leader(county, school):
    return county.leader(school)


@pytest.fixture
def child(county, class_):
    return county.pupil(class_, "马小花")


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def code(teacher, class_):
    with as_asker(teacher):
        return inviting.renew(by=teacher, school_class=class_.code)


def asker_of(phone=PHONE):
    return hats_of(by_phone(phone), DAY)[-1].asker


def joined(code, relation, phone=PHONE, account=None, child="马小花", name="马家长"):
    return joining.join(
        account=account or with_phone(phone),
        phone=phone,
        invitation=code,
        child_name=child,
        name=name,
        relation=relation,
    )


def tie_of(guardian):
    with as_system():
        return Guardianship.objects.get(guardian=guardian)


def kept_from(leader, guardian, **words):
    with as_asker(leader):
        guarding.block(by=leader, guardianship=tie_of(guardian), reason="甲", document="保护令", **words)


@pytest.mark.parametrize("kept", ["blocked", "may not see"])
def test_a_grandmother_does_not_sign_with_the_right_of_a_father_who_is_kept_from_the_child(
    county, class_, leader, child, code, kept
):
    """Both use one phone. The father stands first; what is left after him is the grandmother's care, not his word."""
    father = county.guardian(child, "马父", "father", PHONE)
    grandmother = county.guardian(child, "马奶奶", "grandparent", PHONE)
    with as_system():
        Guardianship.objects.filter(guardian=grandmother).update(position=2)
    joined(code, "father")
    joined(code, "grandparent")
    if kept == "blocked":
        kept_from(leader, father)
    else:
        with as_system():
            Guardianship.objects.filter(guardian=father).update(may_see=False)
    (ward,) = asker_of().wards
    assert (ward.guardian_id, ward.relation, ward.may_decide) == (grandmother.pk, "grandparent", False)
    with as_asker(asker_of()):
        assert not consenting.give(by=asker_of(), student=child.pk).decides


def test_of_two_guardianships_on_one_phone_the_one_that_decides_speaks(county, class_, child, code):
    county.guardian(child, "马奶奶", "grandparent", PHONE)
    father = county.guardian(child, "马父", "father", PHONE)
    with as_system():
        Guardianship.objects.filter(guardian=father).update(position=2)
    joined(code, "grandparent")
    joined(code, "father")
    (ward,) = asker_of().wards
    assert (ward.guardian_id, ward.may_decide) == (father.pk, True)


def test_who_says_to_be_the_grandmother_is_not_let_in_as_the_father(county, class_, child, code):
    """The father's number on file, in the grandmother's hands: the teacher looks, nobody gets a right by mistake."""
    county.guardian(child, "马父", "father", PHONE)
    assert joined(code, "grandparent").request is not None
    assert hats_of(by_phone(PHONE), DAY) == []


def test_a_right_that_ended_a_moment_ago_is_not_used_by_an_open_page(county, class_, leader, child):
    """The page knows the father as one who decides; meanwhile a document said otherwise."""
    father = county.parent(child)
    with as_system():
        tie = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id)
    with as_asker(leader):
        guarding.state(
            by=leader,
            guardianship=tie,
            capacity="legal",
            may_see=True,
            may_decide=False,
            may_pick_up=False,
            source="判决书 1 号",
        )
    assert father.wards[0].may_decide
    with as_asker(father):
        assert not guarding.hold(father, child.pk).may_decide
        assert not consenting.give(by=father, student=child.pk).decides


def test_the_consent_of_one_who_is_kept_from_the_child_counts_no_more(county, class_, leader, child):
    father = county.parent(child)
    with as_asker(father):
        consenting.give(by=father, student=child.pk)
    assert consenting.given(child.pk)
    with as_system():
        guardian = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id).guardian
    kept_from(leader, guardian)
    assert not consenting.given(child.pk)
    with as_system():
        assert Consent.objects.get().withdrawn_at is None, "what was said stays on record"


def test_two_parents_are_not_made_one_by_a_phone_read_out(county, class_, child, code):
    """The mother, signed in, types the father's number and he reads the code to her: he keeps his own account."""
    other = county.pupil(class_, "马小草")
    county.guardian(child, "马父", "father", PHONE)
    joined(code, "father")
    mother = county.parent(other, relation="mother", name="马母")
    own = Account.objects.get(pk=mother.account_id)
    before = by_phone(PHONE)
    with pytest.raises(ValidationError, match="另一位家长"):
        with_phone(PHONE, own)
    assert by_phone(PHONE) == before
    assert [ward.name for ward in asker_of().wards] == ["马小花"]


def test_one_parent_with_two_numbers_becomes_one_account(county, class_, child, code):
    there = county.pupil(class_, "马小草")
    county.guardian(child, "马父", "father", PHONE)
    county.guardian(there, "马父", "father", OTHER)
    joined(code, "father")
    joined(code, "father", OTHER, child="马小草")
    account = with_phone(PHONE, by_phone(OTHER))
    assert sorted(ward.name for ward in hats_of(account, DAY)[-1].asker.wards) == ["马小花", "马小草"]


def test_a_guardian_until_a_day_joins_and_can_be_kept_away_like_any_other(
    county, class_, leader, child, code
):
    """An agreement about care ends in July; until then it stands."""
    aunt = county.guardian(child, "马姨", "relative", PHONE)
    with as_system():
        Guardianship.objects.filter(guardian=aunt).update(until_day=date(2027, 7, 1))
    assert joined(code, "relative").request is None
    assert [ward.name for ward in asker_of().wards] == ["马小花"]
    kept_from(leader, aunt)
    assert hats_of(by_phone(PHONE), DAY) == []


def test_a_teacher_adds_no_adult_for_a_child_from_whom_somebody_is_kept(county, leader, child, code, teacher):
    """Who is kept away comes back as an uncle with another phone: the leader decides, not the class teacher."""
    father = county.guardian(child, "马父", "father", PHONE)
    kept_from(leader, father)
    request = joined(code, "relative", OTHER, name="马叔叔").request
    with as_asker(teacher):
        with pytest.raises(ValidationError, match="校领导"):
            deciding.accept(by=teacher, request=request, student=child.pk, guardian=None)
        with pytest.raises(ValidationError, match="校领导"):
            deciding.add_guardian(
                by=teacher, student=child.pk, name="马叔", relation="relative", phone="13800138000"
            )
    with as_asker(leader):
        deciding.accept(by=leader, request=request, student=child.pk, guardian=None)
    assert [ward.name for ward in asker_of(OTHER).wards] == ["马小花"]


def test_who_is_kept_from_the_child_does_not_come_in_by_the_slip(county, class_, leader, child, code):
    father = county.guardian(child, "马父", "father", PHONE)
    kept_from(leader, father)
    assert joined(code, "father").guardians == []
    with as_system():
        assert JoinRequest.objects.count() == 1
        assert Session.objects.count() == 0
    with pytest.raises(IndexError):
        asker_of()


def test_a_parent_with_a_new_number_is_let_in_by_the_teacher_and_the_old_number_opens_nothing(
    county, child, code, teacher
):
    father = county.guardian(child, "马父", "father", PHONE)
    joined(code, "father")
    before = by_phone(PHONE)
    request = joined(code, "father", OTHER, name="马父").request
    with as_asker(teacher):
        with pytest.raises(ValidationError, match="另一个手机号"):
            deciding.accept(by=teacher, request=request, student=child.pk, guardian=father.pk)
        deciding.accept(by=teacher, request=request, student=child.pk, guardian=father.pk, moved=True)
    assert [ward.name for ward in asker_of(OTHER).wards] == ["马小花"]
    before.refresh_from_db()
    assert hats_of(before, DAY) == []
    with as_system():
        father.refresh_from_db()
        assert father.phone == OTHER


def test_the_first_thing_of_every_write_refuses_who_has_lost_the_child(county, class_, leader, child):
    father = county.parent(child)
    with as_system():
        guardian = Guardianship.objects.get(guardian_id=father.wards[0].guardian_id).guardian
    kept_from(leader, guardian)
    with as_asker(father), pytest.raises(PermissionDenied):
        guarding.hold(father, child.pk)
