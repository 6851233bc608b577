"""Rows of a student file as pupils: places resolved, pairs of cells compared, doubles found."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from tongyu.core.encryption import blind_index
from tongyu.core.sheets.text import Fault
from tongyu.core.sheets.values import birthday_of
from tongyu.directory.models import Body
from tongyu.directory.models.people import Relation
from tongyu.directory.roster.changes import Once, Row, Table
from tongyu.directory.roster.places import Places


@dataclass(slots=True)
class AdultRow:
    """One guardian as the file names them."""

    position: int
    name: str
    relation: str
    phone: str | None
    phone_index: bytes | None
    id_number: str | None
    id_index: bytes | None


@dataclass(slots=True)
class PupilRow:
    """One student as the file names them; None where the file says nothing."""

    row: int
    org: int
    number: str
    number_index: bytes
    name: str
    sex: int | None
    id_number: str | None
    id_index: bytes | None
    born_on: date | None
    disability: str | None
    left_behind: int | None
    single_parent: bool | None
    address: str | None
    adults: list[AdultRow] = field(default_factory=list)


def read_pupils(table: Table, places: Places) -> tuple[list[PupilRow], set[int]]:
    """The sound rows, and the codes of all schools that the file speaks of. Faults go to the table's findings."""
    numbers = Once(table, "student_number", _("学籍号"))
    id_numbers = Once(table, "id_number", _("身份证件号"))
    held: list[tuple[Row, PupilRow]] = []
    schools: set[int] = set()
    for row in table.read():
        numbers.add(row)
        id_numbers.add(row)
        school = _school(table, places, row)
        org = None
        if school:
            schools.add(school.code)
            org = _class(table, places, row, school)
        _compare(table, row)
        adults = _adults(table, row)
        if row.whole and org is not None:
            held.append((row, _pupil(row, org, adults)))
        row.values = {}
    return [pupil for row, pupil in held if row.whole], schools


def _school(table: Table, places: Places, row: Row) -> Body | None:
    if "school_code" not in row.values:
        return None
    found = places.school(row.values["school_code"])
    if isinstance(found, Fault):
        table.refuse(row, "school_code", found)
        return None
    return found


def _class(table: Table, places: Places, row: Row, school: Body) -> int | None:
    if "grade" not in row.values or "class" not in row.values:
        return None
    grade = places.grade(school, row.values["grade"])
    if isinstance(grade, Fault):
        table.refuse(row, "grade", grade)
        return None
    found = places.class_code(school, *grade, row.values["class"])
    if isinstance(found, Fault):
        table.refuse(row, "class", found)
        return None
    return found


def _compare(table: Table, row: Row) -> None:
    """Birthday and identity number must agree."""
    id_number, born_on = row.values.get("id_number"), row.values.get("born_on")
    if id_number and born_on and birthday_of(id_number) != born_on:
        text = _("出生日期与身份证件号里的 %(day)s 不一致。") % {"day": birthday_of(id_number)}
        table.refuse(row, "born_on", Fault("birthday_differs", text))


GUARDIANS = tuple(
    (n, f"guardian{n}_name", f"guardian{n}_relation", f"guardian{n}_phone", f"guardian{n}_id") for n in (1, 2)
)
"""Position, and the keys of the columns that name the adult."""


def _adults(table: Table, row: Row) -> list[AdultRow]:
    adults: list[AdultRow] = []
    get = row.values.get
    for position, key, relation_key, phone_key, id_key in GUARDIANS:
        name = get(key)
        relation, phone, id_number = get(relation_key), get(phone_key), get(id_key)
        if name is not None:
            adults.append(_adult(position, name, relation, phone, id_number))
        elif (relation or phone or id_number) and (row.number, table.place(key)) not in table.findings.faults:
            table.refuse(row, key, Fault("guardian_name", _("填了监护人的关系或电话，却没有姓名。")))
    if len(adults) == 2 and same_adult(*adults):
        table.refuse(row, "guardian2_name", Fault("guardian_twice", _("监护人2 与监护人1 是同一个人。")))
    pupil = get("id_number")
    if pupil and pupil in [adult.id_number for adult in adults]:
        table.refuse(row, "guardian1_name", Fault("guardian_is_pupil", _("监护人的身份证件号与学生的相同。")))
    return adults


def _adult(
    position: int, name: str, relation: str | None, phone: str | None, id_number: str | None
) -> AdultRow:
    return AdultRow(
        position,
        name,
        relation or Relation.OTHER,
        phone,
        blind_index(phone) if phone else None,
        id_number,
        blind_index(id_number) if id_number else None,
    )


def same_adult(one: Any, other: Any) -> bool:
    """The same identity number, or the same name with the same telephone (or none on both sides)."""
    if one.id_index and other.id_index:
        return bool(one.id_index == other.id_index)
    return bool(one.name == other.name and one.phone_index == other.phone_index)


def _pupil(row: Row, org: int, adults: list[AdultRow]) -> PupilRow:
    values = row.values
    id_number = values.get("id_number")
    disability = values.get("disability")
    return PupilRow(
        row=row.number,
        org=org,
        number=values["student_number"],
        number_index=blind_index(values["student_number"]),
        name=values["name"],
        sex=int(values["sex"]) if "sex" in values else None,
        id_number=id_number,
        id_index=blind_index(id_number) if id_number else None,
        born_on=values.get("born_on") or (birthday_of(id_number) if id_number else None),
        disability=None if disability is None else ("" if disability == "0" else disability),
        left_behind=int(values["left_behind"]) if "left_behind" in values else None,
        single_parent=values.get("single_parent"),
        address=values.get("address"),
        adults=adults,
    )
