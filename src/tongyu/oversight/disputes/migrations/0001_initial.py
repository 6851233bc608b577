"""Disputes, seen by whom they concern; and, open to every board, that a figure is contested."""

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, in_range

SEEN = " OR ".join(in_range(column) for column in ("org", "place", "bearer", "asked_org"))
WRITTEN = f"{in_range()} OR {in_range('asked_org')}"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plan", "0003_interpretations"),
        ("core", "0001_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Dispute",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField(editable=False, verbose_name="提出单位")),
                ("by_account", models.BigIntegerField(editable=False)),
                ("by_role", models.CharField(editable=False, max_length=32, verbose_name="提出人职务")),
                ("period_key", models.CharField(editable=False, max_length=16)),
                ("place", models.BigIntegerField(editable=False)),
                ("hi", models.BigIntegerField(editable=False)),
                ("bearer", models.BigIntegerField(editable=False, null=True)),
                ("subject", models.UUIDField(editable=False, null=True)),
                ("line", models.CharField(max_length=120, verbose_name="哪里不对")),
                ("units", models.JSONField(default=list, editable=False)),
                ("was", models.JSONField(editable=False)),
                ("opened_at", models.DateTimeField(editable=False, verbose_name="提出时间")),
                ("asked_org", models.BigIntegerField(editable=False, null=True, verbose_name="请谁说明")),
                ("asked_at", models.DateTimeField(editable=False, null=True)),
                ("statement", models.CharField(blank=True, default="", max_length=200, verbose_name="说明")),
                ("stated_by", models.BigIntegerField(editable=False, null=True)),
                ("stated_at", models.DateTimeField(editable=False, null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("open", "待答复"),
                            ("corrected", "已更正"),
                            ("upheld", "维持原数"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="open",
                        editable=False,
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("answer", models.CharField(blank=True, default="", max_length=200, verbose_name="答复")),
                ("proof", models.JSONField(default=dict, editable=False)),
                ("closed_by", models.BigIntegerField(editable=False, null=True)),
                ("closed_at", models.DateTimeField(editable=False, null=True, verbose_name="办结时间")),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plan.obligation",
                        verbose_name="责任事项",
                    ),
                ),
            ],
            options={
                "verbose_name": "异议",
                "indexes": [
                    models.Index(fields=["org", "-opened_at"], name="dispute_org"),
                    models.Index(fields=["place", "obligation"], name="dispute_place"),
                    models.Index(
                        condition=models.Q(("asked_org__isnull", False)),
                        fields=["asked_org"],
                        name="dispute_asked",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "open")),
                        fields=("org", "obligation", "period_key", "place", "bearer", "subject"),
                        name="dispute_open_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["open", "corrected", "upheld", "withdrawn"])),
                        name="dispute_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_at", None), ("closed_by", None), ("state", "open")),
                            models.Q(
                                models.Q(("state", "open"), _negated=True),
                                ("closed_at__isnull", False),
                                ("closed_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="dispute_end_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["corrected", "upheld"]), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="dispute_answer_has_words",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stated_at", None), ("statement", "")),
                            models.Q(
                                models.Q(("statement", ""), _negated=True), ("asked_org__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="dispute_statement_was_asked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OpenDispute",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("period_key", models.CharField(max_length=16)),
                ("place", models.BigIntegerField()),
                ("bearer", models.BigIntegerField()),
                ("single", models.BooleanField()),
                ("subject", models.UUIDField(null=True)),
                ("asker", models.BigIntegerField()),
                ("since", models.DateField()),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plan.obligation"
                    ),
                ),
            ],
            options={
                "verbose_name": "有异议的数字",
                "indexes": [models.Index(fields=["obligation", "place"], name="open_dispute_figure")],
            },
        ),
        Protect("disputes_dispute", SEEN, WRITTEN),
        Audit("disputes_dispute"),
    ]
