"""The narrow door to other schools does not hide who went through it."""

from datetime import date

from django.db import connections

from support.county import County, as_asker
from tongyu.workbenches.coordination.appointments.actions import appoint


def test_the_audit_names_the_person_behind_the_narrow_door(committed):
    county = County()
    school = county.school(county.township())
    justice = county.department_staff("justice")
    with as_asker(justice):
        row = appoint(
            by=justice,
            role="legal_vice_principal",
            body=school.code,
            from_day=date(2026, 11, 1),
            holder_name="孔警官",
            holder_employer="太极派出所",
        )
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT actor, purpose, org FROM audit_event WHERE row_id = %s", [str(row.pk)])
        assert cursor.fetchall() == [(f"account:{justice.account_id}", "legal vice-principals", school.code)]
