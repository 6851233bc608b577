"""Family life: a diary that nobody else reads, an agreement of two, and one tap of a parent who is away."""

import re
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from support.county import County, as_asker, as_system, signed_in
from tongyu.core.context import acting, everywhere
from tongyu.core.ids import uuid7
from tongyu.directory.families import consenting
from tongyu.directory.models import Enrolment, Guardianship, Student
from tongyu.duties import update
from tongyu.duties.models import Standing, Tally
from tongyu.notices.models import Message
from tongyu.notices.queries import inbox
from tongyu.notices.topics import Due
from tongyu.plan import loader
from tongyu.records.facts import facts_of
from tongyu.records.family import home_of
from tongyu.workbenches.families.family_life.actions import (
    record_activity,
    remind_absent_parents,
    share_agreement,
    sign_agreement,
    take_back,
    tell_contact,
)
from tongyu.workbenches.families.family_life.actions.reminding import not_told
from tongyu.workbenches.families.family_life.models import (
    AgreementText,
    DiaryLine,
    FamilyActivity,
    FamilyAgreement,
    FamilyContact,
)
from tongyu.workbenches.families.family_life.queries import absent_from, own_activities, own_agreements

pytestmark = pytest.mark.django_db
ROOM = "/work/families/family_life/"
TODAY = date(2026, 11, 23)
SECRET, PROMISE = "暗号日记", "暗号约定"


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def county():
    return County()


@pytest.fixture
def school(county):
    return county.school(county.township(), "太极镇中心小学")


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def child(county, class_):
    return county.pupil(class_, "马小明", left_behind=2)


@pytest.fixture
def mother(county, child):
    parent = county.parent(child, relation="mother", name="马妈妈")
    with as_system():
        Guardianship.objects.filter(student=child, relation="mother").update(lives_together=False)
    with as_asker(parent):
        consenting.give(by=parent, student=child.pk)
    return parent


@pytest.fixture
def father(county, child):
    return county.parent(child, relation="father", name="马爸爸")


@pytest.fixture
def others(county, school, class_, teacher, father):
    """Everybody who might be curious."""
    return {
        "teacher": teacher, "leader": county.leader(school), "subject": county.subject_teacher(class_),
        "township": county.township_staff(school.parent), "office": county.office_staff(),
        "education": county.department_staff("education"), "father": father,
    }  # fmt: skip


def recorded(by, child, **changes):
    told = {"id": uuid7(), "student": child.pk, "kind": "outdoor", "occurred_on": TODAY, "line": SECRET}
    with as_asker(by):
        return record_activity(by=by, **{**told, **changes})


def signed(by, child, **changes):
    told = {
        "id": uuid7(), "student": child.pk, "agreed": ["写完作业再用手机", PROMISE], "child_signed": "马小明",
        "parent_signed": "马妈妈",
    }  # fmt: skip
    with as_asker(by):
        return sign_agreement(by=by, **{**told, **changes})


def page(client, url, **query):
    response = client.get(url, query)
    assert response.status_code == 200
    return response.content.decode()


def shown(asker, *addresses):
    """All that these pages show to the asker, refusals too."""
    client = signed_in(asker)
    return "".join(client.get(address).content.decode(errors="replace") for address in addresses)


def test_the_diary_proves_kind_and_day_and_nothing_else(mother, child, class_):
    activity = recorded(mother, child)
    with as_asker(mother):
        fact = facts_of("family_activity", [activity.pk])[0]
    assert (fact.category, fact.occurred_on, fact.subject_id) == ("outdoor", TODAY, child.pk)
    assert (fact.attributes, fact.by_body, fact.by_role) == ({}, class_.code, "guardian")


def test_only_the_account_that_wrote_the_diary_reads_it(mother, child, others):
    activity = recorded(mother, child)
    with as_asker(mother):
        assert own_activities(mother).get().diary.line == SECRET
    for who, asker in others.items():
        with as_asker(asker):
            assert not DiaryLine.objects.exists(), who
        with as_asker(asker), acting(everywhere()):
            assert not DiaryLine.objects.exists(), who
        text = shown(
            asker, f"{ROOM}activities/", f"{ROOM}activities/?format=xlsx", f"{ROOM}activities/{activity.pk}/",
            f"{ROOM}family/", "/family/",
        )  # fmt: skip
        assert SECRET not in text, who
    with as_system():
        assert not DiaryLine.objects.exists(), "not even the system"
    assert SECRET in page(signed_in(mother), f"{ROOM}family/")


