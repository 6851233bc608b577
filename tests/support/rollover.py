"""A county on the eve of a new school year, and the two jobs of a roll-over run by hand."""

from datetime import date

from django.db import connection

from support.county import County, as_asker, as_system
from support.roster import Silent
from tongyu.directory.rollover import actions
from tongyu.directory.roster.starting import stored_asker

NEW_YEAR = date(2027, 9, 1)
LAST_DAY = date(2027, 8, 31)
TABLES = (
    "body",
    "student",
    "enrolment",
    "guardianship",
    "appointment",
    "staff",
    "guardian",
    "schoolyear",
    "term",
)


def new_year(county: County) -> None:
    """The school year 2027—2028 with both terms."""
    with as_system():
        county.years[2027] = county._school_year(2027)


def begin(office):
    """The office begins to prepare 2027."""
    with as_asker(office):
        return actions.open_roll_over(by=office, start_year=2027)


def previewed(office, row):
    """The office previews: the row as it stands then, and what it saw."""
    with as_asker(office):
        return actions.preview_roll_over(by=office, roll_over=row)


def turn(office, row=None):
    """Begin (or take what stands), preview, run, and the job: the roll-over as it stands then."""
    row, found = previewed(office, row or begin(office))
    assert [one.text for one in found.blocks] == []
    with as_asker(office):
        row = actions.run_roll_over(by=office, roll_over=row)
    return work(office, row, actions.work_roll_over)


def turn_back(office, row):
    """Undo, and the job."""
    with as_asker(office):
        row = actions.undo_roll_over(by=office, roll_over=row)
    return work(office, row, actions.work_undo)


def work(office, row, job):
    """The job of a row, done here."""
    with as_asker(office):
        job(Silent(), str(row.pk), stored_asker(office))
        row.refresh_from_db()
        return row


def dump() -> dict[str, list[str]]:
    """Every row of the directory's tables as text."""
    found = {}
    with as_system(), connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT t::text FROM directory_{table} t ORDER BY 1")
            found[table] = [row[0] for row in cursor.fetchall()]
    return found
