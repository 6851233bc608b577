"""The loader, as the owner, is the only writer of the plan."""

from django.db import migrations

from tongyu.core.rls import ReadOnlyForApp


class Migration(migrations.Migration):
    dependencies = [("plan", "0001_initial"), ("core", "0001_audit")]

    operations = [
        ReadOnlyForApp("plan_plan"),
        ReadOnlyForApp("plan_clause"),
        ReadOnlyForApp("plan_obligation"),
        ReadOnlyForApp("plan_parameter"),
    ]
