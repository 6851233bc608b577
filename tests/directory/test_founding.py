"""A county begins: its upper bodies, two people, nothing else; once."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from support.county import County, as_system
from tongyu.directory import codes
from tongyu.directory.founding import FirstPerson, NewCounty, found_county
from tongyu.directory.hats import hats_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Account, Body, Staff
from tongyu.directory.roles import OfficeStaff, SystemAdmin

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
ELSEWHERE = NewCounty(
    division=623099,
    name="虚构县",
    since=date(2024, 1, 30),
    leading_group="虚构县协同育人工作领导小组",
    office="虚构县协同育人工作领导小组办公室",
    townships={623099100: "甲镇", 623099200: "乙乡"},
    administrator=FirstPerson("管理员甲", "guanli"),
    office_person=FirstPerson("办公室乙", "bangong"),
    departments={"culture": "虚构县文旅局"},
)


def refused(county):
    with pytest.raises(ValidationError) as caught:
        found_county(county, DAY)
    return "".join(caught.value.messages)


def test_the_upper_bodies_stand_and_two_people_sign_in():
    first = found_county(ELSEWHERE, DAY)
    bodies = Body.objects.within(codes.county_code(623099), codes.county_code(623100))
    kinds = {kind: bodies.filter(kind=kind).count() for kind in BodyKind}
    assert (kinds[BodyKind.COUNTY], kinds[BodyKind.DEPARTMENT], kinds[BodyKind.TOWNSHIP]) == (1, 14, 2)
    assert bodies.get(key="culture").name == "虚构县文旅局"
    assert [one.role for one in first] == [SystemAdmin, OfficeStaff]
    for one in first:
        account = Account.objects.get(username=one.username)
        assert account.check_password(one.password)
        assert account.password_given
        with as_system():
            assert [hat.asker.role for hat in hats_of(account, DAY)] == [one.role]


def test_a_county_that_stands_is_left_alone():
    found_county(ELSEWHERE, DAY)
    assert "已经建立" in refused(ELSEWHERE)
    assert Account.objects.filter(username__in=("guanli", "bangong")).count() == 2


def test_a_township_of_another_county_is_refused_and_nothing_is_kept():
    assert "不以 623099 开头" in refused(replace(ELSEWHERE, townships={622923100: "刘家峡镇"}))
    assert not Body.objects.filter(pk=codes.county_code(623099)).exists()


def test_names_must_be_free_and_different():
    Account.objects.create_user("guanli")
    assert "guanli 已有人使用" in refused(ELSEWHERE)
    assert "要不同" in refused(replace(ELSEWHERE, office_person=FirstPerson("乙", "guanli")))


def test_no_real_county_beside_invented_people():
    county = County()
    with as_system():
        Staff.objects.create(org=county.code, name="虚构", invented=True)
    assert "演示县" in refused(ELSEWHERE)
