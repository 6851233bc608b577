"""The inbox as people meet it: the own lines, under the hat worn, labelled with the child, gone with the wardship."""

from datetime import time

import pytest
from django.urls import reverse

from notices.conftest import join, postman, small_class  # noqa: F401
from support.county import as_asker, as_system, signed_in
from tongyu.core.context import acting, system_scope
from tongyu.directory.families import guarding
from tongyu.directory.models import Guardianship
from tongyu.notices import delivering, queries
from tongyu.notices.actions import send, withdraw
from tongyu.notices.channels.base import Kind, Outcome
from tongyu.notices.models import Concern, Delivery, Message, Preference
from tongyu.notices.recipients import Accounts, GuardiansWithin

pytestmark = pytest.mark.django_db
LIST = "/notices/"


@pytest.fixture
def home(postman, settings):  # noqa: F811
    settings.TONGYU_QUIET_HOURS = (time(0), time(0))
    made = small_class()
    made.parent = join(made.mother, "+8616000000001")
    return made


def tell(home, key="1", to=None, **more):
    to = to or [GuardiansWithin(home.class_.code, home.class_.hi)]
    fields = {"title": "周五家长会", "body": "请准时参加。", "url": "/"} | more
    with as_asker(home.teacher):
        return send(topic="test_notice", key=key, to=to, by=home.teacher, **fields)


def page(asker, address=LIST):
    return signed_in(asker).get(address).content.decode()


def test_a_parent_sees_one_line_with_both_children(home):
    message = tell(home)
    shown = page(home.parent)
    assert shown.count("周五家长会") == 1
    assert "马大某、马小某" in shown
    detail = page(home.parent, reverse("inbox:message", args=[message.pk]))
    assert "请准时参加。" in detail
    assert "马大某、马小某" in detail


def test_opening_changes_nothing_and_the_page_says_that_it_was_seen(home):
    message = tell(home)
    client = signed_in(home.parent)
    address = reverse("inbox:message", args=[message.pk])
    assert "1" in client.get(LIST).content.decode()
    client.get(address)
    assert "未读" in client.get(LIST).content.decode()
    assert client.post(reverse("inbox:read", args=[message.pk])).status_code == 200
    shown = client.get(LIST).content.decode()
    assert "未读" not in shown
    assert "全部标为已读" not in shown


def test_everything_is_marked_as_read_at_once(home):
    tell(home)
    tell(home, key="2")
    client = signed_in(home.parent)
    with as_asker(home.parent):
        assert queries.unread(home.parent) == 2
    client.post(reverse("inbox:read_all"))
    with as_asker(home.parent):
        assert queries.unread(home.parent) is None


def test_the_other_parent_sees_nothing_of_it(home):
    tell(home)
    father = join(home.father, "+8616000000002")
    with as_asker(home.parent):
        mine = queries.inbox(home.parent).get()
    with as_asker(father):
        theirs = queries.inbox(father).get()
        assert theirs.pk != mine.pk
        assert not Delivery.objects.filter(pk=mine.pk).exists()
        assert set(Concern.objects.values_list("guardian_id", flat=True)) == {home.father.pk}


def test_who_joins_later_finds_what_was_sent_before(home):
    tell(home)
    father = join(home.father, "+8616000000002")
    assert "周五家长会" in page(father)


def test_a_block_empties_the_inbox_at_once(home):
    message = tell(home)
    for child in (home.first, home.second):
        with as_asker(home.leader):
            tie = Guardianship.objects.get(student=child, guardian=home.mother)
            guarding.block(by=home.leader, guardianship=tie, reason="人身安全", document="保护令")
        if child is home.first:
            assert "马大某" not in page(home.parent).replace("demo", "")
            assert "周五家长会" in page(home.parent), "the other child is still a ward"
    with as_asker(home.parent):
        assert (queries.inbox(home.parent).count(), queries.unread(home.parent)) == (0, None)
        assert not Message.objects.filter(pk=message.pk).exists()
        assert not Delivery.objects.exists()


def test_a_withdrawn_message_leaves_the_inbox(home):
    message = tell(home)
    with as_asker(home.teacher):
        withdraw(by=home.teacher, message=message.pk)
    assert "周五家长会" not in page(home.parent)
    assert signed_in(home.parent).get(reverse("inbox:message", args=[message.pk])).status_code == 404


def test_somebody_elses_message_is_not_there(home):
    message = tell(home)
    for stranger in (home.leader, home.teacher):
        client = signed_in(stranger)
        assert client.get(reverse("inbox:message", args=[message.pk])).status_code == 404
        assert client.post(reverse("inbox:read", args=[message.pk])).status_code == 404


def test_people_at_work_have_an_inbox_too(home):
    tell(home, to=[Accounts([home.leader.account_id])])
    shown = page(home.leader)
    assert "周五家长会" in shown
    assert "未读" in shown


def test_rights_follow_the_hat(home):
    """A teacher who is a parent reads the family's messages as a parent only."""
    child = home.county.pupil(home.class_, "自家某")
    guardian = home.county.guardian(child, "某老师", "mother")
    with as_system():
        guardian.account_id = home.leader.account_id
        guardian.save()
        from tongyu.directory.models import Account

        account = Account.objects.get(pk=home.leader.account_id)
        account.guardian = True
        account.save()
    tell(home, title="只给家长看")
    tell(home, key="2", to=[Accounts([account.pk])], title="给同事的")
    assert "只给家长看" not in page(home.leader)
    assert "给同事的" in page(home.leader)
    from datetime import date

    from tongyu.directory.hats import hats_of

    parent = hats_of(account, date(2026, 11, 23))[-1].asker
    shown = page(parent)
    assert "只给家长看" in shown
    assert "给同事的" not in shown


def test_channels_are_chosen_by_each_person(home, settings):
    client = signed_in(home.parent)
    shown = client.get(reverse("inbox:preferences")).content.decode()
    assert "试验渠道" in shown
    assert client.post(reverse("inbox:preferences"), {}).status_code == 302
    with as_asker(home.parent):
        assert Preference.objects.get().off == ["sms"]
    client.post(reverse("inbox:preferences"), {"on": ["sms"]})
    with as_asker(home.parent):
        assert Preference.objects.get().off == []
    assert client.post(reverse("inbox:preferences"), {"on": ["pigeon"]}).status_code == 422


def test_without_channels_the_page_says_so(home, postman):  # noqa: F811
    postman.on = False
    assert "本县还没有开通站外提醒" in page(home.parent, reverse("inbox:preferences"))


@pytest.mark.parametrize("more", [1, 3])
def test_the_list_costs_the_same_with_one_and_with_three(home, django_assert_num_queries, more):
    for number in range(more):
        tell(home, key=str(number))
    client = signed_in(home.parent)
    client.get(LIST)
    with django_assert_num_queries(7):
        client.get(LIST)


def test_the_class_teacher_sees_whom_nothing_reached_and_why(home, postman):  # noqa: F811
    postman.answers = [Outcome(Kind.REFUSED, "isv.MOBILE_NUMBER_ILLEGAL")]
    with as_system():
        home.mother.account_id = None
        home.mother.save()
    tell(home)
    with acting(system_scope("notices")):
        while delivering.deliver_some():
            pass
    client = signed_in(home.teacher)
    address = reverse("inbox:unreached", args=[home.class_.code])
    assert address in client.get(LIST).content.decode()
    shown = client.get(address).content.decode()
    assert "马母：手机号不对" in shown
    assert "马父：没有手机号，也没有加入" in shown
    other = home.county.teacher(home.county.class_(home.school, number=2))
    assert signed_in(other).get(address).status_code == 404
