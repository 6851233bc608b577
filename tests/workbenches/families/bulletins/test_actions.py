"""A bulletin from preflight to the last signature."""

import wave
from datetime import date, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction

from support.county import County, as_asker, as_system
from tongyu.core import clock, jobs
from tongyu.core.ids import uuid7
from tongyu.directory.families.guarding import block
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, Enrolment, Guardianship, Student
from tongyu.notices.models import Delivery, Message
from tongyu.notices.queries import inbox
from tongyu.notices.topics import Due
from tongyu.workbenches.families.bulletins import actions, queries
from tongyu.workbenches.families.bulletins.actions.telling import not_opened, still_open
from tongyu.workbenches.families.bulletins.models import Act, Answer, Bulletin, BulletinChild, State

TODAY = date(2026, 11, 23)


def move(pupil, class_, day=TODAY):
    """The child is in another class from that day on."""
    with as_system():
        Enrolment.objects.filter(student=pupil, left_on=None).update(left_on=day)
        Enrolment.objects.create(student=pupil, org=class_.code, entered_on=day)
        Student.objects.filter(pk=pupil.pk).update(org=class_.code)


def today_of(asker):
    """The guardian as of now, after a move."""
    with as_system():
        return hats_of(Account.objects.get(pk=asker.account_id), TODAY)[-1].asker


class Town:
    """A school of two classes; in the first two families that have joined, one that has not, one without anybody."""

    def __init__(self):
        self.county = County()
        self.township = self.county.township()
        self.school = self.county.school(self.township, "太极镇中心小学")
        self.class_, self.second = (self.county.class_(self.school, number=n) for n in (1, 2))
        self.teacher, self.leader = self.county.teacher(self.class_), self.county.leader(self.school)
        self.ma, self.li, self.bai, self.he = (
            self.county.pupil(self.class_, name) for name in ("马小某", "李小某", "白小某", "何小某")
        )
        self.zhao = self.county.pupil(self.second, "赵小某")
        self.father = self.county.parent(self.ma, name="马父")
        self.mother = self.county.parent(self.ma, relation="mother", name="张母")
        self.grandmother = self.county.parent(self.li, relation="grandparent", name="李奶奶")
        self.county.guardian(self.bai, "白父", phone="+8616000000001")
        self.other = self.county.parent(self.zhao, name="赵父")

    def send(self, by=None, place=None, need="read", **more):
        """A bulletin that has been sent, to the first class unless told otherwise."""
        by = by or self.teacher
        words = {"title": "放假安排", "text": "周五下午三点放学。", "need": need}
        with as_asker(by):
            return actions.send_bulletin(
                by=by, id=more.pop("id", None) or uuid7(), place=(place or self.class_).code, **(words | more)
            )

    def say(self, by, bulletin, act, student=None):
        with as_asker(by):
            return actions.answer(
                by=by, bulletin=bulletin.pk, student=student or by.wards[0].student_id, act=act, id=uuid7()
            )

    def states(self, bulletin, by=None):
        by = by or self.teacher
        with as_asker(by):
            return {line.name: line.state for line in queries.own_class(by, bulletin, TODAY)}

    def child(self, bulletin, pupil):
        with as_system():
            return BulletinChild.objects.get(bulletin=bulletin, student=pupil)

    def block(self, asker):
        with as_system():
            tie = Guardianship.objects.get(guardian_id=asker.wards[0].guardian_id)
        with as_asker(self.leader):
            return block(by=self.leader, guardianship=tie, reason="保护令", document="（2026）1号")


