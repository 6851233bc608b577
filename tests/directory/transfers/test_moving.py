"""A pupil moves: proposed, confirmed, carried out on the day; and every way in which it must not happen."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from support.county import as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.models import (
    Body,
    Enrolment,
    Guardian,
    Guardianship,
    RollOverLine,
    Student,
    Transfer,
    TransferKind,
)
from tongyu.directory.rollover.actions import open_roll_over
from tongyu.directory.rollover.exceptions import Said, set_exception
from tongyu.directory.transfers import carrying
from tongyu.directory.transfers.carrying import carry_out_due, stop_without_pupil
from tongyu.duties import update
from tongyu.duties.models import Standing, Tally

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)
TOMORROW = DAY + timedelta(days=1)


def refused(call, *arguments, field="", **keywords):
    with pytest.raises(ValidationError) as error:
        call(*arguments, **keywords)
    if field:
        assert field in error.value.error_dict
    return error.value.messages[0]


def now(model, **wanted):
    with as_system():
        return model.objects.get(**wanted)


def times(pupil):
    """The pupil's times in classes."""
    with as_system():
        rows = Enrolment.objects.filter(student=pupil).order_by("entered_on", "left_on")
        return [(e.org, e.entered_on, e.left_on, e.entry_reason, e.leave_reason) for e in rows]


def standings(pupil, key="home-visit"):
    with as_system():
        rows = Standing.objects.filter(subject=pupil.pk, obligation__key=key)
        return list(rows.values_list("org", "state"))


def met(class_, key="home-visit"):
    """How many of the class's pupils are met, and how many there are."""
    with as_system():
        tally = Tally.objects.filter(obligation__key=key, place=class_.code).first()
        return (tally.met, sum(tally.counts.values())) if tally else (0, 0)


def test_nothing_changes_until_the_receiving_school_confirms(story):
    row = story.propose()
    assert (row.state, row.name, row.org) == ("proposed", "马小兰", story.class_.code)
    assert now(Student, pk=story.pupil.pk).org == story.class_.code
    story.confirm(row)
    moved = now(Transfer, pk=row.pk)
    assert (moved.state, moved.name, moved.to_class) == ("done", "", story.other_class.code)
    assert (moved.by_account, moved.confirmed_by) == (story.leader.account_id, story.other_leader.account_id)
    assert now(Student, pk=story.pupil.pk).org == story.other_class.code
    assert times(story.pupil) == [
        (story.class_.code, date(2026, 9, 1), DAY, "", "转学"),
        (story.other_class.code, DAY, None, "转入", ""),
    ]


def test_what_was_done_this_year_counts_at_the_new_school_at_once(story, visit):
    visit(story.teacher, story.pupil)
    assert (standings(story.pupil), met(story.class_)) == ([(story.class_.code, "met")], (1, 1))
    story.confirm(story.propose())
    assert standings(story.pupil) == [(story.other_class.code, "met")]
    assert (met(story.class_), met(story.other_class)) == ((0, 0), (1, 1))
    assert update.recompute_all(DAY, story.county.code).changed == 0


def test_the_guardians_come_along_and_the_old_school_sees_them_no_more(story):
    adult = story.county.guardian(story.pupil)
    sibling = story.county.pupil(story.second, "马小军")
    shared = story.county.guardian(story.pupil, "马奶奶", "grandparent")
    with as_system():
        Guardianship.objects.create(
            student=sibling, org=sibling.org, guardian=shared, relation="grandparent", from_day=DAY
        )
    story.confirm(story.propose())
    with as_asker(story.leader):
        assert list(Guardian.objects.values_list("name", flat=True)) == ["马奶奶"]
        assert not Student.objects.filter(pk=story.pupil.pk).exists()
    with as_asker(story.other_leader):
        assert set(Guardian.objects.values_list("name", flat=True)) == {"马家长", "马奶奶"}
        assert set(Guardianship.objects.values_list("org", flat=True)) == {story.other_class.code}
    assert now(Guardian, pk=adult.pk).org == story.other_class.code


