"""Row-level security and audit of guardians' answers: the school of the record, and the guardian who gave it."""

from django.db import migrations

from tongyu.core.rls import PERSON, Audit, Protect, in_range, of_ward

TABLE = "records_confirmation"
OWN = f"by_account::text = {PERSON} AND {of_ward()}"


class Migration(migrations.Migration):
    dependencies = [("records", "0003_confirmed"), ("directory", "0015_families_protected")]
    operations = [Protect(TABLE, f"{in_range()} OR ({OWN})"), Audit(TABLE)]
