"""Rosters of staff: whose employer a name is."""

from datetime import date

import pytest

from support.county import County, as_system
from support.roster import SCHOOL, bring_in, check, id_number, workbook
from tongyu.directory.models import Staff

HEADERS = ["姓名", "身份证件号", "学校标识码", "单位名称"]


def staff_roster(*rows):
    return workbook(
        [["马老师", id_number(order, "19800101"), *row] for order, row in enumerate(rows, 1)], HEADERS
    )


@pytest.mark.django_db
def test_a_name_that_two_bodies_bear_is_asked_for_by_code(county, school, office):
    county.school(county.township("岘塬镇"), school.name, school_code="2162000009")
    row = check(office, staff_roster(["", school.name], [SCHOOL, ""]), kind="staff")
    assert [(number, code) for number, _column, code, _reason in row.faults] == [(3, "ambiguous_body")]
    assert not Staff.objects.filter(name="马老师").exists()


@pytest.mark.django_db
def test_a_leader_cannot_enter_staff_of_another_school(leader, other_school):
    row = check(leader, staff_roster(["", other_school.name]), kind="staff")
    assert [fault[2] for fault in row.faults] == ["foreign_school"]


@pytest.mark.django_db
def test_who_left_one_county_may_work_in_another_one_of_the_installation(county, school, office):
    far = County(622924)
    far.school(far.township("外县镇"), "外县小学", school_code="2162000099")
    there = far.office_staff()
    assert bring_in(office, staff_roster([SCHOOL, ""]), kind="staff")["new"] == 1
    refused = check(there, staff_roster(["2162000099", ""]), kind="staff")
    assert [fault[2] for fault in refused.faults] == ["employed_elsewhere"]
    with as_system():
        Staff.objects.filter(name="马老师").update(left_on=date(2026, 11, 1))
    assert bring_in(there, staff_roster(["2162000099", ""]), kind="staff")["new"] == 1
    with as_system():
        assert Staff.objects.filter(name="马老师", left_on=None).get().org // 10**11 == far.code // 10**11
    back = check(office, staff_roster([SCHOOL, ""]), kind="staff")
    assert [fault[2] for fault in back.faults] == ["employed_elsewhere"]
