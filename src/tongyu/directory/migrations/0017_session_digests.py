"""The table of sessions holds digests of their keys; kind of device and time of the sign-in stand beside them.

Nobody is signed out: the keys that are there are replaced by their digests. Processes of the release before do not find
them any more, so restart them with the migration. Going back signs everybody out: a digest does not give its key again.
"""

from django.db import migrations, models

HASHED = """
UPDATE directory_session SET session_key = encode(sha256(convert_to(session_key, 'UTF8')), 'hex')
WHERE length(session_key) < 64
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0016_identities")]

    operations = [
        migrations.AlterField(
            model_name="session",
            name="session_key",
            field=models.CharField(
                max_length=64, primary_key=True, serialize=False, verbose_name="session key"
            ),
        ),
        migrations.RunSQL(HASHED, "DELETE FROM directory_session"),
        migrations.AddField(
            model_name="session",
            name="device",
            field=models.CharField(blank=True, db_default="", max_length=16, verbose_name="设备"),
        ),
        migrations.AddField(
            model_name="session",
            name="begun_at",
            field=models.DateTimeField(null=True, verbose_name="登录时间"),
        ),
    ]
