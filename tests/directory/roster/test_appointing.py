"""Rosters of staff: the roles a file gives, those it ends, and those it leaves alone."""

from datetime import date, timedelta

import pytest

from support.county import DAY, as_asker, as_system
from support.roster import OTHER_SCHOOL, SCHOOL, Silent, bring_in, check, id_number, stored, workbook
from tongyu.core.jobs import JobRefused
from tongyu.core.models import JobProgress
from tongyu.directory.models import Appointment, RosterImport, Staff
from tongyu.directory.roster import actions
from tongyu.records.models import Revision

pytestmark = pytest.mark.django_db
HEADERS = ["姓名", "身份证件号", "学校标识码", "单位名称", "职务", "班主任班级", "任教班级"]


def member(order, name="马老师", *, code=SCHOOL, body="", role="", leads="", teaches=""):
    """One row of a staff file."""
    return [name, id_number(order, "19800101"), code, body, role, leads, teaches]


def staff_file(*rows):
    return workbook(rows, HEADERS)


def check_staff(asker, *rows):
    return check(asker, staff_file(*rows), kind="staff")


def import_staff(asker, *rows):
    return bring_in(asker, staff_file(*rows), kind="staff")


def faults(row):
    return [(number, HEADERS[column], code) for number, column, code, _reason in row.faults]


def roles_of(name):
    """Role, body, first day and end of everything the person holds or held."""
    with as_system():
        rows = Appointment.objects.filter(staff__name=name).order_by("role", "org")
        return list(rows.values_list("role", "org", "from_day", "until_day"))


@pytest.fixture
def third_two(county, school):
    """三年级2班."""
    return county.class_(school, 2024, 2)


@pytest.fixture
def third_one(county, school):
    """三年级1班."""
    return county.class_(school, 2024, 1)


def test_a_first_staff_file_appoints_everybody_at_the_bodies_it_names(
    office, county, school, third_one, third_two
):
    counts = import_staff(
        office,
        member(1, "王校长", role="党支部书记、校长（兼）"),
        member(2, "马老师", role="班主任", leads="三年级 2班", teaches="三（1）班、2班"),
        member(3, "李老师", role="任课教师", teaches="三年级1班、2班"),
        member(4, "张干部", code="", body="太极镇", role="乡镇工作人员"),
        member(5, "赵局长", code="", body="县教育局", role="部门工作人员"),
        member(6, "孙师傅", role="工勤人员"),
    )
    assert counts == {"new": 6, "posts_new": 7}
    place = {"township": county.code + 101 * 10**8}
    assert roles_of("王校长") == [("school_leader", school.code, DAY, None)]
    assert roles_of("马老师") == [
        ("class_teacher", third_two.code, DAY, None),
        ("subject_teacher", third_one.code, DAY, None),
    ]
    assert roles_of("李老师") == [
        ("subject_teacher", third_one.code, DAY, None),
        ("subject_teacher", third_two.code, DAY, None),
    ]
    assert roles_of("张干部") == [("township_staff", place["township"], DAY, None)]
    assert roles_of("赵局长") == [("department_staff", county.departments["education"].code, DAY, None)]
    assert roles_of("孙师傅") == []


def test_the_same_staff_file_again_changes_nothing(office, third_one, third_two):
    rows = [member(1, role="班主任", leads="三年级2班"), member(2, "李老师", teaches="三年级1班")]
    import_staff(office, *rows)
    before = roles_of("马老师"), roles_of("李老师")
    assert import_staff(office, *rows) == {"unchanged": 2, "posts_unchanged": 2}
    assert (roles_of("马老师"), roles_of("李老师")) == before


def test_a_class_teacher_without_a_class_of_their_own_leads_the_only_class_they_teach(office, third_two):
    import_staff(office, member(1, role="班主任", teaches="三年级2班"))
    assert roles_of("马老师") == [("class_teacher", third_two.code, DAY, None)]


