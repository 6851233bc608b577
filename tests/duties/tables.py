"""The tables as the slow reference sees them: plain rows, read once."""

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

JSONB = 3802


@dataclass
class World:
    county: int
    bodies: list[dict[str, Any]]
    enrolments: list[dict[str, Any]]
    exemptions: list[dict[str, Any]]
    facts: list[dict[str, Any]]
    years: dict[int, dict[str, Any]]
    numbers: list[dict[str, Any]]
    ties: list[dict[str, Any]]
    ties_of: Any = field(default_factory=lambda: defaultdict(list))
    passing: dict[Any, Any] = field(default_factory=dict)
    """The facts that pass a filter, kept: looking through all of them for every unit takes hours in a real county."""
    there: dict[Any, Any] = field(default_factory=dict)
    """Who was enrolled on a day, kept: every duty of pupils asks for the same few days."""


def read(county: int, facts: Sequence[str] = ("duties_trial",)) -> World:
    """Everything as the database has it; `facts` are the tables or views of fact rows."""
    years: dict[int, dict[str, Any]] = {}
    for row in table("directory_schoolyear"):
        years[row["start_year"]] = {
            "first": row["first_day"],
            "last": row["last_day"],
            "terms": {},
            "id": row["id"],
        }
    for row in table("directory_term"):
        for year in years.values():
            if year["id"] == row["school_year_id"]:
                year["terms"][row["number"]] = (row["first_day"], row["last_day"])
    marks = {row["day"]: row["worked"] for row in table("directory_holiday")}
    for year in years.values():
        year["marks"] = marks
    return World(
        county,
        table("directory_body"),
        table("directory_enrolment"),
        table("duties_exemption"),
        [row for name in facts for row in table(name)],
        years,
        table("plan_localnumber"),
        table("directory_guardianship"),
    )


def table(name: str) -> list[dict[str, Any]]:
    """Every row of a table or view; Django hands JSON over as text."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {name}")
        columns = [(column.name, column.type_code == JSONB) for column in cursor.description]
        return [
            {
                key: json.loads(value) if is_json and isinstance(value, str) else value
                for (key, is_json), value in zip(columns, row, strict=True)
            }
            for row in cursor.fetchall()
        ]
