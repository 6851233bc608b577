"""What a checked student file said, in short: the import reads this and not the workbook again."""

import json
from datetime import date
from typing import Any

from tongyu.core.access import Asker
from tongyu.core.encryption import blind_index
from tongyu.core.jobs import JobRefused
from tongyu.core.sheets.text import Fault
from tongyu.directory.roster.changes import Summary
from tongyu.directory.roster.places import Places
from tongyu.directory.roster.pupils import AdultRow, PupilRow
from tongyu.directory.roster.students import StudentPlan, compare_pupils

PLAIN = (
    "row", "org", "number", "name", "sex", "id_number", "disability", "left_behind", "single_parent", "address",
)  # fmt: skip


def keep(plan: StudentPlan) -> bytes:
    """The sound rows as JSON; what follows from them (blind indexes) is left out."""
    rows = [
        [
            [getattr(pupil, name) for name in PLAIN],
            pupil.born_on and pupil.born_on.isoformat(),
            [[one.position, one.name, one.relation, one.phone, one.id_number] for one in pupil.adults],
        ]
        for pupil in plan.pupils
    ]
    return json.dumps({"schools": sorted(plan.schools), "rows": rows}, ensure_ascii=False).encode()


def plan_kept(data: bytes, asker: Asker, day: date, *, complete: bool) -> tuple[StudentPlan, Summary]:
    """Compare the kept rows with the roll as it stands now; JobRefused when a row no longer fits."""
    read = json.loads(data)
    places = Places.load(asker, day)
    pupils = [_pupil(*row) for row in read["rows"]]
    places.reopen({pupil.org for pupil in pupils})

    def refuse(row: int, key: str, found: Fault) -> None:
        raise JobRefused(found.reason)

    return compare_pupils(pupils, set(read["schools"]), places, asker, complete=complete, refuse=refuse)


def _pupil(plain: list[Any], born_on: str | None, adults: list[list[Any]]) -> PupilRow:
    values = dict(zip(PLAIN, plain, strict=True))
    return PupilRow(
        **values,
        number_index=blind_index(values["number"]),
        id_index=_index(values["id_number"]),
        born_on=date.fromisoformat(born_on) if born_on else None,
        adults=[
            AdultRow(position, name, relation, phone, _index(phone), id_number, _index(id_number))
            for position, name, relation, phone, id_number in adults
        ],
    )


def _index(text: str | None) -> bytes | None:
    return blind_index(text) if text else None
