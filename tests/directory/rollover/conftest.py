"""A primary school of six cohorts with two classes in the last, a nine-year school, and the people of both."""

import pytest

from support.county import County
from support.rollover import NEW_YEAR, new_year
from tongyu.directory.kinds import SchoolKind


@pytest.fixture
def county(db, settings):
    made = County()
    new_year(made)
    settings.TONGYU_TODAY = NEW_YEAR
    return made


@pytest.fixture
def township(county):
    return county.township("太极镇")


@pytest.fixture
def school(county, township):
    return county.school(township, "太极镇中心小学")


@pytest.fixture
def nine_year(county, township):
    return county.school(township, "太极镇九年制学校", kind=SchoolKind.NINE_YEAR)


@pytest.fixture
def classes(county, school):
    """By entry year and number: 2021 is the sixth grade of 2026—2027 and has two classes."""
    made = {(year, 1): county.class_(school, year, 1) for year in range(2021, 2027)}
    made[2021, 2] = county.class_(school, 2021, 2)
    return made


@pytest.fixture
def office(county):
    return county.office_staff()


@pytest.fixture
def leader(county, school):
    return county.leader(school)
