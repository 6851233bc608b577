"""A suggestion is read by its writer, at its school, and (published) by the school's families."""

from django.db import migrations

from tongyu.core.rls import PERSON, Audit, Protect, in_range, of_own_place

MINE = f"by_account::text = {PERSON}"
SHOWN = f"(published_at IS NOT NULL AND {of_own_place()})"


class Migration(migrations.Migration):
    dependencies = [
        ("suggestions", "0001_initial"),
        ("core", "0001_audit"),
        ("directory", "0015_families_protected"),
    ]
    operations = [
        Protect("suggestions_suggestion", f"{in_range()} OR {MINE} OR {SHOWN}", f"{in_range()} OR {MINE}"),
        Audit("suggestions_suggestion"),
    ]
