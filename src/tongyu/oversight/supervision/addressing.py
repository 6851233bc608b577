"""Whom the plan names: from the words of an obligation to the codes of bodies. Pure."""

from collections.abc import Iterable
from typing import Any

from tongyu.directory import codes
from tongyu.directory.kinds import DEPARTMENTS, BodyKind

OFFICE_SPEAKS_FOR = ("office", "county", "leading_group")


def office_of(county: int) -> int:
    """The code of the county's office."""
    return codes.county_body_code(county, codes.OFFICE_NUMBER)


def addressee(bearer: int) -> int:
    """Who is written to about the bearer's duties: the body itself, or the office for the county and its group."""
    county = codes.containing(bearer, BodyKind.COUNTY)
    group = codes.county_body_code(county, codes.LEADING_GROUP_NUMBER)
    return office_of(county) if bearer in (county, group) else bearer


def bodies_named(names: Iterable[str], bearer: int) -> list[int]:
    """The bodies that the plan names, as they follow from the bearer: its school, its township, a department.

    Families and venues have nobody to write to.
    """
    found = (_body(name, bearer) for name in names)
    return list(dict.fromkeys(code for code in found if code is not None))


def chain_of(rule: dict[str, Any], bearer: int) -> tuple[list[int], int | None]:
    """Those who answer for the bearer, and who supervises; nobody who has been written to before."""
    org = addressee(bearer)
    accountables = [code for code in bodies_named(rule["accountable"], bearer) if code != org]
    supervisors = bodies_named([rule["supervisor"]], bearer)
    supervisor = next((code for code in supervisors if code not in (org, *accountables)), None)
    return accountables, supervisor


def _body(name: str, bearer: int) -> int | None:
    county = codes.containing(bearer, BodyKind.COUNTY)
    township = codes.containing(bearer, BodyKind.TOWNSHIP)
    school = codes.containing(bearer, BodyKind.SCHOOL)
    if name in OFFICE_SPEAKS_FOR:
        return office_of(county)
    if name == "school":
        return school if township != county and school != township else None
    if name == "township":
        return township if township != county else None
    if name in ("class_teacher", "department:all"):
        return bearer
    department = name.removeprefix("department:")
    return codes.county_body_code(county, DEPARTMENTS[department][0]) if department in DEPARTMENTS else None
