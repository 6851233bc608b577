"""From the class list to the new class, over HTTP: who sees what before the day and after it."""

import re
from datetime import date, timedelta

import pytest

from support.county import as_system, signed_in
from tongyu.core.ids import uuid7
from tongyu.directory.models import Student, Transfer, TransferKind
from tongyu.directory.transfers.carrying import carry_out_due

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
TOMORROW = DAY + timedelta(days=1)
LIST, STUDENTS = "/transfers/", "/directory/students/"


def page(asker, where, status=200):
    answer = signed_in(asker).get(where)
    assert answer.status_code == status, (where, answer.status_code)
    return answer.content.decode()


def begin(story, to, **fields):
    """The form sent for good by the old school's leader."""
    sent = {"id": str(uuid7()), "day": "2026-11-23", "reason": "家庭住址变动", "confirmed": "1", **fields}
    return signed_in(story.leader).post(f"/transfers/new/{story.pupil.pk}/?to={to}", sent, follow=True)


def told(answer):
    """The page as text."""
    return answer.content.decode()


def stood():
    with as_system():
        return Transfer.objects.get()


def confirm(story, row, **fields):
    sent = {"to_class": story.other_class.code, "day": "2026-11-23", **fields}
    return signed_in(story.other_leader).post(f"/transfers/{row.pk}/confirm/", sent, follow=True)


def test_the_leader_goes_from_the_class_list_to_the_form_and_the_teacher_has_no_such_link(story):
    where = f"/transfers/new/{story.pupil.pk}/"
    assert where in page(story.leader, STUDENTS)
    assert "/transfers/new/" not in page(story.teacher, STUDENTS)
    html = page(story.leader, where)
    assert ("西河镇小学" in html, 'value="2026-11-23"' in html) == (True, True)
    assert "太极镇中心小学" not in re.findall(r'<datalist id="schools">.*?</datalist>', html)[0]


def test_a_school_is_found_by_a_part_of_its_name_and_looked_at_again(story):
    where = f"/transfers/new/{story.pupil.pk}/?to=between"
    client = signed_in(story.leader)
    sent = {"id": str(uuid7()), "to_school": "西河", "day": "2026-11-23", "reason": "家庭住址变动"}
    html = client.post(where, sent).content.decode()
    assert "马小兰（四年级1班）转到西河镇小学，自2026年11月23日起。" in html
    assert "由接收学校安排" in html
    with as_system():
        assert not Transfer.objects.exists()
    client.post(where, {**sent, "wish": story.other_class.code, "confirmed": "1"})
    row = stood()
    assert (row.state, row.to_school, row.wish) == (
        "proposed",
        story.other_school.code,
        story.other_class.code,
    )


def test_words_that_fit_no_school_or_several_are_answered_with_names(story):
    story.county.school(story.county.township("三塬镇"), "三塬镇小学")
    answer = begin(story, "between", to_school="小学")
    assert (answer.status_code, "有 2 所学校符合，请写全校名：西河镇小学、三塬镇小学" in told(answer)) == (
        422,
        True,
    )
    assert "没有叫这个名字" in told(begin(story, "between", to_school="月球小学"))
    assert "没有叫这个名字" in told(begin(story, "between", to_school="太极镇中心小学"))


def test_one_may_go_back_from_the_check_with_everything_as_entered(story):
    answer = begin(story, "between", to_school="西河镇小学", change="1", reason="父母回乡")
    assert re.search(r'name="reason" value="父母回乡"', told(answer))
    with as_system():
        assert not Transfer.objects.exists()


def test_the_receiving_school_sees_name_and_counts_and_no_word_of_a_record(story, visit):
    story.county.guardian(story.pupil, "暗号家长")
    visit(story.teacher, story.pupil)
    begin(story, "between", to_school="西河镇小学")
    html = page(story.other_leader, LIST)
    assert ("等本校确认" in html, "马小兰" in html) == (True, True)
    assert re.search(r"转学.{0,200}<span[^>]*>1</span>", html, re.DOTALL)
    html = page(story.other_leader, f"/transfers/{stood().pk}/")
    assert ("1 名监护人" in html, "班主任家访" in html, "本期 1 次，要求 1 次" in html) == (True, True, True)
    assert ("暗号家长" in html, "聊了学习" in html) == (False, False)
    for where in (STUDENTS, "/work/families/home_visits/"):
        assert "马小兰" not in page(story.other_leader, where)


def test_both_schools_and_both_teachers_before_and_after_the_day(story, visit, settings):
    """Before the day the old ones see the pupil and the new ones do not; from the day on it is the other way round."""
    visit(story.teacher, story.pupil)
    begin(story, "between", to_school="西河镇小学", day=str(TOMORROW))
    confirm(story, stood(), day=str(TOMORROW))
    old, new = (story.leader, story.teacher), (story.other_leader, story.other_teacher)

    def seen(asker):
        visits = page(asker, "/work/families/home_visits/")
        return ("马小兰" in page(asker, STUDENTS), "马小兰" in visits)

    assert [seen(one) for one in old] == [(True, True)] * 2
    assert [seen(one) for one in new] == [(False, False)] * 2
    assert all("马小兰" in page(one, LIST) for one in (*old, *new))
    assert "11月24日起转走" in page(story.teacher, "/class/")
    assert "11月24日起到本班" in page(story.other_teacher, "/class/")
    settings.TONGYU_TODAY = TOMORROW
    with as_system("directory.due_transfers"):
        carry_out_due(TOMORROW)
    assert [seen(one) for one in old] == [(False, False)] * 2
    assert [seen(one) for one in new] == [(True, True)] * 2
    assert [("马小兰" in page(one, LIST)) for one in (*old, *new)] == [False, False, True, True]
    assert "已转出的学生" in page(story.leader, LIST)
    assert "马小兰" not in page(story.leader, f"/transfers/{stood().pk}/")


