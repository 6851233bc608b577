"""How a guardian stands is counted and read by no person: boards show numbers of guardians, never which."""

from django.db import migrations

from tongyu.core.rls import PERSON


def by_number(table: str, is_other: str) -> migrations.RunSQL:
    """Only the system, which acts for no person, reads the rows of guardians."""
    return migrations.RunSQL(
        f"CREATE POLICY by_number ON {table} AS RESTRICTIVE FOR SELECT USING ({PERSON} IS NULL OR {is_other})",
        f"DROP POLICY IF EXISTS by_number ON {table}",
    )


CLOSED = (
    "(SELECT d.rule ->> 'unit' FROM duties_closedduty d WHERE d.id = duty_id) IS DISTINCT FROM 'guardian'"
)


class Migration(migrations.Migration):
    dependencies = [("duties", "0013_lock_sets_family")]
    operations = [
        by_number("duties_standing", "unit_kind <> 'guardian'"),
        by_number("duties_closedstanding", CLOSED),
        by_number("duties_difference", CLOSED),
    ]
