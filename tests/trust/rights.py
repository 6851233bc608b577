"""The role × act table: every URL of the site, who may open it, and what kind of row it shows (check C01).

Written by hand, so that a changed rule shows here. `row` names what the address speaks of (see `world.py`):
without one the page is the asker's own and opens for the roles named, wherever they sit.
"""

from dataclasses import dataclass

OFFICE, DEPARTMENT, TOWNSHIP, LEADER = "office_staff", "department_staff", "township_staff", "school_leader"
TEACHER, SUBJECT, ADMIN = "class_teacher", "subject_teacher", "system_admin"
EVERYBODY = frozenset({OFFICE, DEPARTMENT, TOWNSHIP, LEADER, TEACHER, SUBJECT, ADMIN})
AT_WORK = EVERYBODY - {ADMIN}
SCHOOL = frozenset({LEADER, TEACHER, SUBJECT})


@dataclass(frozen=True)
class Right:
    """Who may do what at one URL name."""

    roles: frozenset[str]
    row: str = ""
    post: bool = False
    """Only POST is answered; an empty form is sent."""


def only(*roles: str, row: str = "", post: bool = False) -> Right:
    """A right for these roles."""
    return Right(frozenset(roles), row, post)


RIGHTS: dict[str, Right] = {
    "home:hat": Right(EVERYBODY, post=True),
    "home:office_staff": only(OFFICE),
    "home:department_staff": only(DEPARTMENT),
    "home:township_staff": only(TOWNSHIP),
    "home:school_leader": only(LEADER),
    "home:class_teacher": only(TEACHER),
    "home:subject_teacher": only(SUBJECT),
    "home:system_admin": only(ADMIN),
    "school_calendar:year": Right(EVERYBODY),
    "school_calendar:year_of": Right(EVERYBODY, "year"),
    "school_calendar:term": only(OFFICE, row="term"),
    "school_calendar:holiday": only(OFFICE, row="year", post=True),
    "school_calendar:remove_holiday": only(OFFICE, row="year", post=True),
}
