"""An agreement that a family shows is seen by the school of that day only while the child is there."""

from django.db import migrations

from tongyu.core.rls import HAT, PERSON, SYSTEM, Reprotect, in_range

TEXT = "family_life_agreementtext"
OWN = f"by_account::text = {PERSON}"
SHOWN = f"shared AND {in_range()} AND ({HAT} ^@ 'class_teacher@' OR {HAT} ^@ 'school_leader@')"
STILL_THERE = (
    "EXISTS (SELECT FROM family_life_familyagreement a JOIN directory_enrolment e "
    f"ON e.student_id = a.student_id AND e.left_on IS NULL AND {in_range('e.org')} "
    f"WHERE a.id = {TEXT}.agreement_id)"
)
WAS = (f"{OWN} OR ({SHOWN})", f"{OWN} OR {SYSTEM}")


class Migration(migrations.Migration):
    dependencies = [
        ("family_life", "0002_protection"),
        ("directory", "0015_families_protected"),
    ]
    operations = [Reprotect(TEXT, f"{OWN} OR ({SHOWN} AND {STILL_THERE})", f"{OWN} OR {SYSTEM}", was=WAS)]