def test_the_teacher_of_the_wished_class_sees_nothing_before_the_school_has_confirmed(story):
    begin(story, "between", to_school="西河镇小学", wish=story.other_class.code)
    assert "马小兰" not in page(story.other_teacher, LIST)
    page(story.other_teacher, f"/transfers/{stood().pk}/", 404)
    confirm(story, stood(), day=str(TOMORROW))
    assert "马小兰" in page(story.other_teacher, LIST)


def test_visits_made_before_are_read_as_made_by_the_receiving_school(story, visit):
    visit(story.teacher, story.pupil)
    begin(story, "between", to_school="西河镇小学")
    confirm(story, stood())
    html = page(story.other_leader, f"/duties/home-visit/{story.other_class.code}/")
    assert ("马小兰" in html, "100" in html) == (True, True)
    assert "聊了学习" not in page(story.other_leader, "/work/families/home_visits/")


def test_confirming_asks_for_a_class_and_a_day_that_can_be(story):
    begin(story, "between", to_school="西河镇小学")
    answer = confirm(story, stood(), to_class="")
    assert (answer.status_code, "请选择安排到哪个班。" in told(answer)) == (422, True)
    assert confirm(story, stood(), to_class=story.second.code).status_code == 422
    assert confirm(story, stood(), day="2026-08-01").status_code == 422
    answer = confirm(story, stood())
    assert "已转入" in told(answer)


def test_a_double_click_on_confirm_hears_the_same_and_a_second_leader_that_it_is_done(story):
    begin(story, "between", to_school="西河镇小学")
    row = stood()
    assert ["已转入" in told(confirm(story, row)) for _click in range(2)] == [True, True]
    deputy = story.county.leader(story.other_school)
    sent = {"to_class": story.other_class.code, "day": "2026-11-23"}
    answer = signed_in(deputy).post(f"/transfers/{row.pk}/confirm/", sent, follow=True)
    assert "已经办好了" in told(answer)


def test_the_same_form_sent_twice_moves_once_though_the_pupil_is_gone_by_then(story):
    key = str(uuid7())
    answers = [begin(story, "away", id=key, elsewhere="兰州") for _click in range(2)]
    assert [("已办好" in told(one), one.status_code) for one in answers] == [(True, 200)] * 2
    assert stood().kind == TransferKind.AWAY


def test_declining_needs_a_reason_which_the_old_school_reads(story):
    begin(story, "between", to_school="西河镇小学")
    row = stood()
    client = signed_in(story.other_leader)
    assert "请填写" in told(client.post(f"/transfers/{row.pk}/decline/", {"reason": " "}, follow=True))
    client.post(f"/transfers/{row.pk}/decline/", {"reason": "班额已满"})
    html = page(story.leader, f"/transfers/{row.pk}/")
    assert ("班额已满" in html, "接收学校退回" in html, "马小兰" in html) == (True, True, True)
    assert "马小兰" not in page(story.other_leader, f"/transfers/{row.pk}/")
    assert "不能再确认" in told(confirm(story, row)) or "已经退回" in told(confirm(story, row))


def test_withdrawing_is_for_the_school_that_began_it(story):
    begin(story, "between", to_school="西河镇小学")
    row = stood()
    assert (
        signed_in(story.other_leader).post(f"/transfers/{row.pk}/withdraw/", {"reason": "x"}).status_code
        == 403
    )
    assert signed_in(story.leader).post(f"/transfers/{row.pk}/decline/", {"reason": "x"}).status_code == 403
    signed_in(story.leader).post(f"/transfers/{row.pk}/withdraw/", {"reason": "家长改了主意"})
    assert stood().state == "withdrawn"


def test_an_open_transfer_is_shown_instead_of_a_second_form(story):
    begin(story, "between", to_school="西河镇小学")
    assert "11月23日 县内转学" in page(story.leader, STUDENTS)
    answer = signed_in(story.leader).get(f"/transfers/new/{story.pupil.pk}/", follow=True)
    assert ("已有一项转学正在办理" in told(answer), answer.redirect_chain[-1][0]) == (
        True, f"/transfers/{stood().pk}/",
    )  # fmt: skip


def test_a_pupil_from_outside_is_entered_with_errors_at_their_fields(story):
    client = signed_in(story.leader)
    sent = {
        "id": str(uuid7()), "name": "祁小山", "student_number": "L000000000000000123", "to_class": story.class_.code,
        "day": "2026-11-23", "reason": "父母回乡", "guardian1_name": "祁大山", "guardian1_phone": "12",
    }  # fmt: skip
    answer = client.post("/transfers/arrival/", sent)
    assert (answer.status_code, "id_guardian1_phone_error" in told(answer)) == (422, True)
    answer = client.post("/transfers/arrival/", {**sent, "guardian1_phone": "13800000001"}, follow=True)
    assert "祁小山已转入" in told(answer)
    assert "祁小山" in page(story.teacher, STUDENTS)
    with as_system():
        assert Student.objects.filter(name="祁小山").count() == 1


def test_lists_that_are_empty_say_so(story):
    for asker in (story.leader, story.teacher, story.county.office_staff()):
        assert "还没有转学" in page(asker, LIST)


def test_the_list_asks_as_often_for_one_move_as_for_many(story, django_assert_max_num_queries):
    pupils = [story.county.pupil(story.class_, f"学生{number}") for number in range(6)]
    for pupil in pupils:
        story.propose(pupil)
    client = signed_in(story.other_leader)
    client.get(LIST)
    with django_assert_max_num_queries(16):
        assert "学生5" in client.get(LIST).content.decode()
