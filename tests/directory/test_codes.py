"""The organisation code: what lies inside what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind, Stage
from tongyu.directory.models import Body

COUNTY = codes.county_code(622923)


@given(
    township=st.integers(100, 999),
    school=st.integers(1, 999),
    stage=st.sampled_from(list(Stage)),
    year=st.integers(2010, 2090),
    number=st.integers(1, 99),
)
def test_every_body_lies_inside_the_one_above_it(township, school, stage, year, number):
    chain = [(COUNTY, BodyKind.COUNTY)]
    chain.append((codes.township_code(622923_000 + township), BodyKind.TOWNSHIP))
    chain.append((codes.school_code_in(chain[-1][0], school), BodyKind.SCHOOL))
    chain.append((codes.grade_code(chain[-1][0], stage, year), BodyKind.GRADE))
    chain.append((codes.class_code(chain[-1][0], number), BodyKind.SCHOOL_CLASS))
    leaf = chain[-1][0]
    for code, kind in chain:
        assert code <= leaf < codes.upper(code, kind)
        assert codes.containing(leaf, kind) == code


def test_a_department_holds_no_township():
    department = codes.county_body_code(COUNTY, 3)
    township = codes.township_code(622923_100)
    assert not department <= township < codes.upper(department, BodyKind.DEPARTMENT)


@pytest.mark.parametrize("number", [0, 1000])
def test_numbers_outside_their_digits_are_refused(number):
    with pytest.raises(ValueError, match="outside"):
        codes.school_code_in(codes.township_code(622923_100), number)


@pytest.mark.parametrize(
    ("stage", "entry_year", "number", "name"),
    [
        (Stage.PRIMARY, 2023, 1, "四年级1班"),
        (Stage.PRIMARY, 2018, 2, "九年级2班"),
        (Stage.JUNIOR, 2026, None, "七年级"),
        (Stage.SENIOR, 2024, 3, "高三3班"),
        (Stage.KINDERGARTEN, 2026, 1, "小班1班"),
        (Stage.PRIMARY, 2010, 1, "2010级1班"),
    ],
)
def test_the_grades_number_follows_from_the_school_year(stage, entry_year, number, name):
    body = Body(stage=stage, entry_year=entry_year, number=number, name="-")
    assert body.grade_name_on(2026) == name
