"""The roll as it stands: what the rows of a student file are compared with."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import associated_data, keyring
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind


@dataclass(slots=True)
class KnownPupil:
    """A student on the roll."""

    id: UUID
    org: int
    name: str
    number_index: bytes
    id_index: bytes | None
    sex: int | None
    born_on: date | None
    disability: str
    left_behind: int
    single_parent: bool
    address: str | None
    enrolled: bool
    adults: list["KnownAdult"] = field(default_factory=list)


@dataclass(slots=True)
class KnownAdult:
    """A guardian on record."""

    id: UUID
    name: str
    phone_index: bytes | None
    id_index: bytes | None
    relation: str = ""
    position: int = 0


@dataclass
class Roll:
    """Students of the file's schools and those the file names, and every guardian the asker can see among them."""

    by_number: dict[bytes, KnownPupil] = field(default_factory=dict)
    by_id: dict[bytes, KnownPupil] = field(default_factory=dict)
    pupils: dict[UUID, KnownPupil] = field(default_factory=dict)
    adults: dict[UUID, KnownAdult] = field(default_factory=dict)
    numbers_elsewhere: set[bytes] = field(default_factory=set)
    ids_elsewhere: set[bytes] = field(default_factory=set)


LISTED = "(SELECT decode(x, 'hex') FROM unnest(string_to_array(%s, ',')) x)"
PUPILS = """
SELECT s.id, s.org, s.name, s.student_number_index, s.id_index, s.sex, s.born_on, s.disability, s.left_behind,
       s.single_parent, s.address, e.id IS NOT NULL
FROM directory_student s LEFT JOIN directory_enrolment e ON e.student_id = s.id AND e.left_on IS NULL
WHERE {where}
"""
ADULTS = """
SELECT g.student_id, a.id, a.name, a.phone_index, a.id_index, g.relation, g.position
FROM directory_guardianship g JOIN directory_guardian a ON a.id = g.guardian_id
WHERE g.until_day IS NULL AND g.student_id = ANY(string_to_array(%s, ',')::uuid[]) ORDER BY g.student_id, g.position
"""
COUNTY = codes.WIDTH[BodyKind.COUNTY]
# In another county only who is enrolled there: who has left it is free to come.
OUT_OF_REACH = f"""
NOT (s.org >= %(lo)s AND s.org < %(hi)s) AND (s.org / {COUNTY} = %(lo)s / {COUNTY} OR EXISTS (
    SELECT FROM directory_enrolment e WHERE e.student_id = s.id AND e.left_on IS NULL))
"""
ELSEWHERE = f"""
SELECT s.student_number_index, s.id_index FROM directory_student s
WHERE s.student_number_index IN (SELECT decode(x, 'hex') FROM unnest(string_to_array(%(numbers)s, ',')) x)
AND {OUT_OF_REACH}
UNION ALL
SELECT s.student_number_index, s.id_index FROM directory_student s
WHERE s.id_index IN (SELECT decode(x, 'hex') FROM unnest(string_to_array(%(ids)s, ',')) x)
AND {OUT_OF_REACH}
"""
SAME_ADULTS = """
SELECT id, name, phone_index, id_index FROM directory_guardian
WHERE id_index IN (SELECT decode(x, 'hex') FROM unnest(string_to_array(%s, ',')) x)
OR phone_index IN (SELECT decode(x, 'hex') FROM unnest(string_to_array(%s, ',')) x)
"""


def load_roll(
    schools: Iterable[tuple[int, int]], numbers: list[bytes], ids: list[bytes], lo: int, hi: int
) -> Roll:
    """Read the roll for those schools' code ranges, and for those numbers wherever they are.

    A number held outside the asker's range is reported as such and nothing else about its holder.
    """
    roll = Roll()
    address = _opener("directory_student", "address")
    with connection.cursor() as cursor:
        for low, high in schools:
            cursor.execute(PUPILS.format(where="s.org >= %s AND s.org < %s"), [low, high])
            _keep(roll, cursor.fetchall(), address)
        for column, indexes in (("student_number_index", numbers), ("id_index", ids)):
            cursor.execute(PUPILS.format(where=f"s.{column} IN {LISTED}"), [_joined(indexes)])
            _keep(roll, cursor.fetchall(), address)
        cursor.execute(ADULTS, [",".join(map(str, roll.pupils))])
        for student_id, *values in cursor.fetchall():
            adult = KnownAdult(
                values[0], values[1], _bytes(values[2]), _bytes(values[3]), values[4], values[5]
            )
            roll.pupils[student_id].adults.append(adult)
            roll.adults.setdefault(adult.id, adult)
    with acting(system_scope("import", purpose="学籍号查重")), connection.cursor() as cursor:
        values = {"numbers": _joined(numbers), "ids": _joined(ids), "lo": lo, "hi": hi}
        cursor.execute(ELSEWHERE, values)
        for number_index, id_index in cursor.fetchall():
            roll.numbers_elsewhere.add(bytes(number_index))
            if id_index:
                roll.ids_elsewhere.add(bytes(id_index))
    return roll


def load_adults(roll: Roll, ids: list[bytes], phones: list[bytes]) -> None:
    """Add the guardians that the asker can see by identity number or telephone."""
    with connection.cursor() as cursor:
        cursor.execute(SAME_ADULTS, [_joined(ids), _joined(phones)])
        for key, name, phone_index, id_index in cursor.fetchall():
            roll.adults.setdefault(key, KnownAdult(key, name, _bytes(phone_index), _bytes(id_index)))


def _keep(roll: Roll, rows: list[tuple[Any, ...]], address: Any) -> None:
    for row in rows:
        if row[0] in roll.pupils:
            continue
        pupil = KnownPupil(
            row[0],
            row[1],
            row[2],
            bytes(row[3]),
            _bytes(row[4]),
            row[5],
            row[6],
            row[7],
            row[8],
            row[9],
            address(row[0], row[10]),
            row[11],
        )
        roll.pupils[pupil.id] = pupil
        roll.by_number[pupil.number_index] = pupil
        if pupil.id_index:
            roll.by_id[pupil.id_index] = pupil


def _opener(table: str, column: str) -> Any:
    ring = keyring()

    def opened(key: UUID, data: bytes | None) -> str | None:
        return None if data is None else ring.open(bytes(data), associated_data(table, column, key))

    return opened


def _joined(indexes: Iterable[bytes]) -> str:
    """Many indexes as one text: as an array of bytea each would be converted on its own, which takes seconds."""
    return ",".join(index.hex() for index in indexes)


def _bytes(value: Any) -> bytes | None:
    return None if value is None else bytes(value)
