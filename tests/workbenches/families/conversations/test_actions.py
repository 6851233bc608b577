"""Who is in a conversation, and what happens when that changes."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone
from PIL import Image

from support.county import County, as_asker, as_system
from tongyu.core import clock
from tongyu.core.ids import uuid7
from tongyu.directory.families.guarding import block, lift
from tongyu.directory.models import Appointment, Enrolment, Guardianship, Student
from tongyu.notices.models import Delivery
from tongyu.notices.topics import Due
from tongyu.workbenches.families.conversations import actions, queries
from tongyu.workbenches.families.conversations.actions.telling import unread
from tongyu.workbenches.families.conversations.models import Conversation, Message, MessageFile

pytestmark = pytest.mark.django_db


class Home:
    """A class with its teacher, a pupil with two parents who have joined, and the leader."""

    def __init__(self):
        self.county = County()
        township = self.county.township()
        self.school = self.county.school(township, "太极镇中心小学")
        self.class_, self.other_class = (self.county.class_(self.school, number=n) for n in (1, 2))
        self.teacher, self.leader = self.county.teacher(self.class_), self.county.leader(self.school)
        self.subject = self.county.subject_teacher(self.class_)
        self.pupil = self.county.pupil(self.class_, "马小某")
        self.father = self.county.parent(self.pupil, name="马父")
        self.mother = self.county.parent(self.pupil, relation="mother", name="张母")

    def open(self, by=None, audience="all", **more):
        """A conversation that is open, by the teacher unless told otherwise."""
        by = by or self.teacher
        with as_asker(by):
            return actions.open_conversation(
                by=by,
                id=uuid7(),
                student=self.pupil.pk,
                topic="近来的作业",
                text="您好",
                audience=audience,
                **more,
            )

    def post(self, by, conversation, text="收到", id=None, **more):
        with as_asker(by):
            return actions.post_message(
                by=by, conversation=conversation.pk, id=id or uuid7(), text=text, **more
            )

    def tie(self, asker):
        with as_system():
            return Guardianship.objects.get(guardian_id=asker.wards[0].guardian_id)

    def block(self, asker):
        with as_asker(self.leader):
            return block(
                by=self.leader, guardianship=self.tie(asker), reason="保护令", document="（2026）1号"
            )

    def leave(self):
        """The child is at no school any more."""
        with as_system():
            Enrolment.objects.filter(student=self.pupil, left_on=None).update(left_on=clock.today())

    def move(self, class_):
        self.leave()
        with as_system():
            Enrolment.objects.create(student=self.pupil, org=class_.code, entered_on=clock.today())
            Student.objects.filter(pk=self.pupil.pk).update(org=class_.code)


@pytest.fixture
def home(db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return Home()


def seen(asker):
    """Texts that the asker can read, straight from the tables."""
    with as_asker(asker):
        return [message.text for message in Message.objects.order_by("number")]


def listed(asker):
    with as_asker(asker):
        return [row.pk for row in queries.listed(asker)]


def test_both_parents_and_the_teacher_read_what_was_said_to_all(home):
    talk = home.open()
    home.post(home.father, talk, "好的")
    assert [seen(one) for one in (home.teacher, home.father, home.mother)] == [["您好", "好的"]] * 3


def test_exactly_who_is_in_stands_at_the_top(home):
    talk = home.open(others=[f"{home.subject.account_id} subject_teacher@{home.class_.code}"])
    with as_asker(home.father):
        people = queries.people(talk, clock.today())
    assert [(one.name, one.title) for one in people.guardians] == [("马父", "父亲"), ("张母", "母亲")]
    assert [one.title for one in people.staff] == ["班主任", "任课教师"]


def test_a_private_line_of_one_parent_is_not_shown_to_the_other(home):
    talk = home.open(home.father, audience="one")
    assert (listed(home.mother), seen(home.mother)) == ([], [])
    with pytest.raises(PermissionDenied):
        home.post(home.mother, talk)
    assert seen(home.teacher) == ["您好"]


def test_nobody_else_of_school_township_and_county_sees_it(home):
    home.open()
    others = [
        home.leader,
        home.subject,
        home.county.teacher(home.other_class),
        home.county.township_staff(home.county.township("别镇")),
        home.county.office_staff(),
        home.county.department_staff("education"),
    ]
    assert [seen(one) for one in others] == [[]] * 6


def test_the_database_takes_no_seat_for_a_county_account(home):
    talk = home.open()
    office = home.county.office_staff()
    talk.topic, talk.pk = "别的事", uuid7()
    talk.seats = [f"{office.account_id} office_staff@{office.body_code}"]
    with (
        as_system(),
        pytest.raises(DatabaseError, match="seats_of_school|row-level"),
        transaction.atomic(),
    ):
        talk.save(force_insert=True)


@pytest.mark.parametrize("who", ["office", "education", "township"])
def test_an_office_never_opens_a_conversation(home, who):
    asker = {
        "office": home.county.office_staff,
        "education": lambda: home.county.department_staff("education"),
        "township": lambda: home.county.township_staff(home.school.parent),
    }[who]()
    with pytest.raises(PermissionDenied):
        home.open(asker)


def test_a_blocked_parent_is_out_with_the_same_statement(home):
    talk = home.open()
    home.block(home.father)
    assert (seen(home.father), listed(home.father)) == ([], [])
    with pytest.raises(PermissionDenied):
        home.post(home.father, talk)
    with as_asker(home.teacher):
        assert [one.name for one in queries.people(talk, clock.today()).guardians] == ["张母"]


def test_what_was_said_during_a_block_stays_closed_after_it(home):
    talk = home.open()
    stop = home.block(home.father)
    home.post(home.mother, talk, "他不在时说的")
    with as_asker(home.leader):
        lift(by=home.leader, block=stop, why="裁定撤销")
    assert seen(home.father) == ["您好"]
    assert seen(home.mother) == ["您好", "他不在时说的"]


def test_when_the_child_changes_class_the_teacher_is_out_and_the_family_keeps_the_history(home):
    talk = home.open()
    home.move(home.other_class)
    new_teacher = home.county.teacher(home.other_class)
    assert (seen(home.teacher), seen(new_teacher), seen(home.father)) == ([], [], ["您好"])
    with pytest.raises(PermissionDenied):
        home.post(home.teacher, talk)


def test_of_a_child_that_is_at_no_school_any_more_nobody_is_in(home):
    talk = home.open()
    home.leave()
    assert (seen(home.teacher), seen(home.father), listed(home.teacher)) == ([], [], [])
    with as_asker(home.teacher):
        assert queries.people(talk, clock.today()).guardians == []
    with pytest.raises(PermissionDenied):
        home.post(home.teacher, talk)
    with pytest.raises((PermissionDenied, ValidationError)):
        home.open()


def moved_family(home):
    """The parents' askers as of after the move."""
    from tongyu.directory.hats import hats_of
    from tongyu.directory.models import Account

    return hats_of(Account.objects.get(pk=home.father.account_id), clock.today())[-1].asker


