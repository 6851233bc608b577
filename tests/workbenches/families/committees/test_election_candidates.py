"""Who stands: by own will, proposed by others, entered by the school."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests.support.county import as_asker, as_system
from tests.workbenches.families.committees.electing import Place, agree
from tongyu.workbenches.families.committees.actions.calling import (
    add_candidate,
    answer,
    propose,
    stand,
)
from tongyu.workbenches.families.committees.models import Candidate

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def state_of(candidate):
    with as_system():
        return Candidate.objects.get(pk=candidate.pk).state


def test_guardians_propose_others_who_agree_or_do_not(place):
    election = place.call()
    with as_asker(place.parents[0]):
        for _twice in range(2):
            propose(
                by=place.parents[0],
                election=election,
                student=place.pupils[0].pk,
                name="家长1",
                child_name="学生1",
            )
        assert Candidate.objects.count() == 1
    with as_asker(place.parents[2]):
        assert Candidate.objects.count() == 0
    with as_asker(place.parents[1]):
        asked = Candidate.objects.get()
        answer(by=place.parents[1], candidate=asked, agrees=True, words="愿意")
    with as_asker(place.parents[2]):
        assert Candidate.objects.get().words == "愿意"
        with pytest.raises(PermissionDenied):
            answer(by=place.parents[2], candidate=asked, agrees=False)
    with as_asker(place.parents[1]):
        answer(by=place.parents[1], candidate=asked, agrees=False)
    assert state_of(asked) == "declined"


def test_whom_the_register_does_not_know_is_left_to_the_school_in_the_same_words(place):
    election = place.call()
    with as_asker(place.parents[0]):
        for name in ("家长1", "没有这人"):
            told = propose(
                by=place.parents[0],
                election=election,
                student=place.pupils[0].pk,
                name=name,
                child_name="学生1",
            )
            assert told is None
    with as_system():
        unknown = Candidate.objects.get(state="unknown")
    with pytest.raises(ValidationError, match="名册里没有这位家长"):
        agree(place.teacher, unknown)


def test_the_school_enters_who_agreed_on_paper_and_nobody_it_does_not_know(place):
    election = place.call()
    with as_asker(place.teacher):
        added = add_candidate(
            by=place.teacher, election=election, name="家长1", child_name="学生1", how="11月20日当面同意"
        )
        assert added.state == "accepted"
        with pytest.raises(ValidationError, match="名册里没有找到"):
            add_candidate(by=place.teacher, election=election, name="家长1", child_name="学生2")


def test_standing_twice_is_once_and_after_the_vote_began_nobody_stands(place):
    election = place.call()
    assert place.stand(election, 0) == place.stand(election, 0)
    place.open(election)
    with pytest.raises(ValidationError, match="名单不能再变"), as_asker(place.parents[1]):
        stand(by=place.parents[1], election=election, student=place.pupils[1].pk)
