"""A county with two schools, and the people who import rosters."""

import pytest

from support.county import County
from support.roster import OTHER_SCHOOL, SCHOOL


@pytest.fixture
def county(db):
    return County()


@pytest.fixture
def township(county):
    return county.township("太极镇")


@pytest.fixture
def school(county, township):
    return county.school(township, "太极镇中心小学", school_code=SCHOOL)


@pytest.fixture
def other_school(county, township):
    return county.school(township, "太极镇第二小学", school_code=OTHER_SCHOOL)


@pytest.fixture
def office(county, school, other_school):
    return county.office_staff()


@pytest.fixture
def leader(county, school, other_school):
    return county.leader(school)