def test_a_day_ahead_is_kept_and_carried_out_on_the_day(story, settings):
    row = story.confirm(story.propose(), day=TOMORROW)
    assert (row.state, now(Student, pk=story.pupil.pk).org) == ("agreed", story.class_.code)
    with as_system("directory.due_transfers"):
        assert carry_out_due(DAY) == (0, 0)
    settings.TONGYU_TODAY = TOMORROW
    with as_system("directory.due_transfers"):
        assert carry_out_due(TOMORROW) == (1, 0)
        assert carry_out_due(TOMORROW) == (0, 0)
    assert now(Student, pk=story.pupil.pk).org == story.other_class.code
    assert times(story.pupil)[1][1] == TOMORROW
    assert standings(story.pupil)[0][0] == story.other_class.code


def test_the_work_of_the_day_says_why_it_could_not_and_goes_on_with_the_others(story, settings):
    late = story.county.pupil(story.class_, "孔令文")
    first = story.confirm(story.propose(), day=TOMORROW)
    second = story.confirm(story.propose(late), day=TOMORROW)
    with as_system():
        Student.objects.filter(pk=story.pupil.pk).update(org=story.second.code)
    settings.TONGYU_TODAY = TOMORROW
    with as_system("directory.due_transfers"):
        assert carry_out_due(TOMORROW) == (1, 1)
    stopped = now(Transfer, pk=first.pk)
    assert (stopped.state, stopped.ended_by, stopped.name) == ("stopped", None, "")
    assert "不在原来的班级" in stopped.ended_reason
    assert now(Transfer, pk=second.pk).state == "done"


def test_an_error_nobody_foresaw_keeps_no_other_move_waiting(story, settings, monkeypatch):
    late = story.county.pupil(story.class_, "孔令文")
    broken = story.confirm(story.propose(), day=TOMORROW)
    sound = story.confirm(story.propose(late), day=TOMORROW)
    whole = carrying.carry_out

    def breaking(row):
        if row.pk == broken.pk:
            raise RuntimeError("no such thing")
        whole(row)

    monkeypatch.setattr(carrying, "carry_out", breaking)
    settings.TONGYU_TODAY = TOMORROW
    with as_system("directory.due_transfers"), pytest.raises(RuntimeError, match="no such thing"):
        carry_out_due(TOMORROW)
    assert now(Transfer, pk=sound.pk).state == "done"
    assert now(Transfer, pk=broken.pk).state == "agreed"


def test_the_work_that_comes_late_holds_from_its_day_unless_the_old_class_went_on(story, settings, visit):
    other = story.county.pupil(story.class_, "孔令文")
    for pupil in (story.pupil, other):
        story.confirm(story.propose(pupil), day=TOMORROW)
    settings.TONGYU_TODAY = TOMORROW + timedelta(days=2)
    visit(story.teacher, other, TOMORROW + timedelta(days=1))
    with as_system("directory.due_transfers"):
        assert carry_out_due(settings.TONGYU_TODAY) == (2, 0)
    assert times(story.pupil)[1][1] == TOMORROW
    assert times(other)[1][1] == settings.TONGYU_TODAY


def test_a_move_that_the_turn_of_the_year_overtook_is_begun_anew(story, settings, visit):
    last_day = date(2027, 8, 31)
    row = story.confirm(story.propose(day=last_day), day=last_day)
    with as_system():
        Enrolment.objects.filter(student=story.pupil).update(entered_on=last_day + timedelta(days=1))
    settings.TONGYU_TODAY = date(2027, 9, 2)
    with as_system("directory.due_transfers"):
        assert carry_out_due(settings.TONGYU_TODAY) == (0, 1)
    stopped = now(Transfer, pk=row.pk)
    assert (stopped.state, now(Student, pk=story.pupil.pk).org) == ("stopped", story.class_.code)
    assert "学年已经结束" in stopped.ended_reason


def test_inside_the_school_nobody_else_is_asked(story):
    row = story.begin(kind=TransferKind.WITHIN, to_class=story.second.code)
    assert (row.state, now(Student, pk=story.pupil.pk).org) == ("done", story.second.code)
    assert times(story.pupil)[0][4] == times(story.pupil)[1][3] == "调班"
    assert standings(story.pupil)[0][0] == story.second.code


def test_out_of_the_county_is_done_by_the_school_itself(story):
    row = story.begin(kind=TransferKind.AWAY, elsewhere="兰州市某小学")
    assert (row.state, row.to_school) == ("done", None)
    assert times(story.pupil) == [(story.class_.code, date(2026, 9, 1), DAY, "", "转出县外")]
    assert standings(story.pupil) == []
    assert "不在册" in refused(story.propose)


