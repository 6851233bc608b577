"""The locks of a refresh set the eighth setting of the scope too: a guardian's record is judged by the engine."""

from importlib import import_module

from django.db import migrations

before = import_module("tongyu.duties.migrations.0005_lock_sets_scope")

LOCK = before.LOCK.replace(
    "set_config('app.hat', scope[7], true);",
    "set_config('app.hat', scope[7], true), set_config('app.family', COALESCE(scope[8], ''), true);",
).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


class Migration(migrations.Migration):
    dependencies = [("duties", "0012_closed_numbers"), ("directory", "0015_families_protected")]
    operations = [
        migrations.RunSQL(LOCK, before.LOCK.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    ]
