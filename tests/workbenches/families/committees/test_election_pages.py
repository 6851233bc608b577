"""The pages of an election: a guardian stands and votes on the phone, the school counts, the members stand."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.support.county import DAY, as_asker, as_system, signed_in
from tests.workbenches.families.committees.electing import Place, ballots
from tongyu.core.ids import uuid7
from tongyu.records import family
from tongyu.workbenches.families.committees.actions import NewMember, elect_committee
from tongyu.workbenches.families.committees.actions.voting import vote
from tongyu.workbenches.families.committees.models import Candidate, Committee, Election, Member
from tongyu.workbenches.families.committees.queries.elections import moment

pytestmark = pytest.mark.django_db


@pytest.fixture
def place():
    return Place()


def at(name, *args):
    return reverse(f"committees:{name}", args=args)


def local(moment_):
    return timezone.localtime(moment_).strftime("%Y-%m-%dT%H:%M")


def called(**kwargs):
    return {
        "id": str(uuid7()),
        "vote_from": local(moment() + timedelta(days=2)),
        "vote_until": local(moment() + timedelta(days=4)),
        "seats": "2",
        "last_day": "2027-08-31",
        "quorum": "50",
        "note": "",
        **kwargs,
    }


def titles(asker):
    with as_asker(asker):
        return [task.title for task in family.home_of(asker, DAY).tasks if "家委会" in task.title]


def test_the_whole_way_through_the_pages(place):
    teacher, father = signed_in(place.teacher), signed_in(place.parents[0])
    fields = called()
    answer = teacher.post(at("call", place.class_.code), fields)
    assert answer.status_code == 302
    assert teacher.post(at("call", place.class_.code), fields).url == answer.url
    with as_system():
        election = Election.objects.get()
    assert "报名和提名中" in teacher.get(answer.url).text
    mine = at("family_election", election.pk)
    assert "您愿意参选吗" in father.get(mine).text
    assert father.post(mine, {"stands": "yes", "words": "有时间"}).status_code == 302
    father.post(at("family_propose", election.pk), {"name": "家长1", "child_name": "学生1"})
    assert titles(place.parents[1]) == ["有人提名您参选家委会"]
    signed_in(place.parents[1]).post(mine, {"stands": "yes", "words": ""})
    place.open(election)
    assert titles(place.parents[2]) == ["家委会选举：请投票"]
    with as_system():
        chosen = [str(one.pk) for one in Candidate.objects.order_by("name")]
    for parent, pupil in zip(place.parents, place.pupils, strict=True):
        ballot = at("family_vote", election.pk, pupil.pk)
        page = signed_in(parent).post(ballot, {"choices": chosen}, follow=True)
        assert "这一票已经投了" in page.text
    assert titles(place.parents[2]) == []
    assert "已经投过" in father.get(at("family_vote", election.pk, place.pupils[0].pk)).text
    assert teacher.post(at("close", election.pk), {"reason": ""}).status_code == 302
    page = teacher.get(at("election", election.pk))
    assert "当选" in page.text
    assert "3 票" in page.text
    assert "一致" in teacher.post(at("recount", election.pk), follow=True).text
    offices = {chosen[0]: "chair", chosen[1]: "member"}
    seated = teacher.post(at("take_office", election.pk), offices, follow=True)
    assert "在任" in seated.text
    family_page = father.get(at("family")).text
    assert "家长0" in family_page
    assert "主任" in family_page


def test_a_guardian_reads_names_and_offices_and_no_childs_name(place):
    with as_asker(place.teacher):
        elect_committee(
            by=place.teacher,
            body=place.class_.code,
            elected_on=DAY,
            until_day=DAY + timedelta(days=300),
            members=[NewMember("家长1", "chair", "学生1的父亲"), NewMember("家长2", "member", "学生2的父亲")],
        )
    place.voting(1, 2)
    client = signed_in(place.parents[0])
    pages = client.get(at("family")).text
    with as_system():
        election = Election.objects.get()
    pages += client.get(at("family_election", election.pk)).text
    pages += client.get(at("family_vote", election.pk, place.pupils[0].pk)).text
    assert "家长1" in pages
    assert "学生1" not in pages
    assert "学生2" not in pages


def test_a_guardian_of_another_class_sees_nothing_of_it(place):
    neighbour = place.county.parent(place.county.pupil(place.beside, "隔壁"), name="邻班家长")
    election, standing = place.voting(0, 1)
    client = signed_in(neighbour)
    for page in (
        at("family_election", election.pk),
        at("family_propose", election.pk),
        at("family_vote", election.pk, place.pupils[0].pk),
    ):
        assert client.get(page).status_code == 404
    assert standing[0].name not in client.get(at("family")).text
    with as_asker(neighbour):
        assert list(Election.objects.all()) == [] == list(Candidate.objects.all())


def test_the_roll_hands_out_paper_and_two_persons_count_it(place):
    election, (first, second) = place.voting(0, 1)
    teacher, leader = signed_in(place.teacher), signed_in(place.leader)
    roll = at("roll", election.pk)
    teacher.post(roll, {"student": [str(one.pk) for one in place.pupils]})
    assert "领了纸质票" in teacher.get(roll).text
    teacher.post(roll, {"back": str(place.pupils[0].pk)})
    sheet = {"papers": "2", "invalid": "0", str(first.pk): "2", str(second.pk): "1"}
    wrong = teacher.post(at("paper", election.pk), {**sheet, "papers": "3"})
    assert wrong.status_code == 422
    assert "收回的纸质票不能多于发出的 2 张" in wrong.text
    teacher.post(at("paper", election.pk), sheet)
    early = teacher.post(at("close", election.pk), {"reason": "都投完了"})
    assert "两个人分别清点" in early.text
    assert "清点一致" in leader.post(at("paper", election.pk), sheet, follow=True).text
    teacher.post(at("close", election.pk), {"reason": "都投完了"})
    with as_system():
        election.refresh_from_db()
    assert election.outcome["votes"] == {str(first.pk): 2, str(second.pk): 1}
    assert ballots(election) == {}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"seats": "1"}, "大于"),
        ({"vote_until": ""}, "请填写投票截止。"),
        ({"vote_until": "2020-01-01T08:00"}, "截止时间应晚于开始时间"),
        ({"last_day": "9999-12-31"}, "不超过六年"),
        ({"quorum": "101"}, "小于"),
        ({"note": "\x00"}, ""),
    ],
)
def test_bad_input_is_told_and_nothing_is_kept(place, fields, words):
    page = signed_in(place.teacher).post(at("call", place.class_.code), called(**fields))
    assert page.status_code == 422
    assert words in page.text
    with as_system():
        assert Election.objects.count() == 0


def test_odd_votes_are_told_and_no_ballot_is_kept(place):
    election, _standing = place.voting(0, 1)
    client = signed_in(place.parents[0])
    ballot = at("family_vote", election.pk, place.pupils[0].pk)
    for sent in ({}, {"choices": ["x"]}, {"choices": [str(uuid7())]}, {"choices": ["\x00"]}):
        assert client.post(ballot, sent).status_code == 422
    assert ballots(election) == {}


def test_a_seat_whose_child_has_left_is_shown_and_waits_for_the_school(place):
    with as_asker(place.teacher):
        committee = elect_committee(
            by=place.teacher,
            body=place.class_.code,
            elected_on=DAY,
            until_day=DAY + timedelta(days=300),
            members=[
                NewMember("家长0", "chair", student_id=place.pupils[0].pk),
                NewMember("家长1", student_id=place.pupils[1].pk),
            ],
        )
    client = signed_in(place.teacher)
    assert "缺" not in client.get("/waiting/").text
    with as_system():
        place.pupils[1].enrolments.update(left_on=DAY)
    assert "家长1 的孩子已离校" in client.get("/waiting/").text
    assert "席位空缺 1 个" in client.get(at("detail", committee.pk)).text
    assert "缺 1 人" in client.get(at("list")).text
    with as_system():
        Member.objects.filter(name="家长1").update(until_day=DAY)
    assert "请补选" in client.get("/waiting/").text


def test_the_home_pages_ask_in_few_queries_however_many_families(place):
    parent = place.parents[0]
    place.voting(0, 1)

    def queries():
        with (
            as_asker(parent),
            CaptureQueriesContext(
                connection,
            ) as counted,
        ):
            family.home_of(parent, DAY)
        return len(counted)

    before = queries()
    place.county.parent(place.county.pupil(place.class_, "又一个"))
    assert queries() == before


def test_the_page_stays_small(place):
    election, _standing = place.voting(0, 1)
    client = signed_in(place.parents[0])
    for page in (at("family"), at("family_election", election.pk)):
        assert len(client.get(page).content) < 15_000


def test_a_vote_that_has_ended_waits_for_the_school(place):
    election, standing = place.voting(0, 1)
    with as_asker(place.parents[0]):
        vote(
            by=place.parents[0], election=election, student=place.pupils[0].pk, choices=[str(standing[0].pk)]
        )
    with as_system():
        Election.objects.update(vote_until=moment())
    assert "投票已截止" in signed_in(place.teacher).get("/waiting/").text
    with as_system():
        assert Committee.objects.count() == 0
