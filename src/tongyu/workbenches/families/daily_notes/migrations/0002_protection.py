"""Row-level security, audit, and foreign keys that carry the scope."""

from django.db import migrations

from tongyu.core.rls import PERSON, Audit, Protect, ScopedForeignKey, in_range, of_ward, touches_range

NOTES, PHRASES = "daily_notes_dailynote", "daily_notes_phrasebook"
OWN = f"by_account::text = {PERSON}"


class Migration(migrations.Migration):
    dependencies = [
        ("daily_notes", "0001_initial"),
        ("directory", "0015_families_protected"),
        ("core", "0001_audit"),
    ]
    operations = [
        Protect(NOTES, f"{in_range()} OR {in_range('place')} OR {of_ward()}", in_range()),
        ScopedForeignKey(
            NOTES, ("enrolment_id", "student_id", "org"), "directory_enrolment", ("id", "student_id", "org")
        ),
        ScopedForeignKey(
            NOTES, ("student_id", "place"), "directory_student", ("id", "org"), on_update="CASCADE"
        ),
        Audit(NOTES),
        Protect(
            PHRASES,
            f"{OWN} OR (by_account IS NULL AND {touches_range('org', 'hi')})",
            f"{OWN} OR (by_account IS NULL AND {in_range()})",
        ),
        Audit(PHRASES),
    ]
