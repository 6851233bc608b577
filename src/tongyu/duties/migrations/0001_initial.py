"""Standings, tallies, exemptions, trend."""

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plan", "0002_read_only"),
    ]

    operations = [
        migrations.CreateModel(
            name="Exemption",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField(verbose_name="适用单位")),
                ("lo", models.BigIntegerField(editable=False)),
                ("hi", models.BigIntegerField(editable=False)),
                ("subject", models.UUIDField(blank=True, null=True, verbose_name="学生")),
                ("reason", models.CharField(max_length=120, verbose_name="原因")),
                ("decided_by", models.CharField(max_length=40, verbose_name="批准单位")),
                ("approver", models.CharField(max_length=60, verbose_name="批准人")),
                ("by_account", models.BigIntegerField(editable=False, null=True)),
                ("from_day", models.DateField(verbose_name="起")),
                ("until_day", models.DateField(blank=True, null=True, verbose_name="止")),
                ("entered_at", models.DateTimeField(auto_now_add=True, verbose_name="填写时间")),
                (
                    "obligation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plan.obligation",
                        verbose_name="责任事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "不适用情形",
                "indexes": [models.Index(fields=["org"], name="exemption_org")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("hi__gt", models.F("lo"))), name="exemption_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_day__isnull", True),
                            ("until_day__gt", models.F("from_day")),
                            _connector="OR",
                        ),
                        name="exemption_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("period_key", models.CharField(max_length=16)),
                ("start_on", models.DateField()),
                ("end_on", models.DateField(help_text="exclusive")),
                ("due_on", models.DateField()),
                ("bearer_org", models.BigIntegerField()),
                ("unit_kind", models.CharField(max_length=12)),
                ("unit_org", models.BigIntegerField()),
                ("subject", models.UUIDField(null=True)),
                ("org", models.BigIntegerField()),
                ("state", models.CharField(max_length=12)),
                ("count", models.IntegerField()),
                ("needed", models.IntegerField()),
                ("met_on", models.DateField(null=True)),
                ("why", models.CharField(max_length=24)),
                ("detail", models.JSONField(null=True)),
                ("as_of", models.DateField()),
                ("changed_at", models.DateTimeField()),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plan.obligation"
                    ),
                ),
            ],
            options={
                "verbose_name": "履责项",
                "indexes": [
                    models.Index(fields=["org", "obligation", "period_key"], name="standing_org"),
                    models.Index(fields=["bearer_org", "period_key"], name="standing_bearer"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("subject__isnull", False)),
                        fields=("obligation", "period_key", "subject"),
                        name="standing_one_per_subject",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("subject__isnull", True)),
                        fields=("obligation", "period_key", "unit_org"),
                        name="standing_one_per_place",
                    ),
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
                        name="standing_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("org", models.F("unit_org"))), name="standing_org_is_unit"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Tally",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("period_key", models.CharField(max_length=16)),
                ("place", models.BigIntegerField()),
                ("bearer", models.BigIntegerField()),
                ("met", models.IntegerField(default=0)),
                ("met_late", models.IntegerField(default=0)),
                ("in_progress", models.IntegerField(default=0)),
                ("behind_pace", models.IntegerField(default=0)),
                ("missing", models.IntegerField(default=0)),
                ("not_due", models.IntegerField(default=0)),
                ("exempt", models.IntegerField(default=0)),
                ("unknown", models.IntegerField(default=0)),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plan.obligation"
                    ),
                ),
            ],
            options={
                "verbose_name": "履责计数",
                "indexes": [models.Index(fields=["place", "period_key"], name="tally_place")],
                "constraints": [
                    models.UniqueConstraint(fields=("obligation", "period_key", "place"), name="tally_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="TrendPoint",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("period_key", models.CharField(max_length=16)),
                ("place", models.BigIntegerField()),
                ("counts", models.JSONField()),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plan.obligation"
                    ),
                ),
            ],
            options={
                "verbose_name": "趋势",
                "indexes": [models.Index(fields=["place", "day"], name="trend_place")],
                "constraints": [
                    models.UniqueConstraint(fields=("day", "obligation", "place"), name="trend_point_once")
                ],
            },
        ),
    ]
