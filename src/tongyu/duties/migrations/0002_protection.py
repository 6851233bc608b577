"""Row-level security and audit. A bearer sees the places it owes something for, never another body's pupils."""

from django.db import migrations

from tongyu.core.rls import Audit, Protect, in_range

OWED = f"{in_range()} OR (subject IS NULL AND {in_range('bearer_org')})"


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial"), ("core", "0001_audit")]
    operations = [
        Protect("duties_standing", OWED, in_range()),
        Protect("duties_exemption"),
        Audit("duties_exemption"),
    ]