def test_the_diary_does_not_stand_in_the_table(mother, child):
    recorded(mother, child)
    with as_asker(mother), connection.cursor() as cursor:
        cursor.execute("SELECT d::text FROM family_life_diaryline d")
        assert SECRET not in cursor.fetchone()[0]


def test_the_school_sees_yes(mother, child, teacher):
    activity = recorded(mother, child)
    text = page(signed_in(teacher), f"{ROOM}activities/{activity.pk}/")
    assert "2026年11月 · 有过" in text
    assert "内容只有这家人自己能看到" in text
    once = page(signed_in(teacher), f"{ROOM}activities/")
    assert "马小明" in once
    for day in range(3):
        recorded(mother, child, kind="learning", occurred_on=TODAY - timedelta(days=day))
    again = page(signed_in(teacher), f"{ROOM}activities/")
    assert again.count("马小明") == once.count("马小明") == 1, "however often"
    for word in ("户外活动", "共学互学", "11月23日"):
        assert word not in text + once + again


def test_the_same_entry_sent_twice_is_one(mother, child):
    key = uuid7()
    assert recorded(mother, child, id=key).pk == recorded(mother, child, id=key).pk
    with as_asker(mother), pytest.raises(ValidationError):
        record_activity(by=mother, id=key, student=child.pk, kind="outdoor", occurred_on=TODAY, line="别的")
    with as_asker(mother):
        assert own_activities(mother).count() == 1


def test_faults_of_an_entry_are_named(mother, child):
    with pytest.raises(ValidationError) as caught:
        recorded(mother, child, kind="score", occurred_on=TODAY + timedelta(days=1), line="长" * 201)
    assert sorted(caught.value.message_dict) == ["kind", "line", "occurred_on"]


def test_without_consent_nothing_is_kept(county, class_):
    child = county.pupil(class_)
    parent = county.parent(child)
    with pytest.raises(ValidationError):
        recorded(parent, child)
    text = page(signed_in(parent), f"{ROOM}family/")
    assert "还不能填写" in text


def test_a_foreign_child_is_refused(county, class_, mother):
    stranger = county.pupil(class_)
    with pytest.raises(PermissionDenied):
        recorded(mother, stranger)
    assert signed_in(mother).get(f"{ROOM}family/", {"student": str(stranger.pk)}).status_code == 404


def test_an_entry_taken_back_is_gone(mother, child, teacher):
    activity = recorded(mother, child)
    assert signed_in(mother).post(f"{ROOM}family/{activity.pk}/take-back/").status_code == 302
    with as_asker(mother):
        assert not DiaryLine.objects.exists()
        take_back(by=mother, record=FamilyActivity.objects.get(pk=activity.pk))
        assert facts_of("family_activity", [activity.pk]) == []
    assert signed_in(mother).post(f"{ROOM}family/{activity.pk}/take-back/").status_code == 404


def test_an_agreement_is_signed_by_child_and_parent(mother, child):
    agreement = signed(mother, child)
    with as_asker(mother):
        text = own_agreements(mother).get().text
        fact = facts_of("family_agreement", [agreement.pk])[0]
    assert (text.rules, text.child_signed, text.parent_signed) == (
        ["写完作业再用手机", PROMISE], "马小明", "马妈妈",
    )  # fmt: skip
    assert (fact.category, fact.attributes) == ("device_use", {})
    assert PROMISE in page(signed_in(mother), f"{ROOM}family/agreements/{agreement.pk}/")


def test_an_agreement_without_rules_or_names_is_refused(mother, child):
    with pytest.raises(ValidationError) as caught:
        signed(mother, child, agreed=[" "], child_signed="别人", parent_signed="")
    assert sorted(caught.value.message_dict) == ["agreed", "child_signed", "parent_signed"]