def test_after_the_move_a_parent_is_told_to_open_another(home):
    talk = home.open()
    home.move(home.other_class)
    with pytest.raises(ValidationError, match="另开"):
        home.post(moved_family(home), talk)


@pytest.mark.parametrize(("passes_on", "expected"), [(False, []), (True, ["您好"])])
def test_a_new_class_teacher_is_in_only_if_the_conversation_says_so(home, passes_on, expected):
    home.open(passes_on=passes_on)
    with as_system():
        Appointment.objects.filter(pk=home.teacher.appointment_id).update(until_day=clock.today())
    successor = home.county.teacher(home.class_, from_day=clock.today())
    assert seen(successor) == expected


def test_a_double_click_or_replay_is_one_message(home):
    talk, id = home.open(), uuid7()
    first, second = home.post(home.father, talk, "好的", id), home.post(home.father, talk, "好的", id)
    assert first.pk == second.pk
    assert seen(home.father) == ["您好", "好的"]
    with pytest.raises(ValidationError):
        home.post(home.father, talk, "别的话", id)


def test_opening_twice_under_one_id_is_one_conversation(home):
    id = uuid7()
    words = {"student": home.pupil.pk, "topic": "作业", "text": "您好", "audience": "all"}
    with as_asker(home.teacher):
        first = actions.open_conversation(by=home.teacher, id=id, **words)
    with as_asker(home.teacher):
        second = actions.open_conversation(by=home.teacher, id=id, **words)
    assert (first.pk, Conversation.objects.none().count()) == (second.pk, 0)
    assert seen(home.teacher) == ["您好"]


