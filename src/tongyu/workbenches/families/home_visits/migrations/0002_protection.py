"""Row-level security, audit, and foreign keys that carry the scope."""

from django.db import migrations

from tongyu.core.rls import Audit, Protect, ScopedForeignKey, in_range

TABLE = "home_visits_homevisit"


class Migration(migrations.Migration):
    dependencies = [("home_visits", "0001_initial"), ("directory", "0002_protection"), ("core", "0001_audit")]
    operations = [
        Protect(TABLE, f"{in_range()} OR {in_range('place')}", in_range()),
        ScopedForeignKey(
            TABLE, ("enrolment_id", "student_id", "org"), "directory_enrolment", ("id", "student_id", "org")
        ),
        ScopedForeignKey(
            TABLE, ("student_id", "place"), "directory_student", ("id", "org"), on_update="CASCADE"
        ),
        Audit(TABLE),
    ]
