"""Meetings, decisions that are tasks, proposals with a dated answer: who writes, who reads, who answers."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from tests.support.county import DAY, as_asker, as_system, signed_in
from tests.workbenches.families.committees.electing import Place
from tongyu.core.ids import uuid7
from tongyu.notices.models import Delivery, Message
from tongyu.workbenches.coordination.documents.actions import file_document
from tongyu.workbenches.families.committees import family as home
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee, renew_term
from tongyu.workbenches.families.committees.actions.business import (
    answer_proposal,
    decide,
    keep_meeting,
    mark_done,
    put_forward,
)
from tongyu.workbenches.families.committees.models import Decision, Meeting, Proposal
from tongyu.workbenches.families.committees.queries.business import charter_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    place = Place()
    chair = place.parents[0].wards[0]
    with as_asker(place.teacher):
        place.committee = elect_committee(
            by=place.teacher,
            body=place.class_.code,
            elected_on=date(2026, 9, 10),
            until_day=date(2027, 9, 1),
            members=[
                NewMember("家长0", "chair", guardian_id=chair.guardian_id, student_id=chair.student_id),
                NewMember("家长9"),
            ],
        )
    return place


def proposed(place, number=1, text="午休太短"):
    parent = place.parents[number]
    with as_asker(parent):
        return put_forward(by=parent, committee=place.committee, text=text)


def test_a_proposal_is_read_by_its_author_the_chair_and_the_school_and_by_no_other_family(place):
    proposal = proposed(place)
    assert proposal.due_on == DAY + timedelta(days=15)
    for asker, seen in (
        (place.parents[1], 1),
        (place.parents[0], 1),
        (place.teacher, 1),
        (place.leader, 1),
        (place.parents[2], 0),
        (place.county.teacher(place.beside), 0),
    ):
        with as_asker(asker):
            assert Proposal.objects.count() == seen


def test_the_chair_answers_once_and_the_author_reads_when_and_who(place):
    proposal = proposed(place)
    chair = signed_in(place.parents[0])
    page = reverse("committees:family_proposal", args=[proposal.pk])
    assert chair.post(page, {"text": ""}).status_code == 422
    assert chair.post(page, {"text": "下周开会讨论"}).status_code == 302
    assert "下周开会讨论" in signed_in(place.parents[1]).get(page).text
    with pytest.raises(ValidationError, match="已经有答复"), as_asker(place.teacher):
        answer_proposal(by=place.teacher, proposal=proposal, text="再答一次")


def test_the_school_answers_too_and_sees_what_is_waiting(place):
    proposal = proposed(place)
    client = signed_in(place.teacher)
    assert "给家委会的建议：午休太短" in client.get("/waiting/").text
    client.post(reverse("committees:proposal", args=[proposal.pk]), {"text": "已调整"})
    assert "午休太短" not in client.get("/waiting/").text


def test_who_is_not_the_chair_does_not_answer(place):
    proposal = proposed(place)
    for parent in (place.parents[1], place.parents[2]):
        with pytest.raises(PermissionDenied), as_asker(parent):
            answer_proposal(by=parent, proposal=proposal, text="我来答")


def test_proposals_go_to_own_committees_and_not_without_end(place):
    neighbour = place.county.parent(place.county.pupil(place.beside, "隔壁"))
    with pytest.raises(PermissionDenied), as_asker(neighbour):
        put_forward(by=neighbour, committee=place.committee, text="别班")
    for number in range(5):
        proposed(place, text=f"建议{number}")
    with pytest.raises(ValidationError, match="5 条建议没有答复"):
        proposed(place)


def test_a_decision_is_a_task_until_it_is_done(place):
    with as_asker(place.teacher):
        decision = decide(
            by=place.teacher, committee=place.committee, text="办义卖", who="家长0", due_on=date(2026, 12, 1)
        )
        done = mark_done(by=place.teacher, decision=decision, words="已办")
        assert mark_done(by=place.teacher, decision=decision).done_words == done.done_words == "已办"
        with pytest.raises(ValidationError) as told:
            decide(by=place.teacher, committee=place.committee, text="x", due_on=date(2026, 12, 1))
    assert told.value.message_dict == {"who": ["有期限的事请写明谁来办。"]}
    assert "办义卖" in signed_in(place.parents[2]).get(reverse("committees:family")).text


def test_the_same_form_sent_twice_is_one(place):
    key = uuid7()
    with as_asker(place.teacher):
        for _twice in range(2):
            decide(by=place.teacher, committee=place.committee, text="办义卖", id=key)
            keep_meeting(by=place.teacher, committee=place.committee, held_on=DAY, agenda="一\n二", id=key)
        assert (Decision.objects.count(), Meeting.objects.get().items) == (1, ["一", "二"])


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"agenda": " \n "}, "agenda"),
        ({"held_on": date(2028, 1, 1)}, "held_on"),
        ({"held_on": date(2026, 12, 1), "minutes": "开过了"}, "minutes"),
    ],
)
def test_a_meeting_with_faults_is_told_at_the_field(place, fields, name):
    with pytest.raises(ValidationError) as told, as_asker(place.teacher):
        keep_meeting(
            by=place.teacher, committee=place.committee, **{"held_on": DAY, "agenda": "一", **fields}
        )
    assert list(told.value.message_dict) == [name]


def test_meetings_and_decisions_through_the_pages(place):
    client = signed_in(place.teacher)
    pk = place.committee.pk
    sent = {"id": str(uuid7()), "held_on": "2026-11-20", "agenda": "食堂\n春游", "minutes": ""}
    client.post(reverse("committees:meeting_new", args=[pk]), sent)
    with as_system():
        meeting = Meeting.objects.get()
    client.post(reverse("committees:meeting", args=[meeting.pk]), {**sent, "minutes": "讨论了"})
    task = {"id": str(uuid7()), "text": "看食堂", "who": "家长0", "due_on": "2026-11-30"}
    page = client.post(reverse("committees:decision_new", args=[pk]), task, follow=True).text
    assert "食堂；春游" in page
    assert "看食堂" in page
    with as_system():
        decision = Decision.objects.get()
    assert "办好" in client.post(reverse("committees:decision_done", args=[decision.pk]), follow=True).text
    assert "讨论了" in signed_in(place.parents[2]).get(reverse("committees:family")).text


def test_the_charter_in_force_is_read_from_the_schools_documents(place):
    with as_asker(place.teacher):
        assert charter_of(place.committee, DAY) is None
    with as_asker(place.leader):
        file_document(
            by=place.leader, category="committee_charter", title="章程", valid_from=date(2026, 9, 1)
        )
    with as_asker(place.teacher):
        assert charter_of(place.committee, DAY).since == date(2026, 9, 1)
    assert (
        "2026年9月1日起施行"
        in signed_in(place.teacher).get(reverse("committees:detail", args=[place.committee.pk])).text
    )


def task(place, **changed):
    fields = {"text": "联系校车", "who": "家长0", "due_on": date(2026, 12, 1), **changed}
    with as_asker(place.teacher):
        return decide(by=place.teacher, committee=place.committee, **fields)


def own_tasks(parent):
    with as_asker(parent):
        return [one.title for one in home.tasks(parent, DAY)]


def test_a_decision_is_the_task_of_the_member_who_is_named(place):
    decision = task(place)
    with as_system():
        (told,) = Message.objects.filter(topic="committee_task")
        assert told.title == "家委会托您办一件事，12月1日前办好"
        who = Delivery.objects.filter(message=told).values_list("account_id", flat=True)
        assert list(who) == [place.parents[0].account_id]
    member, other = signed_in(place.parents[0]), signed_in(place.parents[1])
    address = reverse("committees:family_decision_done", args=[decision.pk])
    assert own_tasks(place.parents[0]) == ["家委会托您办：联系校车"]
    assert own_tasks(place.parents[1]) == []
    assert "我办好了" not in other.get(reverse("committees:family")).text
    assert other.post(address).status_code == 404
    assert "我办好了" in member.get(reverse("committees:family")).text
    assert [member.post(address).status_code for _click in range(2)] == [302, 302]
    with as_system():
        assert Decision.objects.get().done_on == DAY
    assert own_tasks(place.parents[0]) == []


def test_a_task_has_a_person_and_a_day(place):
    with pytest.raises(ValidationError) as fault:
        task(place, due_on=None)
    assert "due_on" in fault.value.error_dict
    assert task(place, who="", due_on=None).guardian_id is None
    assert task(place, who="食堂王师傅").guardian_id is None


def test_an_overdue_task_waits_for_the_school(place):
    decision = task(place)
    with as_system():
        Decision.objects.filter(pk=decision.pk).update(due_on=DAY - timedelta(days=1))
    assert "家委会托办的事逾期：联系校车" in signed_in(place.teacher).get("/waiting/").text


def test_a_member_does_not_say_it_of_anothers_task_past_the_page(place):
    decision = task(place, who="家长9")
    with pytest.raises(PermissionDenied), as_asker(place.parents[0]):
        mark_done(by=place.parents[0], decision=decision)


def test_what_is_open_goes_on_with_the_next_term(place):
    decision, proposal = task(place), proposed(place)
    with as_asker(place.teacher):
        new = renew_term(
            by=place.teacher, committee=place.committee, elected_on=DAY, until_day=date(2027, 9, 1),
            members=[NewMember("甲", "chair"), NewMember("乙")],
        )  # fmt: skip
    with as_system():
        assert Decision.objects.get(pk=decision.pk).committee_id == new.pk
        assert Proposal.objects.get(pk=proposal.pk).committee_id == new.pk