def test_another_class_teacher_ends_the_former_one_the_day_before(office, county, school, third_two):
    former = county.staff(school, "周老师")
    county.teacher(third_two, staff=former)
    county.subject_teacher(third_two, staff=former)
    row = check_staff(office, member(1, role="班主任", leads="三年级2班"))
    shown = {
        kind: [(one["name"], one["what"]) for one in listed]
        for kind, listed in row.summary["examples"].items()
    }
    assert shown == {
        "new": [("马老师", "")],
        "posts_ended": [("周老师", "班主任")],
        "posts_new": [("马老师", "班主任")],
    }
    counts = import_staff(office, member(1, role="班主任", leads="三年级2班"))
    assert counts == {"new": 1, "posts_new": 1, "posts_ended": 1}
    assert roles_of("周老师") == [
        ("class_teacher", third_two.code, date(2026, 9, 1), DAY),
        ("subject_teacher", third_two.code, date(2026, 9, 1), None),
    ]
    assert roles_of("马老师") == [("class_teacher", third_two.code, DAY, None)]
    with as_asker(office):
        assert list(Revision.objects.values_list("kind", "act", "reason", "by_account")) == [
            ("appointment", "corrected", "教职工名册里是另一位班主任", office.account_id)
        ]


def test_nobody_loses_a_role_by_being_absent_from_a_file(office, county, school, third_one, third_two):
    county.teacher(third_one, staff=county.staff(school, "周老师"))
    import_staff(office, member(1, leads="三年级2班"))
    assert roles_of("周老师") == [("class_teacher", third_one.code, date(2026, 9, 1), None)]


def test_a_class_teacher_already_appointed_for_later_takes_over_then(office, county, school, third_two):
    later = DAY + timedelta(days=30)
    with as_system():
        Appointment.objects.create(
            org=third_two.code, role="class_teacher", staff=county.staff(school, "周老师"), from_day=later,
            entered_at="2026-11-01T00:00Z",
        )  # fmt: skip
    import_staff(office, member(1, leads="三年级2班"))
    assert roles_of("马老师") == [("class_teacher", third_two.code, DAY, later)]


def test_who_has_an_account_wears_the_new_hat_at_once(office, county, school, third_two):
    import_staff(office, member(1))
    with as_system():
        account = county.staff(school, "另一位").account
        Staff.objects.filter(name="另一位").update(account=None)
        Staff.objects.filter(name="马老师").update(account=account)
    import_staff(office, member(1, leads="三年级2班"))
    with as_system():
        assert Appointment.objects.get(staff__name="马老师").account_id == account.pk


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"role": "厨师长"}, ("职务", "unknown_role")),
        ({"role": "乡镇工作人员"}, ("职务", "role_not_here")),
        ({"role": "校长", "code": "", "body": "县教育局"}, ("职务", "role_not_here")),
        ({"leads": "三年级2班", "code": "", "body": "太极镇"}, ("班主任班级", "role_not_here")),
        ({"role": "法治副校长"}, ("职务", "role_not_by_roster")),
        ({"role": "系统管理员"}, ("职务", "role_not_by_roster")),
        ({"leads": "三年级9班"}, ("班主任班级", "no_such_class")),
        ({"teaches": "三年级2班、五年级1班"}, ("任教班级", "no_such_class")),
        ({"teaches": "九年级1班"}, ("任教班级", "unknown_grade")),
        ({"teaches": "语文"}, ("任教班级", "unknown_class")),
        ({"role": "班主任"}, ("班主任班级", "which_class")),
        ({"role": "任课教师"}, ("任教班级", "which_class")),
    ],
)
def test_a_role_that_cannot_be_is_a_fault_at_its_cell(office, third_two, cells, found):
    row = check_staff(office, member(2, "李老师", teaches="三年级2班"), member(1, **cells))
    assert (row.state, faults(row)) == ("faulty", [(4, *found)])
    assert all(reason for _row, _column, _code, reason in row.faults)


def test_two_class_teachers_for_one_class_are_a_fault_on_both_rows(office, third_two):
    row = check_staff(
        office, member(1, leads="三年级2班"), member(2, "李老师", role="班主任", teaches="三(2)班")
    )
    assert row.faults == [
        [3, 5, "two_class_teachers", "第 4 行也是这个班的班主任，一个班只能有一位。"],
        [4, 6, "two_class_teachers", "第 3 行也是这个班的班主任，一个班只能有一位。"],
    ]


def test_a_class_teacher_of_today_is_not_ended_today(office, third_two):
    import_staff(office, member(1, leads="三年级2班"))
    assert faults(check_staff(office, member(2, "李老师", leads="三年级2班"))) == [
        (3, "班主任班级", "appointed_today")
    ]


