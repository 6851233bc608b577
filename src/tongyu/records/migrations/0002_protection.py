"""Row-level security and audit for revisions and attachments."""

from django.db import migrations

from tongyu.core.rls import Audit, Protect


class Migration(migrations.Migration):
    dependencies = [("records", "0001_initial"), ("core", "0001_audit")]
    operations = [
        Protect("records_revision"),
        Protect("records_attachment"),
        Audit("records_revision"),
        Audit("records_attachment"),
    ]
