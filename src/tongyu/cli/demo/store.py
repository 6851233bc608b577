"""Writes the invented county, and refuses to touch a real one."""

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import connections, transaction

from tongyu.cli.demo.county import Plan
from tongyu.cli.demo.joined import write_consents, write_joined
from tongyu.cli.demo.numbers import is_invented_school_code
from tongyu.cli.demo.sign_ins import PASSWORD
from tongyu.cli.demo.terms import special_days
from tongyu.cli.main import UsageError
from tongyu.core.bulk import insert_rows
from tongyu.core.context import acting, system_scope
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Account, Body, Holiday, SchoolYear, Term
from tongyu.directory.roles import ROLE_BY_KEY

# The plan and what Django and the job queue keep for themselves stay.
KEPT = ("plan_%", "auth_%", "procrastinate_%", "django_migrations", "django_content_type")
TABLES = """
SELECT string_agg(quote_ident(relname), ', ') FROM pg_class
WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relname LIKE ANY(%s)
"""
Say = Callable[[str], None]


def refuse_real_people() -> None:
    """UsageError when the database holds anybody or any school that the demo did not invent."""
    with acting(system_scope("demo")), transaction.atomic():
        for name in ("Staff", "Student", "Guardian"):
            model: Any = apps.get_model("directory", name)
            if model.objects.filter(invented=False).exists():
                raise UsageError(
                    "this database holds real people; the demo county goes into an empty one only"
                )
        schools = Body.objects.filter(kind=BodyKind.SCHOOL).values_list("school_code", flat=True)
        if not all(is_invented_school_code(code) for code in schools):
            raise UsageError("this database holds real schools; the demo county goes into an empty one only")


def clear() -> None:
    """Empty every table but the plan's, as the owner: an earlier demo, its records, sessions and audit."""
    with transaction.atomic(using="owner"), connections["owner"].cursor() as cursor:
        cursor.execute(TABLES, [list(KEPT)])
        cursor.execute(f"TRUNCATE {cursor.fetchone()[0]} RESTART IDENTITY CASCADE")


def write(plan: Plan) -> dict[str, int]:
    """Insert the whole directory in one transaction; returns how many rows of what."""
    with acting(system_scope("demo", purpose="demo county")), transaction.atomic():
        counts = {"bodies": insert_rows(plan.tree.rows)}
        _write_calendar(plan)
        counts["accounts"] = _write_accounts(plan)
        counts["staff"] = insert_rows(plan.staffing.staff)
        counts["appointments"] = insert_rows(plan.staffing.appointments)
        counts["joined guardians"] = write_joined(plan, make_password(PASSWORD))
        counts["students"] = insert_rows(plan.roll.students)
        counts["enrolments"] = insert_rows(plan.roll.enrolments)
        counts["guardians"] = insert_rows(plan.roll.guardians)
        counts["guardianships"] = insert_rows(plan.roll.guardianships)
        counts["consents"] = write_consents(plan)
    return counts


def analyze() -> None:
    """Tell the query planner about the new rows."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("ANALYZE")


def _write_calendar(plan: Plan) -> None:
    county = plan.tree.county
    for calendar in plan.years:
        year = SchoolYear.objects.create(
            county=county,
            start_year=calendar.start_year,
            first_day=calendar.year.start,
            last_day=calendar.year.last_day,
        )
        for term in calendar.terms:
            Term.objects.create(
                school_year=year, number=term.number, first_day=term.span.start, last_day=term.span.last_day
            )
        insert_rows(
            [
                Holiday(county=county, day=day, worked=worked, name=name)
                for day, worked, name in special_days(calendar.year)
            ]
        )


def _write_accounts(plan: Plan) -> int:
    """An account for everybody who holds a role that signs in; only the known ones have a password."""
    signing_in = {a.staff_id for a in plan.staffing.appointments if ROLE_BY_KEY[a.role].signs_in}
    usernames = {pk: name for pk, name in plan.staffing.usernames.items() if pk in signing_in}
    secret = make_password(PASSWORD)
    rows = [
        Account(username=name, password=secret if name in plan.known else make_password(None))
        for name in usernames.values()
    ]
    count = insert_rows(rows)
    ids = dict(Account.objects.values_list("username", "id"))
    for staff in plan.staffing.staff:
        staff.account_id = ids.get(usernames.get(staff.pk, ""))
    for appointment in plan.staffing.appointments:
        if appointment.staff is not None:
            appointment.account_id = appointment.staff.account_id
    return count
