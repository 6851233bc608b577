"""Closings, their duties and frozen standings, which the application may add and never change; and differences."""

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import LO, Audit, Protect, in_range, touches_range

OWED = f"{in_range()} OR (subject IS NULL AND {in_range('bearer_org')})"
ENGINE = f"{LO} = 0"
"""Nobody writes here under the range of a person, not even of the county: only the engine, which reaches everywhere."""
FROZEN = ("duties_closing", "duties_closedduty", "duties_closedstanding")
KEEP = f"REVOKE UPDATE, DELETE, TRUNCATE ON {', '.join(FROZEN)} FROM tongyu_app"
LOOSEN = f"GRANT UPDATE, DELETE ON {', '.join(FROZEN)} TO tongyu_app"
WATCH = """
CREATE TRIGGER duties_rulebook_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON duties_closing
FOR EACH STATEMENT EXECUTE FUNCTION duties_rulebook_changed();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0005_lock_sets_scope"),
        ("plan", "0003_interpretations"),
    ]

    operations = [
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("lo", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("number", models.IntegerField()),
                ("period_key", models.CharField(max_length=16)),
                ("edition", models.SmallIntegerField(default=0)),
                ("first_on", models.DateField()),
                ("end_on", models.DateField(help_text="exclusive")),
                ("settled_on", models.DateField()),
                ("closed_on", models.DateField(verbose_name="结账日期")),
                ("closed_at", models.DateTimeField()),
                ("by_account", models.BigIntegerField()),
                ("by_name", models.CharField(max_length=60, verbose_name="经办人")),
                ("reason", models.CharField(blank=True, default="", max_length=200, verbose_name="更正原因")),
                ("basis", models.JSONField()),
                ("counts", models.JSONField()),
                ("standings", models.IntegerField()),
                ("changed", models.IntegerField(default=0)),
                ("before", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "结账",
                "ordering": ["lo", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("lo", "number"), name="closing_number"),
                    models.UniqueConstraint(fields=("lo", "period_key", "edition"), name="closing_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("edition", 0), models.Q(("reason", ""), _negated=True), _connector="OR"
                        ),
                        name="closing_restated_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("end_on__gt", models.F("first_on"))), name="closing_in_order"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosedDuty",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("lo", models.BigIntegerField()),
                ("period_key", models.CharField(max_length=16)),
                ("period", models.JSONField()),
                ("rule", models.JSONField()),
                ("rule_hash", models.CharField(max_length=64)),
                ("inputs", models.JSONField()),
                ("inputs_hash", models.CharField(max_length=64)),
                ("counts", models.JSONField()),
                ("standings", models.IntegerField()),
                ("standings_hash", models.CharField(max_length=64)),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="plan.obligation"
                    ),
                ),
                (
                    "closing",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="duties",
                        to="duties.closing",
                    ),
                ),
            ],
            options={
                "verbose_name": "已结账的责任",
                "indexes": [
                    models.Index(fields=["lo", "obligation", "period_key"], name="closed_duty_county")
                ],
            },
        ),
        migrations.CreateModel(
            name="Difference",
            fields=[
                ("subject", models.UUIDField(null=True)),
                ("org", models.BigIntegerField()),
                ("bearer_org", models.BigIntegerField()),
                ("gone", models.BooleanField(default=False)),
                ("state", models.CharField(max_length=12)),
                ("count", models.IntegerField()),
                ("needed", models.IntegerField()),
                ("met_on", models.DateField(null=True)),
                ("why", models.CharField(max_length=24)),
                ("detail", models.JSONField(null=True)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("seen_at", models.DateTimeField()),
                (
                    "duty",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="duties.closedduty",
                    ),
                ),
            ],
            options={
                "verbose_name": "结账后的变化",
            },
        ),
        migrations.CreateModel(
            name="ClosedStanding",
            fields=[
                ("subject", models.UUIDField(null=True)),
                ("org", models.BigIntegerField()),
                ("bearer_org", models.BigIntegerField()),
                ("gone", models.BooleanField(default=False)),
                ("state", models.CharField(max_length=12)),
                ("count", models.IntegerField()),
                ("needed", models.IntegerField()),
                ("met_on", models.DateField(null=True)),
                ("why", models.CharField(max_length=24)),
                ("detail", models.JSONField(null=True)),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "duty",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="duties.closedduty",
                    ),
                ),
            ],
            options={
                "verbose_name": "已结账的履责项",
                "indexes": [models.Index(fields=["duty", "org"], name="closed_standing_duty")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "state__in",
                                (
                                    "met",
                                    "met_late",
                                    "in_progress",
                                    "behind_pace",
                                    "missing",
                                    "not_due",
                                    "exempt",
                                    "unknown",
                                ),
                            )
                        ),
                        name="closed_standing_state",
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="closedduty",
            constraint=models.UniqueConstraint(
                fields=("closing", "obligation", "period_key"), name="closed_duty_once"
            ),
        ),
        migrations.AddIndex(
            model_name="difference",
            index=models.Index(fields=["org"], name="difference_org"),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.UniqueConstraint(
                fields=("duty", "org", "subject"), name="difference_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="difference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "state__in",
                        (
                            "met",
                            "met_late",
                            "in_progress",
                            "behind_pace",
                            "missing",
                            "not_due",
                            "exempt",
                            "unknown",
                        ),
                    )
                ),
                name="difference_state",
            ),
        ),
        Protect("duties_closing", touches_range("lo", "hi"), ENGINE),
        Protect("duties_closedduty", "true", ENGINE),
        Protect("duties_closedstanding", OWED, ENGINE),
        Protect("duties_difference", OWED, ENGINE),
        Audit("duties_closing"),
        migrations.RunSQL(KEEP, LOOSEN),
        migrations.RunSQL(WATCH, "DROP TRIGGER IF EXISTS duties_rulebook_changed ON duties_closing"),
    ]