def test_taken_back_within_two_minutes_it_stays_as_withdrawn(home):
    talk = home.open()
    message = home.post(home.father, talk, "发错了")
    with as_asker(home.father):
        actions.take_back(by=home.father, message=message.pk)
    with as_asker(home.teacher):
        assert Message.objects.get(pk=message.pk).withdrawn_at is not None
        with pytest.raises(PermissionDenied):
            actions.take_back(by=home.teacher, message=message.pk)


def test_after_two_minutes_it_stands(home):
    message = home.post(home.father, home.open(), "发错了")
    late = timezone.now() + timedelta(minutes=3)
    with as_asker(home.father), pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: late)
        with pytest.raises(ValidationError, match="2分钟"):
            actions.take_back(by=home.father, message=message.pk)


def test_a_message_is_never_changed(home):
    message = home.post(home.father, home.open(), "好的")
    message.text = "没说过"
    with as_asker(home.father), pytest.raises(DatabaseError), transaction.atomic():
        message.save(update_fields=["text"])


def test_unread_messages_are_counted_for_each_account_alone(home):
    talk = home.open()
    home.post(home.mother, talk)

    def unread(asker):
        with as_asker(asker):
            return [row.unread for row in queries.listed(asker)]

    assert [unread(one) for one in (home.teacher, home.father, home.mother)] == [[1], [2], [1]]
    with as_asker(home.father):
        actions.mark_read(by=home.father, conversation=talk.pk, number=99)
    home.post(home.teacher, talk, "再见")
    assert [unread(one) for one in (home.teacher, home.father, home.mother)] == [[1], [1], [2]]


def photo():
    data = BytesIO()
    Image.new("RGB", (8, 8), "red").save(data, "JPEG")
    return SimpleUploadedFile("作业.jpg", data.getvalue())


def test_a_picture_comes_along_and_only_those_in_see_it(home):
    talk = home.open(home.father, audience="one")
    home.post(home.father, talk, "", uploads=[photo()])
    counts = []
    for one in (home.father, home.teacher, home.mother, home.leader):
        with as_asker(one):
            counts.append(MessageFile.objects.count())
    assert counts == [1, 1, 0, 0]


@pytest.mark.parametrize(
    ("upload", "words"),
    [
        (SimpleUploadedFile("大.jpg", b"x" * (21 * 1024 * 1024)), "20 MB"),
        (SimpleUploadedFile("程序.exe", b"MZ"), "只能上传"),
        (SimpleUploadedFile("假.jpg", b"no picture"), "对不上"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_nothing_is_stored(home, upload, words, tmp_path):
    talk = home.open()
    with pytest.raises(ValidationError, match=words):
        home.post(home.father, talk, "看这个", uploads=[photo(), upload])
    assert seen(home.father) == ["您好"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_guardian_who_may_not_see_cannot_be_written_to(home):
    with as_system():
        Guardianship.objects.filter(student=home.pupil).update(may_see=False)
    with pytest.raises(ValidationError, match="没有可以联系"):
        home.open()


def told(of):
    """Accounts that were given a hint of that message."""
    with as_system():
        rows = Delivery.objects.filter(message__topic="conversation", message__key=str(of.pk))
        return {row.account_id or row.guardian_id for row in rows}


def test_a_new_message_is_hinted_to_everybody_but_the_writer(home):
    message = home.post(home.father, home.open())
    people = {home.mother.account_id, home.mother.wards[0].guardian_id}
    assert home.teacher.account_id in told(message)
    assert told(message) & people
    assert not told(message) & {home.father.account_id, home.father.wards[0].guardian_id}


def test_a_hint_is_not_wanted_any_more_once_the_message_is_read_or_taken_back(home):
    talk = home.open()
    message = home.post(home.father, talk)

    def wanted(one):
        with as_system():
            return len(unread([Due(uuid7(), str(one.pk), home.teacher.account_id, None, ())]))

    assert wanted(message) == 1
    with as_asker(home.teacher):
        actions.mark_read(by=home.teacher, conversation=talk.pk, number=message.number)
    assert wanted(message) == 0
    again = home.post(home.father, talk)
    assert wanted(again) == 1
    with as_asker(home.father):
        actions.take_back(by=home.father, message=again.pk)
    assert wanted(again) == 0


def test_a_seat_for_somebody_who_does_not_teach_here_is_refused(home):
    stranger = home.county.teacher(home.other_class)
    with pytest.raises(ValidationError):
        home.open(others=[f"{stranger.account_id} class_teacher@{home.other_class.code}"])
