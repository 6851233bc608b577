"""A block and a consent name a guardian in reach, once (check C11)."""

from django.db import migrations

from tongyu.core.rls import Restrict, SetOnce

GUARDIAN_IS_VISIBLE = "EXISTS (SELECT 1 FROM directory_guardian g WHERE g.id = guardian_id)"
TABLES = ("directory_guardianblock", "directory_consent")


class Migration(migrations.Migration):
    dependencies = [("directory", "0017_session_digests")]
    operations = [
        *(Restrict(table, "guardian_is_visible", GUARDIAN_IS_VISIBLE) for table in TABLES),
        *(SetOnce(table, "guardian_id") for table in TABLES),
    ]
