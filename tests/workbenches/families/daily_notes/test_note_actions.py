"""Daily notes told through their actions: one line, many children, and nobody compared."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from support.county import County, as_asker, as_system
from tongyu.core.clock import now
from tongyu.core.ids import derived, uuid7
from tongyu.directory.models import Enrolment
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.notices.queries import inbox
from tongyu.notices.topics import Due
from tongyu.plan import loader
from tongyu.records.facts import facts_of
from tongyu.workbenches.families.daily_notes.actions import (
    correct_note,
    keep_phrases,
    remember_phrase,
    tell_week,
    withdraw_batch,
    write_notes,
)
from tongyu.workbenches.families.daily_notes.actions.telling import still_noted
from tongyu.workbenches.families.daily_notes.models import STARTERS, Category, DailyNote
from tongyu.workbenches.families.daily_notes.queries import (
    class_on,
    digest,
    of_own_children,
    phrases,
    visible,
)

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
LINE = "主动打扫教室卫生角"


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
    return county.school(county.township())


@pytest.fixture
def class_(county, school):
    return county.class_(school)


@pytest.fixture
def teacher(county, class_):
    return county.teacher(class_)


@pytest.fixture
def children(county, class_):
    return [county.pupil(class_, name) for name in ("马一", "马二", "马三", "马四")]


def content(*children, **changes):
    told = {"category": "praise", "line": LINE, "occurred_on": TODAY, "whom": "chosen"}
    return {"id": uuid7(), "students": [child.pk for child in children], **told, **changes}


def wrote(by, *children, **changes):
    with as_asker(by):
        return write_notes(by=by, **content(*children, **changes))


def faults(by, *children, **changes):
    with as_asker(by), pytest.raises(ValidationError) as caught:
        write_notes(by=by, **content(*children, **changes))
    return sorted(caught.value.message_dict)


def names(by, notes):
    with as_asker(by):
        return sorted(note.student.name for note in notes)


def test_one_line_reaches_the_children_that_were_tapped(teacher, children, class_):
    notes = wrote(teacher, *children[:2])
    assert names(teacher, notes) == ["马一", "马二"]
    assert {(note.org, note.by_role, note.line) for note in notes} == {(class_.code, "class_teacher", LINE)}


@pytest.mark.parametrize(
    ("whom", "reached"), [("all_but", ["马三", "马二", "马四"]), ("rest_but", ["马三", "马四"])]
)
def test_all_but_those_tapped(teacher, children, whom, reached):
    wrote(teacher, children[1])
    assert (
        names(teacher, wrote(teacher, children[0], whom=whom, category="learning", line="坚持阅读"))
        == reached
    )


def test_a_line_proves_one_duty_a_child_and_month(teacher, children, class_):
    note = wrote(teacher, children[0])[0]
    with as_asker(teacher):
        fact = facts_of("daily_note", [note.pk])[0]
    assert (fact.by_body, fact.scope_lo, fact.scope_hi) == (class_.code, class_.code, class_.code + 1)
    assert (fact.subject_id, fact.category) == (children[0].pk, "praise")
    assert fact.source_url == f"/work/families/daily_notes/{note.pk}/"


def test_the_same_tap_twice_is_stored_once(teacher, children):
    sent = content(*children, whom="chosen")
    with as_asker(teacher):
        first = write_notes(by=teacher, **sent)
        again = write_notes(by=teacher, **sent)
        assert sorted(note.pk for note in first) == sorted(note.pk for note in again)
        assert visible(teacher).count() == 4


def test_the_rest_sent_twice_is_the_same_rest(teacher, children):
    sent = content(children[0], whom="rest_but")
    with as_asker(teacher):
        assert len(write_notes(by=teacher, **sent)) == 3
        assert len(write_notes(by=teacher, **sent)) == 3
        assert visible(teacher).count() == 3


def test_the_same_id_with_another_line_is_refused(teacher, children):
    sent = content(children[0])
    with as_asker(teacher):
        write_notes(by=teacher, **sent)
        with pytest.raises(ValidationError):
            write_notes(by=teacher, **{**sent, "line": "别的话"})


def test_somebody_elses_id_is_refused(county, school, teacher, children):
    key = uuid7()
    wrote(teacher, children[0], id=key)
    other = county.class_(school, number=2)
    stranger = county.teacher(other)
    theirs = county.pupil(other)
    with as_asker(stranger):
        told = write_notes(by=stranger, **content(theirs, id=key))
    assert [note.student_id for note in told] == [theirs.pk], "the ids of the notes follow from child and tap"


def test_every_fault_is_named_at_its_field(teacher, children):
    assert faults(teacher) == ["students"]
    assert faults(teacher, children[0], line=" ") == ["line"]
    assert faults(teacher, children[0], line="长" * 101) == ["line"]
    assert faults(teacher, children[0], category="score", whom="whole") == ["category", "whom"]
    assert faults(teacher, children[0], occurred_on=TODAY + timedelta(days=1)) == ["occurred_on"]


def test_of_many_children_a_foreign_one_keeps_all_out(county, school, teacher, children):
    stranger = county.pupil(county.class_(school, number=2))
    assert faults(teacher, *children, stranger) == ["students"]
    with as_asker(teacher):
        assert not visible(teacher).exists()


def test_leaders_and_offices_write_none(county, school, class_, children):
    for asker in (county.leader(school), county.office_staff(), county.township_staff(school.parent)):
        with as_asker(asker), pytest.raises(PermissionDenied):
            write_notes(by=asker, **content(children[0]))


def test_a_subject_teacher_sees_the_own_notes_only(county, class_, teacher, children):
    subject = county.subject_teacher(class_)
    wrote(teacher, children[0])
    mine = wrote(subject, children[1], category="learning", line="计算又快又准")
    with as_asker(subject):
        assert list(visible(subject)) == mine
        told = {child.name for child in class_on(subject, TODAY) if child.noted}
        assert told == {"马一", "马二"}, "that something was written all may know"


def test_a_note_of_last_month_leaves_this_month_open(teacher, children):
    wrote(teacher, children[0], occurred_on=date(2026, 10, 31))
    wrote(teacher, children[1])
    with as_asker(teacher):
        told = {child.name: child.noted for child in class_on(teacher, TODAY)}
    assert told == {"马一": False, "马二": True, "马三": False, "马四": False}


def test_who_left_the_class_is_not_on_its_page(teacher, children):
    with as_system():
        Enrolment.objects.filter(student=children[0]).update(left_on=date(2026, 11, 1))
    with as_asker(teacher):
        assert "马一" not in {child.name for child in class_on(teacher, TODAY)}
    assert faults(teacher, children[0]) == ["students"]
    assert len(wrote(teacher, children[0], occurred_on=date(2026, 10, 9))) == 1


def test_a_whole_tap_is_taken_back_together(teacher, children):
    notes = wrote(teacher, *children)
    with as_asker(teacher):
        assert withdraw_batch(by=teacher, batch=notes[0].batch, reason="选错了") == 4
        assert withdraw_batch(by=teacher, batch=notes[0].batch, reason="选错了") == 0
        assert facts_of("daily_note", [note.pk for note in notes]) == []


def test_another_teacher_does_not_take_it_back(county, class_, teacher, children):
    notes, subject = wrote(teacher, *children), county.subject_teacher(class_)
    with as_asker(subject):
        assert withdraw_batch(by=subject, batch=notes[0].batch, reason="不是我的") == 0


def test_a_correction_keeps_what_stood_there(teacher, children):
    note = wrote(teacher, children[0])[0]
    new = {"category": "reminder", "line": "请留意睡眠", "occurred_on": TODAY}
    with as_asker(teacher):
        fixed = correct_note(by=teacher, note=note, reason="写错类别", version=1, **new)
        assert (fixed.category, fixed.line, fixed.version) == ("reminder", "请留意睡眠", 2)
        with pytest.raises(ValidationError):
            correct_note(by=teacher, note=note, reason="再改", version=1, **new)


def test_the_words_do_not_stand_in_the_table(teacher, children):
    wrote(teacher, children[0], line="暗号金丝雀")
    with as_system(), connection.cursor() as cursor:
        cursor.execute("SELECT daily_notes_dailynote::text FROM daily_notes_dailynote")
        assert "暗号金丝雀" not in cursor.fetchone()[0]


def test_parents_read_of_their_own_child_alone(county, teacher, children):
    mother, stranger = county.parent(children[0], relation="mother"), county.parent(children[1])
    note = wrote(teacher, children[0])[0]
    wrote(teacher, children[2], line="别的孩子")
    with as_asker(mother):
        assert [one.line for one in of_own_children(mother, TODAY)] == [LINE]
        assert list(DailyNote.objects.values_list("pk", flat=True)) == [note.pk], (
            "the database shows no other"
        )
    with as_asker(stranger):
        assert not of_own_children(stranger, TODAY).exists()
        assert not DailyNote.objects.exists()


def test_what_was_taken_back_is_not_told(county, teacher, children):
    mother = county.parent(children[0])
    note = wrote(teacher, children[0])[0]
    with as_asker(teacher):
        withdraw_batch(by=teacher, batch=note.batch, reason="写错")
    with as_asker(mother):
        assert not of_own_children(mother, TODAY).exists()


def test_the_own_phrases_come_first_and_stay_the_own(county, class_, teacher):
    subject = county.subject_teacher(class_)
    with as_asker(teacher):
        remember_phrase(by=teacher, category="praise", line="黑板擦得干净")
        remember_phrase(by=teacher, category="praise", line=STARTERS["praise"][1])
        assert dict(phrases(teacher))[Category.PRAISE][:3] == [STARTERS["praise"][1], "黑板擦得干净", LINE]
    with as_asker(subject):
        assert dict(phrases(subject))[Category.PRAISE] == list(STARTERS["praise"])


def test_the_office_keeps_the_lines_of_its_county(county, teacher):
    office = county.office_staff()
    lines = {"praise": ["懂礼貌", " 懂礼貌 ", ""], "learning": ["爱提问"], "reminder": []}
    with as_asker(office):
        keep_phrases(by=office, lines=lines, version=0)
        with pytest.raises(ValidationError):
            keep_phrases(by=office, lines=lines, version=0)
    with as_asker(teacher):
        assert [(one.value, told) for one, told in phrases(teacher)] == [
            ("praise", ["懂礼貌"]), ("learning", ["爱提问"]), ("reminder", []),
        ]  # fmt: skip


def test_too_many_or_too_long_phrases_are_named_by_category(teacher):
    bad = {"praise": ["长" * 101], "learning": [], "reminder": []}
    with as_asker(teacher), pytest.raises(ValidationError) as caught:
        keep_phrases(by=teacher, lines=bad, version=0)
    assert sorted(caught.value.message_dict) == ["praise"]


def test_the_duty_of_the_month_is_met_by_these_records_alone(plan, county, teacher, children):
    wrote(teacher, *children[:3])
    update.recompute_all(TODAY)
    with as_system():
        states = Standing.objects.filter(obligation__key="daily-performance", period_key="2026-M11")
        assert sorted(states.values_list("state", flat=True)) == ["in_progress", "met", "met", "met"]
    wrote(teacher, whom="rest_but")
    with as_system():
        assert set(states.values_list("state", flat=True)) == {"met"}


def test_forty_five_children_take_few_queries(plan, county, class_, teacher, django_assert_max_num_queries):
    for number in range(45):
        county.pupil(class_, f"学生{number:02}")
    update.recompute_all(TODAY)
    with as_asker(teacher), django_assert_max_num_queries(40):
        assert len(write_notes(by=teacher, **content(whom="all_but"))) == 45


def told(number, day, category, withdrawn):
    return DailyNote(
        id=derived(ROOT, str(number)), student_id=derived(ROOT, f"child {number % 2}"), category=category, line="x",
        occurred_on=TODAY - timedelta(days=day), withdrawn_at=now() if withdrawn else None,
    )  # fmt: skip


ROOT = uuid7()
TOLD = st.lists(st.tuples(st.integers(0, 9), st.sampled_from(Category.values), st.booleans()), max_size=12)


@given(TOLD, st.randoms(use_true_random=False))
def test_the_digest_is_the_same_in_whatever_order_notes_come_and_go(rows, chance: random.Random):
    notes = [told(number, *row) for number, row in enumerate(rows)]
    shuffled = chance.sample(notes, len(notes))
    standing = [note for note in notes if note.withdrawn_at is None]
    expected = digest(notes, TODAY)
    assert digest(shuffled, TODAY) == expected == digest(standing, TODAY)
    for week in expected.values():
        days = [(-note.occurred_on.toordinal(), Category(note.category).place) for note in week]
        assert days == sorted(days)
        assert all(TODAY - note.occurred_on < timedelta(days=7) for note in week)


def test_once_a_week_a_family_is_told_of_all_its_children_with_notes(county, teacher, children):
    mother = county.parent(children[0], children[1], relation="mother")
    father, other = county.parent(children[0]), county.parent(children[3], name="别家")
    notes = wrote(teacher, children[0], children[1])
    with as_system():
        assert [tell_week(TODAY), tell_week(date(2026, 11, 27))] == [2, 2]
    for asker, expected in ((mother, 1), (father, 1), (other, 0)):
        with as_asker(asker):
            lines = [line.message for line in inbox(asker)]
        assert len(lines) == expected
    due = Due(
        uuid7(),
        f"{county.code}:2026-11-27",
        father.account_id,
        father.wards[0].guardian_id,
        (children[0].pk,),
    )
    with as_system():
        assert still_noted([due]) == {due.delivery}
    with as_asker(teacher):
        withdraw_batch(by=teacher, batch=notes[0].batch, reason="写错了")
    with as_system():
        assert still_noted([due]) == set(), "what was taken back is not announced"
        assert tell_week(date(2026, 12, 4)) == 0