@pytest.fixture
def town(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Town()


def has(asker):
    with as_asker(asker):
        return [item.bulletin.title for item in queries.family_items(asker)]


def test_the_preflight_says_who_gets_it_and_who_not_and_why(town):
    with as_asker(town.teacher):
        found = queries.preflight(town.teacher, town.class_, TODAY, signing=False)
    assert (found.children, found.reached, found.guardians) == (4, 2, 3)
    assert found.names == [("何小某", "没有登记监护人"), ("白小某", "监护人有手机号，还没有加入")]


def test_for_a_signature_it_also_says_where_nobody_may_decide(town):
    with as_asker(town.teacher):
        found = queries.preflight(town.teacher, town.class_, TODAY, signing=True)
    assert ("李小某", "能看到，但没有可以签字的监护人") in found.names


def test_a_blocked_family_stands_in_the_preflight(town):
    town.block(town.grandmother)
    with as_asker(town.teacher):
        found = queries.preflight(town.teacher, town.class_, TODAY, signing=False)
    assert ("李小某", "监护人依文件不能查看") in found.names


def test_above_a_class_there_are_counts_and_no_names(town):
    with as_asker(town.leader):
        found = queries.preflight(town.leader, town.school, TODAY, signing=False)
    assert (found.children, found.reached, found.names) == (5, 3, [])


def test_it_reaches_the_families_of_the_class_and_no_other(town):
    town.send()
    assert [has(one) for one in (town.father, town.mother, town.other)] == [["放假安排"], ["放假安排"], []]


@pytest.mark.parametrize("place", ["school", "other class", "county"])
def test_a_class_teacher_writes_to_the_own_class_only(town, place):
    places = {"school": town.school, "other class": town.second, "county": town.county.body}
    with pytest.raises(PermissionDenied):
        town.send(place=places[place])


def test_the_department_of_justice_does_not_write_to_families(town):
    justice = town.county.department_staff("justice")
    with pytest.raises(PermissionDenied):
        town.send(justice, town.county.body)


def test_sent_twice_under_one_id_it_is_one(town):
    id = uuid7()
    first, second = town.send(id=id), town.send(id=id)
    assert (first.pk, has(town.father)) == (second.pk, ["放假安排"])
    with pytest.raises(ValidationError):
        town.send(id=id, title="别的标题")


def test_read_by_one_guardian_reaches_the_child(town):
    bulletin = town.send()
    town.say(town.mother, bulletin, Act.READ)
    assert town.states(bulletin) == {
        "马小某": State.DONE, "李小某": State.OPEN, "白小某": State.OPEN, "何小某": State.OPEN,
    }  # fmt: skip


def test_two_guardians_who_differ_are_a_conflict_and_neither_is_overwritten(town):
    bulletin = town.send(need="sign")
    town.say(town.father, bulletin, Act.AGREE)
    town.say(town.mother, bulletin, Act.DECLINE)
    assert town.states(bulletin)["马小某"] == State.CONFLICT
    town.say(town.mother, bulletin, Act.AGREE)
    assert town.states(bulletin)["马小某"] == State.AGREED
    with as_system():
        said = list(Answer.objects.order_by("at").values_list("act_done", flat=True))
    assert said == ["agree", "decline", "agree"]


def test_where_all_must_sign_one_is_not_enough(town):
    bulletin = town.send(need="sign", whose="all")
    town.say(town.father, bulletin, Act.AGREE)
    assert town.states(bulletin)["马小某"] == State.PARTLY
    town.block(town.mother)
    assert town.states(bulletin)["马小某"] == State.AGREED


def test_a_carer_may_not_sign_and_is_told_so(town):
    bulletin = town.send(need="sign")
    with pytest.raises(ValidationError, match="作主"):
        town.say(town.grandmother, bulletin, Act.AGREE)
    assert town.states(bulletin)["李小某"] == State.NOBODY


def test_taken_back_until_the_deadline_and_not_after(town, settings):
    bulletin = town.send(need="sign", deadline=TODAY)
    town.say(town.father, bulletin, Act.AGREE)
    town.say(town.father, bulletin, Act.TAKE_BACK)
    assert town.states(bulletin)["马小某"] == State.OPEN
    town.say(town.father, bulletin, Act.DECLINE)
    settings.TONGYU_TODAY = TODAY + timedelta(days=1)
    with pytest.raises(ValidationError, match="截止"):
        town.say(town.father, bulletin, Act.TAKE_BACK)
    town.say(town.mother, bulletin, Act.DECLINE)


def test_a_guardian_sees_the_own_answer_and_not_the_others(town):
    bulletin = town.send(need="sign")
    town.say(town.father, bulletin, Act.DECLINE)
    with as_asker(town.mother):
        assert (Answer.objects.count(), queries.family_item(town.mother, bulletin.pk)[0].decision) == (0, "")
    with as_asker(town.father):
        assert queries.family_item(town.father, bulletin.pk)[0].decision == "decline"


def test_an_answer_is_never_changed_nor_deleted(town):
    bulletin = town.send(need="sign")
    row = town.say(town.father, bulletin, Act.AGREE)
    for harm in (lambda: Answer.objects.filter(pk=row.pk).update(act_done="decline"), row.delete):
        with as_asker(town.teacher), pytest.raises(DatabaseError), transaction.atomic():
            harm()


def test_nobody_answers_for_another_familys_child(town):
    bulletin = town.send(need="confirm")
    with pytest.raises(PermissionDenied):
        town.say(town.father, bulletin, Act.CONFIRM, student=town.li.pk)


def test_the_teacher_enters_a_paper_slip_as_the_guardians_own_answer(town):
    bulletin = town.send(need="confirm")
    with as_system():
        tie = Guardianship.objects.get(student=town.bai)
    row = town.child(bulletin, town.bai)
    with as_asker(town.teacher):
        actions.enter_for(
            by=town.teacher, child=row.pk, guardian=tie.guardian_id, act=Act.CONFIRM, how="paper", id=uuid7()
        )
        lines = queries.own_class(town.teacher, bulletin, TODAY)
    assert next(line for line in lines if line.name == "白小某").said == ["白父（父亲） 已确认（纸质回执）"]


def test_a_paper_slip_needs_to_say_how_and_by_whom(town):
    bulletin = town.send(need="confirm")
    row = town.child(bulletin, town.he)
    with as_asker(town.teacher), pytest.raises(ValidationError):
        actions.enter_for(
            by=town.teacher, child=row.pk, guardian=uuid7(), act=Act.CONFIRM, how="paper", id=uuid7()
        )


def test_only_the_sender_follows_and_the_class_teacher_sees_who_is_open(town):
    bulletin = town.send(town.leader, town.class_, need="confirm")
    town.say(town.father, bulletin, Act.CONFIRM)
    with as_asker(town.teacher):
        assert [line.name for line in queries.open_in_class(town.teacher, bulletin, TODAY)] == [
            "何小某", "李小某", "白小某",
        ]  # fmt: skip
        with pytest.raises(PermissionDenied):
            queries.own_class(town.teacher, bulletin, TODAY)


def test_withdrawn_it_stays_visible_with_its_reason_and_asks_nothing(town):
    bulletin = town.send(need="sign")
    with as_asker(town.teacher):
        with pytest.raises(ValidationError):
            actions.withdraw_bulletin(by=town.teacher, bulletin=bulletin, reason=" ")
        actions.withdraw_bulletin(by=town.teacher, bulletin=bulletin, reason="日期写错了")
    with as_asker(town.father):
        item = queries.family_items(town.father)[0]
        assert (item.bulletin.withdrawn_why, item.asks) == ("日期写错了", False)
    with pytest.raises(ValidationError, match="撤回"):
        town.say(town.father, bulletin, Act.AGREE)


def test_two_reminders_a_week_and_none_when_everybody_has_answered(town, monkeypatch):
    bulletin = town.send(need="confirm")

    def remind():
        with as_asker(town.teacher):
            return actions.remind(by=town.teacher, bulletin=bulletin, id=uuid7())

    assert [remind().children, remind().children] == [2, 2], "who has joined"
    with pytest.raises(ValidationError, match="两次"):
        remind()
    later = clock.now() + timedelta(days=8)
    monkeypatch.setattr(clock, "now", lambda: later)
    town.say(town.father, bulletin, Act.CONFIRM)
    assert remind().children == 1


def hinted(topic="bulletin"):
    """Guardians or accounts that were given a hint."""
    with as_system():
        return {row.account_id or row.guardian_id for row in Delivery.objects.filter(message__topic=topic)}


def either(*askers):
    """Each by guardian or by account, as the channels know them."""
    return [{one.account_id, one.wards[0].guardian_id} for one in askers]


def test_every_entitled_guardian_is_hinted_once_and_a_blocked_one_not(town):
    town.block(town.mother)
    town.send()
    found = [bool(hinted() & ids) for ids in either(town.father, town.mother, town.grandmother)]
    assert found == [True, False, True]


def test_a_reminder_goes_to_open_families_and_is_asked_again_at_delivery(town):
    bulletin = town.send(need="confirm")
    town.say(town.father, bulletin, Act.CONFIRM)
    with as_asker(town.teacher):
        row = actions.remind(by=town.teacher, bulletin=bulletin, id=uuid7())
    found = [bool(hinted("bulletin_reminder") & ids) for ids in either(town.mother, town.grandmother)]
    assert found == [False, True]
    due = Due(uuid7(), f"{bulletin.pk}:{row.pk}", None, town.grandmother.wards[0].guardian_id, (town.li.pk,))
    with as_system():
        assert still_open([due]) == {due.delivery}
    town.say(town.grandmother, bulletin, Act.CONFIRM)
    with as_system():
        assert still_open([due]) == set()


def test_a_reminder_is_for_those_who_may_sign_and_have_not(town):
    town.county.parent(town.ma, relation="grandparent", name="马奶奶")
    bulletin = town.send(need="sign", whose="all")
    town.say(town.mother, bulletin, Act.AGREE)
    with as_asker(town.teacher):
        row = actions.remind(by=town.teacher, bulletin=bulletin, id=uuid7())
    with as_system():
        told = Delivery.objects.filter(message__topic="bulletin_reminder").values_list(
            "guardian_id", flat=True
        )
        assert set(told) == {
            town.father.wards[0].guardian_id,
            Guardianship.objects.get(student=town.bai).guardian_id,
        }
        dues = [
            Due(uuid7(), f"{bulletin.pk}:{row.pk}", None, one.wards[0].guardian_id, (town.ma.pk,))
            for one in (town.father, town.mother)
        ]
        assert still_open(dues) == {dues[0].delivery}


def test_two_who_differ_are_not_reminded_a_teacher_speaks_with_them(town):
    bulletin = town.send(need="sign")
    with as_asker(town.teacher):
        for pupil in (town.bai, town.li, town.he):
            move(pupil, town.second)
    town.say(town.father, bulletin, Act.AGREE)
    town.say(town.mother, bulletin, Act.DECLINE)
    with as_asker(town.teacher), pytest.raises(ValidationError, match="当面"):
        actions.remind(by=town.teacher, bulletin=bulletin, id=uuid7())


def test_a_child_that_has_left_is_asked_nothing_and_counts_no_more(town):
    bulletin = town.send(need="sign")
    town.say(town.father, bulletin, Act.AGREE)
    elsewhere = town.county.class_(town.county.school(town.township, "别的小学"))
    for pupil in (town.ma, town.li):
        move(pupil, elsewhere)
    father, grandmother = today_of(town.father), today_of(town.grandmother)
    with as_asker(father):
        assert [(item.bulletin.title, item.asks) for item in queries.family_items(father)] == [
            ("放假安排", False)
        ]
    with pytest.raises(ValidationError, match="不用再答复"):
        town.say(father, bulletin, Act.TAKE_BACK)
    town.say(grandmother, bulletin, Act.READ)
    with as_asker(town.teacher):
        counted = queries.coverage(town.teacher, bulletin, TODAY, 1)
        lines = queries.own_class(town.teacher, bulletin, TODAY)
        row = actions.remind(by=town.teacher, bulletin=bulletin, id=uuid7())
    assert [(one.children, one.settled) for one in counted] == [(3, 1)], "who had answered before stands"
    gone = {(line.state, line.settled) for line in lines if line.name == "（已离开的孩子）"}
    assert gone == {(State.AGREED, True), (State.GONE, True)}
    assert row.children == 0, "白父 has not joined"


def test_the_home_page_reads_of_them_what_the_list_says(town):
    town.say(town.father, town.send(need="sign"), Act.AGREE)
    town.say(town.father, town.send(need="confirm", title="交材料"), Act.READ)
    for parent in (town.father, town.mother):
        with as_asker(parent):
            home, listed = queries.home_items(parent), queries.family_items(parent)
        assert len(home) == len(listed) == 2
        for one, same in zip(home, listed, strict=True):
            assert (one.bulletin.title, one.asks, one.read) == (same.bulletin.title, same.asks, same.read)
            assert (one.confirmed, one.decision) == (same.confirmed, same.decision)


def test_withdrawn_it_leaves_the_inbox_and_those_who_had_read_it_are_told(town):
    bulletin = town.send(need="confirm")
    town.say(town.father, bulletin, Act.READ)
    with as_asker(town.teacher):
        actions.remind(by=town.teacher, bulletin=bulletin, id=uuid7())
        for _click in range(2):
            actions.withdraw_bulletin(by=town.teacher, bulletin=bulletin, reason="日期写错了")
    with as_asker(town.father):
        titles = [line.message.title for line in inbox(town.father)]
    with as_asker(town.mother):
        assert [line.message.title for line in inbox(town.mother)] == []
    assert titles == ["通知已撤回，不要再照它办：放假安排"]
    with as_system():
        standing = Message.objects.filter(topic__in=["bulletin", "bulletin_reminder"], withdrawn_at=None)
        assert not standing.exists()


def test_a_township_learns_no_number_of_families_kept_away(town):
    town.block(town.grandmother)
    staff = town.county.township_staff(town.township)
    for asker, apart in ((town.leader, True), (staff, False)):
        with as_asker(asker):
            found = queries.preflight(asker, town.school, TODAY, signing=True)
        whys = {str(why): number for why, number in found.reasons}
        assert ("监护人依文件不能查看" in whys) is apart
        assert found.children - found.counts["reached"] - found.counts["no_decider"] == sum(
            number for why, number in whys.items() if "签字" not in why
        )


def test_slips_are_for_open_families_that_nothing_reaches(town):
    bulletin = town.send(need="confirm")
    town.say(town.father, bulletin, Act.CONFIRM)
    with as_asker(town.teacher):
        found = queries.slips(town.teacher, bulletin, TODAY)
    assert [(slip.name, slip.joined) for slip in found] == [
        ("何小某", False), ("李小某", True), ("白小某", False),
    ]  # fmt: skip


def test_the_first_hint_is_not_wanted_once_opened_or_withdrawn(town):
    bulletin = town.send()
    due = Due(uuid7(), str(bulletin.pk), None, town.father.wards[0].guardian_id, (town.ma.pk,))
    with as_system():
        assert not_opened([due]) == {due.delivery}
    town.say(town.father, bulletin, Act.READ)
    with as_system():
        assert not_opened([due]) == set()


def test_a_guardian_who_is_blocked_later_has_it_no_more(town):
    town.send()
    town.block(town.father)
    assert (has(town.father), has(town.mother)) == ([], ["放假安排"])


def recording(seconds):
    data = BytesIO()
    with wave.open(data, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(1)
        made.setframerate(8000)
        made.writeframes(bytes([128]) * (8000 * seconds))
    return SimpleUploadedFile("老师的话.wav", data.getvalue())


def test_a_voice_of_up_to_a_minute_comes_along(town):
    bulletin = town.send(voice=recording(60))
    with as_asker(town.father):
        assert [file.seconds for file in Bulletin.objects.get(pk=bulletin.pk).files.all()] == [60]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (lambda: recording(62), "最长60秒"),
        (lambda: SimpleUploadedFile("话.mp3", b"no sound"), "打不开"),
        (lambda: SimpleUploadedFile("话.jpg", b"x"), "m4a、mp3"),
    ],
)
def test_a_longer_or_broken_recording_is_refused_and_nothing_is_sent(town, upload, words, tmp_path):
    with pytest.raises(ValidationError, match=words):
        town.send(voice=upload())
    assert has(town.father) == []
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_school_gets_it_by_the_job_queue_and_a_second_run_sends_nothing_twice(
    committed, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    town = Town()
    bulletin = town.send(town.leader, town.school)
    assert has(town.other) == []
    jobs.run_waiting()
    assert (has(town.other), has(town.father)) == (["放假安排"], ["放假安排"])
    with as_asker(town.leader):
        again = Bulletin.objects.get(pk=bulletin.pk)
        assert again.children == 5
        assert actions.spread(again, again.org, again.hi) == 0
        counted = queries.coverage(town.leader, again, TODAY, 1)
    assert [(one.place, one.children) for one in counted] == [(town.class_.code, 4), (town.second.code, 1)]


def test_withdrawn_before_the_queue_came_to_it_it_goes_nowhere(committed, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    town = Town()
    bulletin = town.send(town.leader, town.school)
    with as_asker(town.leader):
        actions.withdraw_bulletin(by=town.leader, bulletin=bulletin, reason="写错了")
    jobs.run_waiting()
    assert has(town.other) == []
