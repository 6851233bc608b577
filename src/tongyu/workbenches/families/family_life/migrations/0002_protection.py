"""That something took place is seen where the child is; what a family wrote by the account that wrote it."""

from django.db import migrations

from tongyu.core.rls import HAT, PERSON, SYSTEM, Audit, Protect, ScopedForeignKey, SetOnce, in_range, of_ward

ACTIVITIES, AGREEMENTS, CONTACTS = (
    "family_life_familyactivity",
    "family_life_familyagreement",
    "family_life_familycontact",
)
DIARY, TEXT = "family_life_diaryline", "family_life_agreementtext"
OWN = f"by_account::text = {PERSON}"
SEEN = f"{in_range()} OR {in_range('place')} OR {OWN}"
WRITTEN = f"({OWN} AND {of_ward()}) OR {SYSTEM}"
WORDS_WRITTEN = f"{OWN} OR {SYSTEM}"
THE_SCHOOL = f"({HAT} ^@ 'class_teacher@' OR {HAT} ^@ 'school_leader@')"


def whose(table: str) -> migrations.RunSQL:
    """What the words of a record refer to: its id and the account that wrote it."""
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_whose UNIQUE (id, by_account)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_whose",
    )


class Migration(migrations.Migration):
    dependencies = [
        ("family_life", "0001_initial"),
        ("directory", "0015_families_protected"),
        ("core", "0001_audit"),
    ]
    operations = [
        *(Protect(table, SEEN, WRITTEN) for table in (ACTIVITIES, AGREEMENTS, CONTACTS)),
        *(
            ScopedForeignKey(
                table, ("student_id", "place"), "directory_student", ("id", "org"), on_update="CASCADE"
            )
            for table in (ACTIVITIES, AGREEMENTS, CONTACTS)
        ),
        *(Audit(table) for table in (ACTIVITIES, AGREEMENTS, CONTACTS)),
        whose(ACTIVITIES),
        whose(AGREEMENTS),
        Protect(DIARY, OWN, WORDS_WRITTEN),
        ScopedForeignKey(DIARY, ("activity_id", "by_account"), ACTIVITIES, ("id", "by_account")),
        SetOnce(DIARY, "activity_id"),
        Audit(DIARY, "activity_id"),
        Protect(TEXT, f"{OWN} OR (shared AND {in_range()} AND {THE_SCHOOL})", WORDS_WRITTEN),
        ScopedForeignKey(TEXT, ("agreement_id", "by_account"), AGREEMENTS, ("id", "by_account")),
        SetOnce(TEXT, "agreement_id"),
        Audit(TEXT, "agreement_id"),
    ]
