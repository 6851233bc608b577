"""Dry runs of numbers; the rulebook's mark turns with a county's numbers and with the edition it works by."""

from importlib import import_module

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, Restrict, SetOnce

rulebook = import_module("tongyu.duties.migrations.0003_rulebook")
# Foreign keys do not ask row-level security: whose run it is must be seen by who writes into it (check C11).
RUN_IS_VISIBLE = "EXISTS (SELECT FROM duties_dryrun r WHERE r.id = run_id)"
TABLES = ("plan_localnumber", "plan_countyplan")


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0006_closing"),
        ("plan", "0004_local_parameters"),
    ]
    operations = [
        migrations.CreateModel(
            name="DryRun",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("valid_from", models.DateField(verbose_name="自哪天起")),
                ("by_account", models.BigIntegerField(editable=False)),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("job_id", models.UUIDField(editable=False, null=True)),
                ("ran_at", models.DateTimeField(null=True)),
                ("mark", models.CharField(blank=True, default="", max_length=36)),
                ("summary", models.JSONField(default=dict)),
                ("plan", models.ForeignKey("plan.plan", django.db.models.deletion.PROTECT, related_name="+")),
            ],
            options={
                "verbose_name": "试算",
                "indexes": [models.Index(fields=["org", "-entered_at"], name="dry_run_place")],
            },
        ),
        migrations.CreateModel(
            name="DryRunChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField()),
                ("period_key", models.CharField(max_length=16)),
                ("subject", models.UUIDField(null=True)),
                ("was", models.CharField(blank=True, max_length=12)),
                ("becomes", models.CharField(blank=True, max_length=12)),
                ("at_once", models.BooleanField()),
                (
                    "obligation",
                    models.ForeignKey("plan.obligation", django.db.models.deletion.CASCADE, related_name="+"),
                ),
                (
                    "run",
                    models.ForeignKey(
                        "duties.dryrun", django.db.models.deletion.CASCADE, related_name="changes"
                    ),
                ),
            ],
            options={
                "verbose_name": "试算结果",
                "indexes": [models.Index(fields=["run", "obligation", "org"], name="dry_run_change_place")],
            },
        ),
        Protect("duties_dryrun"),
        Audit("duties_dryrun"),
        Protect("duties_dryrunchange"),
        Restrict("duties_dryrunchange", "run_is_visible", RUN_IS_VISIBLE),
        SetOnce("duties_dryrunchange", "run_id"),
        migrations.RunSQL(
            "".join(rulebook.WATCH.format(table=table) for table in TABLES),
            "".join(f"DROP TRIGGER duties_rulebook_changed ON {table};" for table in TABLES),
        ),
    ]