def test_the_same_click_twice_is_one_move(story):
    key = uuid7()
    first, again = (
        story.begin(kind=TransferKind.WITHIN, to_class=story.second.code, id=key) for _click in range(2)
    )
    assert (first.pk, len(times(story.pupil))) == (again.pk, 2)
    row = story.propose(id=uuid7())
    assert story.propose(id=row.pk).pk == row.pk
    assert "同一编号" in refused(story.propose, id=row.pk, reason="别的原因")
    story.confirm(row)
    assert story.confirm(row).state == "done"
    assert len(times(story.pupil)) == 3


def test_of_two_leaders_the_second_hears_that_it_is_confirmed(story):
    deputy = story.county.leader(story.other_school)
    row = story.propose()
    story.confirm(row)
    assert "已经办好" in refused(story.confirm, row, by=deputy)


def test_a_pupil_has_one_open_transfer(story):
    row = story.propose()
    assert "已有一项转学正在办理" in refused(story.propose)
    assert "已有一项转学正在办理" in refused(
        story.begin, kind=TransferKind.WITHIN, to_class=story.second.code
    )
    story.withdraw(row)
    assert story.propose().state == "proposed"


def test_the_database_itself_keeps_a_second_open_transfer_out(story):
    row = story.propose()
    row.pk = uuid7()
    with as_asker(story.leader), pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_what_is_declined_withdrawn_or_done_cannot_be_confirmed(story):
    row = story.propose()
    story.decline(row)
    assert "已经退回" in refused(story.confirm, row)
    assert "已经退回" in refused(story.withdraw, row)
    assert story.decline(row).state == "declined"
    stood = now(Transfer, pk=row.pk)
    assert (stood.ended_reason, stood.name, stood.ended_by) == ("班额已满", "", story.other_leader.account_id)
    again = story.propose()
    story.withdraw(again)
    assert "已经撤回" in refused(story.confirm, again)
    done = story.propose()
    story.confirm(done)
    assert "已经办好" in refused(story.decline, done)
    assert "已经办好" in refused(story.withdraw, done)


def test_until_the_day_both_schools_may_still_stop_it(story):
    row = story.confirm(story.propose(), day=TOMORROW)
    assert story.decline(row, reason="没有来报到").state == "declined"
    row = story.confirm(story.propose(), day=TOMORROW)
    assert story.withdraw(row).state == "withdrawn"
    with as_system("directory.due_transfers"):
        assert carry_out_due(TOMORROW) == (0, 0)


def test_a_move_ends_with_the_pupils_time_on_the_roll(story):
    row = story.propose()
    with as_system("directory.due_transfers"):
        assert stop_without_pupil(DAY) == 0
        Enrolment.objects.filter(student=story.pupil).update(left_on=TOMORROW, leave_reason="毕业")
        assert stop_without_pupil(DAY) == 0
        assert (stop_without_pupil(TOMORROW), stop_without_pupil(TOMORROW)) == (1, 0)
    stopped = now(Transfer, pk=row.pk)
    assert (stopped.state, stopped.name, stopped.ended_by) == ("stopped", "", None)
    assert "不在册" in stopped.ended_reason


def test_a_reason_is_asked_for(story):
    refused(story.propose, reason="  ", field="reason")
    row = story.propose()
    refused(story.decline, row, reason=" ", field="reason")
    refused(story.withdraw, row, reason="", field="reason")


def test_a_class_that_has_closed_or_is_of_another_school_is_no_target(story):
    row = story.propose()
    with as_system():
        Body.objects.filter(code=story.other_class.code).update(closed_on=DAY)
    assert "不存在" in refused(story.confirm, row, field="to_class")
    refused(story.confirm, row, to_class=story.second, field="to_class")
    refused(story.begin, kind=TransferKind.WITHIN, to_class=story.class_.code, field="to_class")


