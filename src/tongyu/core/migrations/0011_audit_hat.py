"""The audit says under which hat a person acted: the column fills itself from the scope, in rows and notes alike."""

from django.db import migrations

HAT = """
ALTER TABLE audit_event ADD COLUMN hat text NOT NULL DEFAULT '';
ALTER TABLE audit_event ALTER COLUMN hat SET DEFAULT
    CASE WHEN current_setting('app.actor', true) ^@ 'account:' THEN COALESCE(current_setting('app.hat', true), '')
    ELSE '' END;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0010_jobs_and_files")]
    operations = [migrations.RunSQL(HAT, "ALTER TABLE audit_event DROP COLUMN hat")]
