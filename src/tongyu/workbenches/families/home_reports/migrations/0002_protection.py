"""That a report came is seen where the child is; what it says by its writer and the class teacher of that class."""

from django.db import migrations

from tongyu.core.rls import (
    HAT,
    PERSON,
    SYSTEM,
    Audit,
    Protect,
    ScopedForeignKey,
    SetOnce,
    in_range,
    of_ward,
    touches_range,
)

REPORTS, CONTENT, WORDS = "home_reports_homereport", "home_reports_content", "home_reports_wordlist"
OWN = f"by_account::text = {PERSON}"
# The role, not the range: a subject teacher's range is the same class, a leader's holds it.
CLASS_TEACHER = f"{HAT} = 'class_teacher@' || org"


class Migration(migrations.Migration):
    dependencies = [
        ("home_reports", "0001_initial"),
        ("directory", "0015_families_protected"),
        ("core", "0001_audit"),
    ]
    operations = [
        Protect(
            REPORTS,
            f"{in_range()} OR {in_range('place')} OR {OWN}",
            f"{in_range()} OR ({OWN} AND {of_ward()})",
        ),
        ScopedForeignKey(
            REPORTS, ("student_id", "place"), "directory_student", ("id", "org"), on_update="CASCADE"
        ),
        Audit(REPORTS),
        migrations.RunSQL(
            f"ALTER TABLE {REPORTS} ADD CONSTRAINT report_whose UNIQUE (id, org, by_account)",
            f"ALTER TABLE {REPORTS} DROP CONSTRAINT report_whose",
        ),
        Protect(CONTENT, f"{OWN} OR {CLASS_TEACHER}", f"{OWN} OR {CLASS_TEACHER} OR {SYSTEM}"),
        ScopedForeignKey(CONTENT, ("report_id", "org", "by_account"), REPORTS, ("id", "org", "by_account")),
        SetOnce(CONTENT, "report_id"),
        Audit(CONTENT, "report_id"),
        Protect(WORDS, touches_range("org", "hi"), in_range()),
        Audit(WORDS),
    ]