def test_a_school_that_is_the_own_one_or_none_is_no_target(story):
    assert "就是本校" in refused(story.propose, to_school=story.school.code, field="to_school")
    refused(story.propose, to_school=story.class_.code, field="to_school")
    with as_system():
        Body.objects.filter(code=story.other_school.code).update(closed_on=DAY)
    refused(story.propose, field="to_school")


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 8, 31), "不能早于本学年第一天（2026-09-01）"),
        (date(2027, 9, 1), "不能晚于本学年最后一天（2027-08-31）"),
        (date(2026, 9, 9), "2026-09-10才进入现在的班级"),
    ],
)
def test_days_outside_the_year_or_before_the_pupil_came_are_refused(story, day, words):
    pupil = story.county.pupil(story.class_, "刚来的", entered_on=date(2026, 9, 10))
    assert words in refused(story.propose, pupil, day=day, field="day")


def test_a_past_day_must_not_leave_records_of_the_old_class_behind_it(story, visit):
    visit(story.teacher, story.pupil, date(2026, 11, 17))
    row = story.propose(day=date(2026, 11, 16))
    told = refused(story.confirm, row, day=date(2026, 11, 16), field="day")
    assert told == "原班级2026年11月17日还有该生的家访记录，日期要晚于这一天。"
    refused(story.confirm, row, day=date(2026, 11, 17), field="day")
    assert now(Transfer, pk=row.pk).state == "proposed"
    assert story.confirm(row, day=date(2026, 11, 18)).state == "done"
    assert times(story.pupil)[1][1] == date(2026, 11, 18)


def test_only_the_school_that_has_the_pupil_proposes_and_only_the_receiving_one_answers(story):
    stranger = story.county.leader(story.county.school(story.county.township("外镇"), "外镇小学"))
    with pytest.raises(PermissionDenied):
        story.propose(by=story.other_leader, to_school=story.school.code)
    with pytest.raises(PermissionDenied):
        story.propose(by=story.teacher)
    row = story.propose()
    for asker in (story.leader, story.teacher, story.other_teacher, stranger, story.county.office_staff()):
        with pytest.raises(PermissionDenied):
            story.confirm(row, by=asker)
    for asker in (story.other_leader, stranger, story.teacher):
        with pytest.raises(PermissionDenied):
            story.withdraw(row, by=asker)


def test_row_level_security_shows_a_move_to_both_schools_and_to_nobody_else(story):
    stranger = story.county.leader(story.county.school(story.county.township("外镇"), "外镇小学"))
    row = story.propose()

    def seen(asker):
        with as_asker(asker):
            return Transfer.objects.filter(pk=row.pk).exists()

    before = [
        seen(one) for one in (story.leader, story.teacher, story.other_leader, story.other_teacher, stranger)
    ]
    story.confirm(row, day=TOMORROW)
    after = [
        seen(one) for one in (story.leader, story.teacher, story.other_leader, story.other_teacher, stranger)
    ]
    assert (before, after) == ([True, True, True, False, False], [True, True, True, True, False])


def test_the_receiving_school_cannot_make_a_row_about_a_pupil_it_does_not_have(story):
    row = story.propose()
    forged = Transfer(
        kind="between", org=story.other_class.code, student_id=story.pupil.pk, to_school=story.school.code,
        day=DAY, reason="伪造", by_account=1, entered_at=row.entered_at, state="withdrawn", ended_reason="x",
        ended_at=row.entered_at,
    )  # fmt: skip
    with as_asker(story.other_leader), pytest.raises(DatabaseError), transaction.atomic():
        forged.save(force_insert=True)


def test_a_confirmation_sent_again_after_it_was_taken_back_is_told_so(story):
    row = story.confirm(story.propose(), day=TOMORROW)
    story.decline(row, reason="没有来报到")
    assert "已经退回" in refused(story.confirm, row, day=TOMORROW)


def test_what_the_old_school_said_of_the_next_year_goes_with_the_move(story):
    office = story.county.office_staff()
    with as_asker(office):
        roll_over = open_roll_over(by=office, start_year=2027)

    def say(asker):
        with as_asker(asker):
            set_exception(
                by=asker, roll_over=roll_over, student=story.pupil.pk, said=Said("left", "随父母外出")
            )

    say(story.leader)
    story.confirm(story.propose())
    with as_system():
        assert not RollOverLine.objects.exists()
    say(story.other_leader)
    assert now(RollOverLine, student=story.pupil).org == story.other_school.code