def test_a_school_appoints_its_teachers_but_not_its_leaders(leader, third_two):
    assert faults(check_staff(leader, member(1, role="副校长"))) == [(3, "职务", "role_not_yours")]
    assert import_staff(leader, member(1, leads="三年级2班")) == {"new": 1, "posts_new": 1}


def test_a_leader_who_is_one_already_may_stand_in_the_schools_file(leader, office, third_two):
    import_staff(office, member(1, "王校长", role="校长"))
    assert import_staff(leader, member(1, "王校长", role="校长")) == {"unchanged": 1, "posts_unchanged": 1}


def test_an_import_asks_for_the_countys_duties_to_be_recomputed(office, county, third_two):
    import_staff(office, member(1, leads="三年级2班"))
    with as_asker(office):
        assert JobProgress.objects.filter(kind="duties.full", org=county.code).count() == 1


def since_september():
    """As if all roles had begun with the school year."""
    with as_system():
        Appointment.objects.filter(staff__name="马老师").update(from_day=date(2026, 9, 1))


def test_who_moves_to_another_school_leaves_the_roles_of_the_former_one(
    office, county, school, other_school, third_two
):
    there = county.class_(other_school, 2024, 1)
    import_staff(office, member(1, role="校长", leads="三年级2班"))
    since_september()
    counts = import_staff(office, member(1, code=OTHER_SCHOOL, leads="三年级1班"))
    assert counts == {"changed": 1, "posts_new": 1, "posts_ended": 2}
    assert roles_of("马老师") == sorted(
        [
            ("class_teacher", third_two.code, date(2026, 9, 1), DAY),
            ("class_teacher", there.code, DAY, None),
            ("school_leader", school.code, date(2026, 9, 1), DAY),
        ]
    )


def test_who_comes_back_into_service_brings_no_role_along(office, leader, school, third_two):
    import_staff(office, member(1, role="校长"))
    since_september()
    with as_system():
        Staff.objects.filter(name="马老师").update(left_on=date(2026, 10, 1))
    assert import_staff(leader, member(1)) == {"changed": 1, "posts_ended": 1}
    assert roles_of("马老师") == [("school_leader", school.code, date(2026, 9, 1), DAY)]


def test_another_class_teacher_since_the_preview_stops_the_import(office, county, school, third_two):
    old = county.teacher(third_two, staff=county.staff(school, "甲老师"))
    row = check_staff(office, member(1, leads="三年级2班"))
    with as_system():
        Appointment.objects.filter(pk=old.appointment_id).update(until_day=date(2026, 10, 1))
    county.teacher(third_two, staff=county.staff(school, "乙老师"), from_day=date(2026, 10, 1))
    with as_asker(office):
        row = actions.import_roster(by=office, roster=row)
        with pytest.raises(JobRefused, match="预览之后"):
            actions.run_import(Silent(), str(row.pk), stored(office))
    assert roles_of("乙老师") == [("class_teacher", third_two.code, date(2026, 10, 1), None)]


def test_who_lost_the_role_before_the_import_runs_imports_nothing(leader, third_two):
    row = check_staff(leader, member(1, leads="三年级2班"))
    with as_asker(leader):
        row = actions.import_roster(by=leader, roster=row)
    with as_system():
        Appointment.objects.filter(pk=leader.appointment_id).update(until_day=DAY)
    with as_asker(leader), pytest.raises(JobRefused, match="职务"):
        actions.run_import(Silent(), str(row.pk), stored(leader))
    assert roles_of("马老师") == []


def test_a_check_delivered_twice_leaves_the_first_answer(office, third_two):
    row = check_staff(office, member(1, leads="三年级2班"))
    before = (row.state, row.summary, bytes(row.content))
    with as_asker(office):
        actions.check_roster(Silent(), str(row.pk), stored(office))
        row.refresh_from_db()
        assert (row.state, row.summary, bytes(row.content)) == before


def test_an_upload_whose_job_was_given_up_can_be_dropped(office, third_two):
    row = check_staff(office, member(1, leads="三年级2班"))
    with as_asker(office):
        row = actions.import_roster(by=office, roster=row)
        actions.abandon_roster(roster_id=str(row.pk), asker={})
        row.refresh_from_db()
        assert (row.state, row.message) == ("unreadable", "任务多次中断，什么都没有保存。请重新上传。")
        actions.cancel_roster(by=office, roster=row)
        assert RosterImport.objects.get(pk=row.pk).state == "cancelled"
