"""Row-level security, audit, scoped foreign keys; one committee in office at a body at a time."""

from django.db import migrations

from tongyu.core.rls import Audit, Protect, ScopedForeignKey

# int8range carries the equality, because the embedded server has no btree_gist.
ONE_IN_OFFICE = """
ALTER TABLE committees_committee ADD CONSTRAINT committee_one_in_office
EXCLUDE USING gist (
    int8range(org, org, '[]') WITH &&,
    daterange(occurred_on, LEAST(until_day, dissolved_on)) WITH &&
) WHERE (withdrawn_at IS NULL)
"""


class Migration(migrations.Migration):
    dependencies = [("committees", "0001_initial"), ("core", "0001_audit")]
    operations = [
        Protect("committees_committee"),
        Protect("committees_member"),
        ScopedForeignKey("committees_member", ("committee_id", "org"), "committees_committee", ("id", "org")),
        migrations.RunSQL(
            ONE_IN_OFFICE, "ALTER TABLE committees_committee DROP CONSTRAINT committee_one_in_office"
        ),
        Audit("committees_committee"),
        Audit("committees_member"),
    ]