def test_the_school_reads_an_agreement_only_while_the_family_shows_it(mother, child, others):
    agreement = signed(mother, child)
    address = f"{ROOM}agreements/{agreement.pk}/"
    assert all(PROMISE not in shown(asker, address) for asker in others.values())
    with as_asker(mother):
        share_agreement(by=mother, agreement=FamilyAgreement.objects.get(), shared=True)
    readers = {who for who, asker in others.items() if PROMISE in shown(asker, address)}
    assert readers == {"teacher", "leader"}
    for who in ("subject", "township", "office", "education", "father"):
        with as_asker(others[who]):
            assert not AgreementText.objects.exists(), who
    client = signed_in(mother)
    assert client.post(f"{ROOM}family/agreements/{agreement.pk}/share/", {"shared": "0"}).status_code == 302
    assert PROMISE not in shown(others["teacher"], address)


def test_one_tap_says_that_a_parent_away_called(mother, child, teacher):
    client = signed_in(mother)
    for _tap in range(2):
        assert client.post(f"{ROOM}family/contact/", {"student": str(child.pk)}).status_code == 302
    with as_asker(mother):
        contact = FamilyContact.objects.get()
        fact = facts_of("family_contact", [contact.pk])[0]
    assert (fact.subject_id, fact.category, fact.attributes) == (child.pk, "", {})
    assert "联系过" in page(signed_in(teacher), f"{ROOM}contacts/{contact.pk}/")
    assert "本月已经联系过" in page(client, f"{ROOM}family/")


def test_a_parent_at_home_is_not_asked_and_has_no_button(county, child, mother, father):
    with as_system():
        Guardianship.objects.filter(student=child, relation="father").update(lives_together=True)
    with as_asker(father):
        assert absent_from(father) == set()
        assert home_of(father, TODAY).tasks == []
        with pytest.raises(PermissionDenied):
            tell_contact(by=father, student=child.pk)
    assert "今天和孩子联系过" not in page(signed_in(father), f"{ROOM}family/")


def test_the_reminder_stands_until_the_call_and_comes_back_next_month(mother, child):
    def asked(day):
        with as_asker(mother):
            return [(task.student_id, task.icon) for task in home_of(mother, day).tasks]

    assert asked(TODAY) == [(child.pk, "phone")]
    with as_asker(mother):
        tell_contact(by=mother, student=child.pk)
    assert asked(TODAY) == []
    assert asked(date(2026, 12, 1)) == [(child.pk, "phone")]


def test_without_consent_no_call_is_asked_for_or_kept(mother, child):
    with as_asker(mother):
        consenting.withdraw(by=mother, student=child.pk)
        assert home_of(mother, TODAY).tasks == []
    answer = signed_in(mother).post(f"{ROOM}family/contact/", {"student": str(child.pk)}, follow=True)
    assert "还没有监护人同意" in answer.content.decode()
    with as_asker(mother):
        assert not FamilyContact.objects.exists()


def test_no_page_calls_the_child_left_behind(mother, child):
    text = shown(mother, f"{ROOM}family/", "/family/")
    assert "留守" not in text


def test_the_pages_of_the_family_are_small(mother, child):
    agreement = signed(mother, child)
    recorded(mother, child)
    client = signed_in(mother)
    for address in (
        "family/",
        "family/agreements/",
        "family/agreements/new/",
        f"family/agreements/{agreement.pk}/",
    ):
        assert len(page(client, ROOM + address).encode()) < 15_000, address


def test_forms_are_answered_with_messages(mother, child):
    client = signed_in(mother)
    diary = {"id": str(uuid7()), "student": str(child.pk), "occurred_on": "昨天", "line": "x"}
    assert client.post(f"{ROOM}family/", diary).status_code == 422
    ok = {**diary, "kind": "learning", "occurred_on": "2026-11-22"}
    assert client.post(f"{ROOM}family/", ok).status_code == 302
    paper = {"id": str(uuid7()), "student": str(child.pk), "own": "周末去爬山\n", "child_signed": "马小明"}
    assert client.post(f"{ROOM}family/agreements/new/", paper).status_code == 422
    assert (
        client.post(f"{ROOM}family/agreements/new/", {**paper, "parent_signed": "马妈妈"}).status_code == 302
    )
    assert client.post(f"{ROOM}family/contact/", {"student": "x"}).status_code == 404


DUTIES = {
    "parent_child": "company", "outdoor": "outdoors", "life_skill": "life-skills", "learning": "family-learning",
}  # fmt: skip


