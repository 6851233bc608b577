"""A guardian sees the visits to the own children."""

from django.db import migrations

from tongyu.core.rls import Reprotect, in_range, of_ward

BEFORE = f"{in_range()} OR {in_range('place')}"


class Migration(migrations.Migration):
    dependencies = [("home_visits", "0003_confirmed"), ("directory", "0015_families_protected")]
    operations = [
        Reprotect("home_visits_homevisit", f"{BEFORE} OR {of_ward()}", in_range(), was=(BEFORE, in_range()))
    ]
