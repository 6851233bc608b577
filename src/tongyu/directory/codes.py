"""The organisation code: a place in the tree as one integer, so that "inside" is two comparisons.

Seventeen digits: county 6 (its division code) · township 3 · school 3 · cohort 3 (stage digit and entry
year) · class 2. A body's jurisdiction is the half-open range `[code, code + width)`. Bodies directly under
the county (departments, the leading group, its office) stand in township 000.
"""

from tongyu.directory.kinds import BodyKind

WIDTH = {
    BodyKind.COUNTY: 10**11,
    BodyKind.TOWNSHIP: 10**8,
    BodyKind.DEPARTMENT: 10**5,
    BodyKind.LEADING_GROUP: 10**5,
    BodyKind.OFFICE: 10**5,
    BodyKind.SCHOOL: 10**5,
    BodyKind.GRADE: 10**2,
    BodyKind.SCHOOL_CLASS: 1,
}
LEADING_GROUP_NUMBER = 900
OFFICE_NUMBER = 901


def county_code(division: int) -> int:
    """The code of a county from its six-digit division code."""
    return division * WIDTH[BodyKind.COUNTY]


def township_code(division: int) -> int:
    """The code of a township from its nine-digit division code."""
    return division * WIDTH[BodyKind.TOWNSHIP]


def school_code_in(township: int, number: int) -> int:
    """The code of the `number`-th school (1–999) of the township with that code."""
    return township + _within(number, 1, 999) * WIDTH[BodyKind.SCHOOL]


def county_body_code(county: int, number: int) -> int:
    """The code of the `number`-th body directly under the county: department, leading group, office."""
    return county + _within(number, 1, 999) * WIDTH[BodyKind.DEPARTMENT]


def grade_code(school: int, stage: int, entry_year: int) -> int:
    """The code of a cohort (级): the stage it entered and the year it did so."""
    return school + (_within(stage, 0, 9) * 100 + entry_year % 100) * WIDTH[BodyKind.GRADE]


def class_code(grade: int, number: int) -> int:
    """The code of the `number`-th class (1–99) of a cohort."""
    return grade + _within(number, 1, 99)


def upper(code: int, kind: BodyKind | str) -> int:
    """The exclusive upper end of the code range of a body of that kind."""
    return code + WIDTH[BodyKind(kind)]


def containing(code: int, kind: BodyKind | str) -> int:
    """The code of the body of `kind` in whose range `code` lies."""
    width = WIDTH[BodyKind(kind)]
    return code - code % width


def _within(number: int, low: int, high: int) -> int:
    if not low <= number <= high:
        raise ValueError(f"{number} is outside {low}…{high}")
    return number