def test_the_duties_are_met_by_these_records_alone(plan, mother, child):
    for kind in DUTIES:
        recorded(mother, child, kind=kind)
    signed(mother, child)
    with as_asker(mother):
        tell_contact(by=mother, student=child.pk)
    update.recompute_all(TODAY)
    with as_system():
        found = dict(
            Standing.objects.filter(subject=child.pk, period_key__in=["2026-T1", "2026"]).values_list(
                "obligation__key", "state"
            )
        )
    assert {key: found[key] for key in (*DUTIES.values(), "device-use")} == dict.fromkeys(
        (*DUTIES.values(), "device-use"), "met"
    )
    with as_system():
        waiting = Standing.objects.filter(obligation__key="left-behind-contact", period_key="2026-M11")
        assert set(waiting.values_list("state", flat=True)) == {"unknown"}, (
            "the list of cases is not kept yet"
        )


def test_only_who_did_what_is_encouraged_is_listed_and_all_are_counted(plan, county, class_, mother, child):
    county.pupil(class_, "另一人")
    update.recompute_all(TODAY)

    def listed_and_counted():
        with as_system():
            rows = Standing.objects.filter(obligation__key="outdoors", period_key="2026-T1")
            tally = Tally.objects.get(obligation__key="outdoors", period_key="2026-T1", place=class_.code)
            return list(rows.values_list("subject", "state")), (tally.met, tally.not_due)

    assert listed_and_counted() == ([], (0, 2))
    activity = recorded(mother, child, kind="outdoor")
    assert listed_and_counted() == ([(child.pk, "met")], (1, 1))
    with as_asker(mother):
        take_back(by=mother, record=FamilyActivity.objects.get(pk=activity.pk))
    assert listed_and_counted() == ([], (0, 2))
    assert update.recompute_all(TODAY).changed == 0


def test_a_school_that_the_child_has_left_reads_its_agreement_no_more(county, mother, child, others):
    agreement = signed(mother, child, shared=True)
    address = f"{ROOM}agreements/{agreement.pk}/"
    assert PROMISE in shown(others["teacher"], address)
    elsewhere = county.class_(county.school(county.township("关山乡"), "别的小学"))
    with as_system():
        Enrolment.objects.filter(student=child, left_on=None).update(left_on=TODAY)
        Enrolment.objects.create(student=child, org=elsewhere.code, entered_on=TODAY)
        Student.objects.filter(pk=child.pk).update(org=elsewhere.code)
    for who in ("teacher", "leader"):
        assert PROMISE not in shown(others[who], address)
        with as_asker(others[who]):
            assert not AgreementText.objects.exists(), who
    assert PROMISE not in shown(county.teacher(elsewhere), address)


def told(asker):
    with as_asker(asker):
        return [line.message.title for line in inbox(asker)]


def test_once_a_month_a_parent_away_is_reminded_by_a_message_until_it_is_told(mother, father, child):
    with as_system():
        Guardianship.objects.filter(student=child, relation="father").update(lives_together=True)
        assert [remind_absent_parents(TODAY), remind_absent_parents(TODAY)] == [1, 1]
    assert [len(told(mother)), len(told(father))] == [1, 0], "once, and not who lives with the child"
    assert not re.search("留守|马小明", "".join(told(mother)))
    with as_system():
        due = Due(
            uuid7(), Message.objects.get().key, mother.account_id, mother.wards[0].guardian_id, (child.pk,)
        )
        assert not_told([due]) == {due.delivery}
    with as_asker(mother):
        tell_contact(by=mother, student=child.pk)
    with as_system():
        assert not_told([due]) == set(), "asked again at delivery"
        assert remind_absent_parents(TODAY) == 0
        assert remind_absent_parents(date(2026, 12, 20)) == 1


@pytest.mark.parametrize(
    ("left_behind", "lives", "expected"), [(0, False, 0), (1, None, 0), (1, False, 1), (2, None, 1)]
)
def test_who_is_reminded_follows_from_the_roll(county, class_, left_behind, lives, expected):
    child = county.pupil(class_, left_behind=left_behind)
    county.parent(child, relation="mother")
    county.parent(child, relation="grandparent")
    with as_system():
        Guardianship.objects.filter(student=child).update(lives_together=lives)
        assert remind_absent_parents(TODAY) == expected
