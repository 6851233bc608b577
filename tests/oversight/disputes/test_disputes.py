"""A body contests a figure where it stands; a person answers, with the records; nobody types a standing."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.models import TransferKind
from tongyu.directory.transfers.actions import Wanted, begin_transfer, confirm_transfer
from tongyu.duties import update
from tongyu.duties.closing.preview import preview
from tongyu.duties.models import Standing
from tongyu.duties.queries import period_on
from tongyu.oversight import figures
from tongyu.oversight.disputes import actions, marks, queries, showing
from tongyu.oversight.disputes.models import Dispute, OpenDispute
from tongyu.workbenches.gatherings.events.actions import record_held, withdraw_event

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 23)


def rate(asker, place, key="home-visit"):
    with as_asker(asker):
        return figures.at_place(asker, key, place.code, DAY)


def duty(asker, standing):
    with as_asker(asker):
        return figures.of_duty(asker, standing.pk, DAY)


def contest(asker, figure, line="3日家访过，没有算进去", id=None, ticked=()):
    with as_asker(asker):
        return actions.open_dispute(by=asker, figure=figure, line=line, id=id or uuid7(), ticked=ticked)


def answer(asker, dispute, verdict="upheld", words="记录齐全"):
    with as_asker(asker):
        return actions.answer_dispute(by=asker, dispute=dispute.pk, verdict=verdict, answer=words)


def refused(call, *arguments, **keywords):
    with pytest.raises(ValidationError) as error:
        call(*arguments, **keywords)
    return error.value.messages[0]


def stored(dispute):
    with as_system():
        return Dispute.objects.get(pk=dispute.pk)


def seen_by(asker):
    with as_asker(asker):
        return set(queries.visible(asker).values_list("pk", flat=True))


@pytest.fixture
def artists(world):
    """The school records a show and names the publicity department, whose duty is thereby met."""
    department = world.county.department_staff("publicity")
    with as_asker(world.leader):
        show = record_held(
            by=world.leader,
            type="arts_on_campus",
            occurred_on=date(2026, 11, 5),
            title="送戏进校园",
            participants=80,
            co_organisers=[department.body_code],
        )
    world.compute()
    with as_system():
        standing = Standing.objects.get(obligation__key="artists", unit_org=department.body_code)
    return department, show, standing


def test_a_dispute_keeps_what_the_figure_was_and_changes_nothing(world):
    before = rate(world.teacher, world.class_)
    made = contest(world.teacher, before, ticked=[world.standing(world.pupil).pk])
    kept = stored(made)
    assert kept.was["counts"] == {"met": 1, "in_progress": 1}
    assert [(one["subject"], one["count"]) for one in kept.units] == [(str(world.pupil.pk), 0)]
    assert "马小兰" not in str(kept.units) + str(kept.was)
    assert rate(world.teacher, world.class_).counts == before.counts


def test_only_the_body_itself_contests_its_figure(world):
    county, own = world.county, rate(world.office, world.class_)
    other_class = county.class_(world.school, number=2)
    strangers = [
        world.office,
        county.teacher(other_class),
        county.township_staff(world.township),
        county.subject_teacher(world.class_),
        county.department_staff("education"),
        county.leader(county.school(world.township, "太极镇二小")),
    ]
    for asker in strangers:
        with pytest.raises(PermissionDenied):
            contest(asker, own)
    for asker in (world.teacher, world.leader):
        contest(asker, own)


def test_a_line_is_asked_for_and_an_unknown_figure_is_refused(world):
    own = rate(world.teacher, world.class_)
    assert refused(contest, world.teacher, own, line="  ") == "请填写哪里不对。"
    assert "已经不存在" in refused(contest, world.teacher, None)
    with as_system():
        assert Dispute.objects.count() == 0


def test_a_double_click_makes_one_and_another_content_is_refused(world):
    own, key = rate(world.teacher, world.class_), uuid7()
    first, second = contest(world.teacher, own, id=key), contest(world.teacher, own, id=key)
    assert first.pk == second.pk
    assert "已用同一编号保存过" in refused(contest, world.teacher, own, id=key, line="别的")
    with as_system():
        assert (Dispute.objects.count(), OpenDispute.objects.count()) == (1, 1)


def test_one_body_has_one_open_dispute_about_a_figure(world):
    own = rate(world.teacher, world.class_)
    first = contest(world.teacher, own)
    assert "已有一条待答复的异议" in refused(contest, world.teacher, own)
    with as_asker(world.teacher):
        actions.withdraw_dispute(by=world.teacher, dispute=first.pk)
    contest(world.teacher, own)


def test_the_mark_is_for_everybody_and_the_words_for_those_whom_it_concerns(world):
    county = world.county
    made = contest(world.teacher, duty(world.teacher, world.standing(world.pupil)))
    outsider = county.leader(county.school(county.township("西河镇"), "西河镇小学"))
    for asker in (world.teacher, world.leader, world.office, county.township_staff(world.township)):
        assert seen_by(asker) == {made.pk}
    for asker in (outsider, county.department_staff("culture")):
        assert seen_by(asker) == set()
    with as_asker(world.office):
        period = period_on(world.office, DAY)
        assert sum(marks.by_obligation(world.office, period).values()) == 1
        assert marks.by_body(world.office, period, "school") == {world.school.code: 1}
    culture = county.department_staff("culture")
    with as_asker(culture):
        assert OpenDispute.objects.count() == 1


def test_a_department_objects_to_being_named_as_co_organiser(world, artists):
    department, show, standing = artists
    assert standing.state == "met"
    figure = duty(department, standing)
    made = contest(department, figure, line="这次活动不是本单位协办")
    kept = stored(made)
    assert [one["id"] for one in kept.was["records"]] == [str(show.pk)]
    with as_asker(world.office):
        asked = actions.ask_side(by=world.office, dispute=made.pk, body=world.school.code)
    assert asked.asked_org == world.school.code
    assert made.pk in seen_by(world.leader)
    with as_asker(world.leader):
        page = showing.told(world.leader, queries.visible(world.leader).get(pk=made.pk))
        assert (page.now, [one.href for one in page.records]) == (
            "已完成，已有 1 / 1",
            [f"/work/gatherings/events/{show.pk}/"],
        )
        actions.state_side(by=world.leader, dispute=made.pk, statement="登记时选错了，已撤回。")
    assert "还没有更正" in refused(answer, world.office, made, "corrected", "已更正")
    with as_asker(world.leader):
        withdraw_event(by=world.leader, event=show, version=show.version, reason="协办单位选错")
    with as_system():
        assert Standing.objects.get(pk=standing.pk).state != "met"
    answer(world.office, made, "corrected", "学校已撤回，数字已更正。")
    done = stored(made)
    assert (done.state, [one["id"] for one in done.proof["gone"]]) == ("corrected", [str(show.pk)])
    assert [one["was"] for one in done.proof["changed"]] == ["met"]
    with as_system():
        assert OpenDispute.objects.count() == 0


def test_upheld_carries_the_records_that_prove_the_figure(world, artists):
    department, show, standing = artists
    made = contest(department, duty(department, standing), line="不是本单位协办")
    answer(world.office, made, "upheld", "学校存有贵单位的来函。")
    done = stored(made)
    proof = [(one["kind"], one["id"], one["source_url"]) for one in done.proof["records"]]
    assert proof == [("event", str(show.pk), f"/work/gatherings/events/{show.pk}/")]
    with as_system():
        assert Standing.objects.get(pk=standing.pk).state == "met"


def test_a_class_whose_visit_was_missing_is_corrected_by_the_visit(world):
    made = contest(world.teacher, duty(world.teacher, world.standing(world.pupil)))
    world.visit(world.pupil)
    answer(world.office, made, "corrected", "补登后已算入。")
    done = stored(made)
    assert len(done.proof["records"]) == 1
    assert done.proof["now"]["counts"] == {"met": 1}


def test_of_two_answers_the_second_is_told_and_changes_nothing(world):
    made = contest(world.teacher, rate(world.teacher, world.class_))
    answer(world.office, made)
    assert answer(world.office, made).state == "upheld"
    other = world.county.office_staff()
    assert "已经办结（维持原数）" in refused(answer, other, made, "upheld", "另一个答复")
    assert "已经办结" in refused(withdraw_it, world.teacher, made)
    assert stored(made).answer == "记录齐全"


def withdraw_it(asker, dispute):
    with as_asker(asker):
        return actions.withdraw_dispute(by=asker, dispute=dispute.pk)


def test_only_the_office_answers_and_only_the_asked_body_states(world):
    made = contest(world.teacher, rate(world.teacher, world.class_))
    for asker in (world.teacher, world.leader, world.county.department_staff("education")):
        with pytest.raises(PermissionDenied):
            answer(asker, made)
    with pytest.raises(PermissionDenied), as_asker(world.leader):
        actions.state_side(by=world.leader, dispute=made.pk, statement="我说")
    with pytest.raises(PermissionDenied):
        withdraw_it(world.leader, made)
    assert stored(made).state == "open"


def test_the_asked_body_states_once(world, artists):
    department, _show, standing = artists
    made = contest(department, duty(department, standing), line="不是本单位协办")
    with as_asker(world.office):
        assert "提出异议的单位" in refused(
            actions.ask_side, by=world.office, dispute=made.pk, body=department.body_code
        )
        actions.ask_side(by=world.office, dispute=made.pk, body=world.school.code)
        actions.ask_side(by=world.office, dispute=made.pk, body=world.school.code)
    with as_asker(world.leader):
        for _twice in range(2):
            actions.state_side(by=world.leader, dispute=made.pk, statement="是协办的")
        assert "已经说明过" in refused(actions.state_side, by=world.leader, dispute=made.pk, statement="改口")
    assert stored(made).statement == "是协办的"


def test_a_figure_that_is_gone_cannot_be_upheld(world):
    made = contest(world.teacher, duty(world.teacher, world.standing(world.pupil)))
    with as_system():
        world.pupil.enrolments.update(left_on=date(2026, 11, 10))
    world.compute()
    assert "不能维持" in refused(answer, world.office, made)
    assert answer(world.office, made, "corrected", "该生已转出。").state == "corrected"


def test_recomputing_everything_gives_the_same_and_the_dispute_stays(world):
    made = contest(world.teacher, rate(world.teacher, world.class_))
    update.recompute_all(DAY + timedelta(days=1), world.county.code)
    assert stored(made).state == "open"


def test_a_period_with_a_contested_figure_is_not_closed_until_it_is_answered(world, settings):
    dispute = contest(world.teacher, rate(world.teacher, world.class_))
    settings.TONGYU_TODAY = date(2027, 9, 10)

    def against():
        with as_asker(world.office):
            return [one.text for one in preview(world.county.code, "2026", date(2027, 9, 10)).blocked]

    assert any("还有 1 条异议没有答复" in text for text in against())
    answer(world.office, dispute)
    assert not any("异议" in text for text in against())
    far = County(622924)
    assert marks.against_closing(far.code, {(dispute.obligation_id, dispute.period_key)}) == []


def test_the_old_school_is_not_told_how_the_duty_stands_at_the_new_one(world):
    dispute = contest(world.teacher, duty(world.teacher, world.standing(world.pupil)))
    far = world.county.school(world.township, "西河镇小学")
    class_, leader = world.county.class_(far), world.county.leader(far)
    wanted = Wanted(TransferKind.BETWEEN, world.pupil.pk, DAY, "家庭住址变动", to_school=far.code)
    with as_asker(world.leader):
        move = begin_transfer(by=world.leader, id=uuid7(), wanted=wanted)
    with as_asker(leader):
        confirm_transfer(by=leader, transfer=move.pk, to_class=class_.code, day=DAY)

    def told(asker):
        with as_asker(asker):
            return showing.told(asker, queries.visible(asker).get(pk=dispute.pk)).now

    assert "不在本单位" in told(world.teacher)
    assert "不在本单位" in told(world.leader)
    assert "已有 0 /" in told(world.office)
