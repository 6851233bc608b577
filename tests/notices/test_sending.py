"""One message, whoever sends it how often; everybody told once, about all their children, within the sender's range."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from notices.conftest import small_class, with_phone
from support.county import as_asker, as_system
from tongyu.core.context import Scope, acting, system_scope
from tongyu.core.registry import RegistryError
from tongyu.directory.models import Guardianship
from tongyu.notices import delivering
from tongyu.notices.actions import Unsendable, mark_read, send, send_code, withdraw
from tongyu.notices.models import Attempt, Concern, Delivery, Message
from tongyu.notices.recipients import Accounts, Guardians, GuardiansOf, GuardiansWithin
from tongyu.notices.topics import Topic, Words

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(noon, postman):
    return small_class()


def tell(home, key="1", to=None, by=None, **more):
    by = by or home.teacher
    to = to or [GuardiansWithin(home.class_.code, home.class_.hi)]
    with as_asker(by):
        return send(topic="test_notice", key=key, title="周五家长会", to=to, by=by, **more)


def lines():
    with as_system():
        return {(row.guardian_id or row.account_id, row.state) for row in Delivery.objects.all()}


def concerns():
    with as_system():
        return set(Concern.objects.values_list("guardian_id", "student_id"))


def ask_for_code():
    """As somebody who is not signed in."""
    with acting(Scope(actor="anonymous")), transaction.atomic():
        send_code(phone="13900000009", key="session-1", code="482913")


def deliver():
    with acting(system_scope("notices")):
        while delivering.deliver_some():
            pass


def test_a_person_with_two_children_is_told_once_about_both(home):
    tell(home)
    assert lines() == {(home.mother.pk, "queued"), (home.father.pk, "queued")}
    assert concerns() == {
        (home.mother.pk, home.first.pk),
        (home.mother.pk, home.second.pk),
        (home.father.pk, home.first.pk),
    }


def test_the_same_key_twice_is_one_message_and_adds_who_was_missing(home):
    first = tell(home, to=[GuardiansOf([home.first.pk])])
    again = tell(home, to=[GuardiansOf([home.first.pk, home.second.pk]), Accounts([home.leader.account_id])])
    assert first.pk == again.pk
    assert {who for who, _state in lines()} == {home.mother.pk, home.father.pk, home.leader.account_id}
    assert (home.mother.pk, home.second.pk) in concerns()


def test_another_key_is_another_message(home):
    assert tell(home).pk != tell(home, key="2").pk


def test_nobody_beyond_the_senders_range_is_told(home):
    other = home.county.class_(home.school, number=2)
    stranger = home.county.guardian(home.county.pupil(other, "外班"), "外班家长")
    pairs = [(stranger.pk, home.first.pk)]
    tell(home, to=[GuardiansWithin(0, 2**62), Guardians(pairs), GuardiansOf([home.first.pk])])
    assert {who for who, _state in lines()} == {home.mother.pk, home.father.pk}


def test_who_is_guardian_no_more_is_not_told(home):
    with as_system():
        Guardianship.objects.filter(guardian=home.father).update(until_day="2026-11-01")
    tell(home)
    assert {who for who, _state in lines()} == {home.mother.pk}


def test_without_a_channel_it_lies_in_the_inbox(home, postman):
    postman.on = False
    tell(home)
    assert {state for _who, state in lines()} == {"inside"}


def test_a_sender_takes_it_back_and_nobody_else(home, postman):
    message = tell(home)
    with as_asker(home.leader), pytest.raises(PermissionDenied):
        withdraw(by=home.leader, message=message.pk)
    for _time in range(2):
        with as_asker(home.teacher):
            withdraw(by=home.teacher, message=message.pk)
    deliver()
    assert (postman.calls, {state for _who, state in lines()}) == ([], {"dropped"})


@pytest.mark.parametrize(
    "fault",
    [
        {"title": ""},
        {"title": "长" * 121},
        {"url": "https://example.org/"},
        {"url": "//example.org"},
        {"words": {"name": "马大某"}},
    ],
)
def test_a_fault_of_the_calling_code_is_refused(home, fault):
    with as_asker(home.teacher), pytest.raises(Unsendable):
        send(**{"topic": "test_notice", "key": "1", "title": "好", "to": [], "by": home.teacher, **fault})


def test_an_unknown_topic_is_refused(home):
    with as_asker(home.teacher), pytest.raises(RegistryError):
        send(topic="nothing", key="1", title="好", to=[], by=home.teacher)


def test_no_topic_sends_content_by_sms():
    with pytest.raises(RegistryError):
        Topic("x", "x", {"sms": Words.TITLE}, template="notice")
    with pytest.raises(RegistryError):
        Topic("x", "x", {"pigeon": Words.HINT})


def test_a_message_goes_out_once_with_no_more_than_a_hint(home, postman):
    tell(home)
    deliver()
    deliver()
    assert postman.sent == ["13800000001"]
    parcel = postman.calls[0][0]
    assert "家长会" not in parcel.title + parcel.text
    assert (parcel.template, parcel.words) == ("notice", {})
    assert lines() == {(home.mother.pk, "sent"), (home.father.pk, "failed")}
    with as_system():
        assert list(Attempt.objects.values_list("channel", "outcome", "vendor_id")) == [("sms", "sent", "1")]


def test_who_has_read_it_inside_gets_no_sms(home, postman):
    tell(home, to=[Accounts([home.leader.account_id])])
    with as_asker(home.leader):
        row = Delivery.objects.get(account_id=home.leader.account_id)
        assert mark_read(by=home.leader, deliveries=[row.pk]) == 1
        assert mark_read(by=home.leader, deliveries=[row.pk]) == 0
    deliver()
    assert (postman.calls, lines()) == ([], {(home.leader.account_id, "inside")})


def test_an_inbox_is_its_owners_alone(home):
    tell(home, to=[Accounts([home.leader.account_id])])
    with as_asker(home.county.teacher(home.county.class_(home.school, number=3))):
        assert (Message.objects.count(), Delivery.objects.count()) == (0, 0)
    with as_asker(home.leader):
        assert Message.objects.count() == 1


def test_a_one_time_code_goes_out_at_night_and_is_kept_nowhere(home, postman, noon):
    noon.move_to("2026-11-23T23:30:00+08:00")
    for _time in range(2):
        ask_for_code()
    with as_system():
        assert Delivery.objects.get().sealed_text
        assert "482913" not in str(Message.objects.values().get())
    deliver()
    assert [(p.address, dict(p.words)) for p in postman.calls[0]] == [("13900000009", {"code": "482913"})]
    with as_system():
        row = Delivery.objects.get()
        assert (row.state, row.sealed_text) == ("sent", None)


def test_a_code_that_expired_is_not_sent(home, postman, noon):
    ask_for_code()
    noon.shift(601)
    deliver()
    with as_system():
        row = Delivery.objects.get()
        assert (row.state, row.code, row.sealed_text, postman.calls) == ("dropped", "expired", None, [])


def test_two_guardians_of_one_telephone_are_two_people(home, postman):
    with_phone(home.father, "13800000001")
    tell(home)
    deliver()
    assert postman.sent == ["13800000001"] * 2
