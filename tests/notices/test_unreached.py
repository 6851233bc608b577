"""The class's work list: which child nobody was reached for, by what and why; and how far a message came."""

import pytest
from django.core.exceptions import PermissionDenied

from notices.conftest import join, small_class
from support.county import as_asker, as_system
from tongyu.core.context import acting, system_scope
from tongyu.notices import delivering, queries
from tongyu.notices.actions import mark_all_read, send, withdraw
from tongyu.notices.channels.base import Kind, Outcome
from tongyu.notices.recipients import GuardiansOf, GuardiansWithin

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(noon, postman):
    return small_class()


def tell(home, to=None):
    to = to or [GuardiansWithin(home.class_.code, home.class_.hi)]
    with as_asker(home.teacher):
        return send(topic="test_notice", key="1", title="周五家长会", to=to, by=home.teacher)


def deliver():
    with acting(system_scope("notices")):
        while delivering.deliver_some():
            pass


def missed(home, asker=None):
    asker = asker or home.teacher
    with as_asker(asker):
        return [
            (one.student, [(guardian.name, str(guardian.why)) for guardian in one.guardians])
            for one in queries.unreached(asker, home.class_.code)
        ]


def test_what_is_still_on_its_way_is_no_failure(home):
    tell(home)
    assert missed(home) == []


def test_a_child_counts_as_reached_when_one_guardian_was(home):
    tell(home)
    deliver()
    assert missed(home) == [], "the father has no telephone, the mother got it"


def test_each_guardian_is_listed_with_the_reason(home, postman):
    postman.answers = [Outcome(Kind.REFUSED, "isv.MOBILE_NUMBER_ILLEGAL")]
    tell(home)
    deliver()
    assert missed(home) == [
        ("马大某", [("马母", "手机号不对"), ("马父", "没有手机号，也没有加入")]),
        ("马小某", [("马母", "手机号不对")]),
    ]


def test_who_has_joined_has_it_in_the_inbox(home, postman):
    postman.on = False
    join(home.mother, "+8616000000001")
    tell(home)
    assert missed(home) == []


def test_nobody_outside_the_class_reads_its_list(home, postman):
    postman.answers = [Outcome(Kind.REFUSED, "x")]
    tell(home)
    deliver()
    other = home.county.teacher(home.county.class_(home.school, number=2))
    assert missed(home, other) == []
    assert missed(home, home.leader) != []
    with pytest.raises(PermissionDenied):
        queries.unreached(home.county.office_staff(), home.class_.code)


def test_a_withdrawn_message_asks_for_nothing(home, postman):
    postman.answers = [Outcome(Kind.REFUSED, "x")]
    message = tell(home)
    deliver()
    with as_asker(home.teacher):
        withdraw(by=home.teacher, message=message.pk)
    assert missed(home) == []


def test_only_the_sender_sees_how_far_it_came_counted_by_child(home):
    parent = join(home.mother, "+8616000000001")
    message = tell(home, [GuardiansOf([home.first.pk, home.second.pk, home.third.pk])])
    with as_asker(parent):
        mark_all_read(by=parent)
    with as_asker(home.teacher):
        assert queries.reach_of(home.teacher, message.pk) == queries.Reach(2, 2, 2, 2)
    with as_asker(home.leader):
        assert queries.reach_of(home.leader, message.pk) is None
    deliver()
    with as_asker(home.teacher):
        assert queries.reach_of(home.teacher, message.pk) == queries.Reach(2, 2, 2, 0)
    with as_system():
        pass
