"""Notices, seen by whom they have reached and written by the county's office only; digests of each body."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import HI, LO, Audit, Protect, ScopedForeignKey, in_range

REACHED = (
    f"(accountable_on IS NOT NULL AND EXISTS (SELECT FROM unnest(accountables) AS a(body) WHERE {in_range('a.body')}))"
    f" OR (supervisor_on IS NOT NULL AND {in_range('supervisor')})"
)
ITEM_SEEN = f"{in_range()} OR {REACHED}"
# Items never look back at the notice: policies that look at each other would recurse.
NOTICE_SEEN = (
    f"{in_range()} OR EXISTS (SELECT FROM supervision_noticeitem i"
    " WHERE i.notice_id = supervision_supervisionnotice.id)"
)
# Whoever reaches less than a county writes no notice.
BY_THE_COUNTY = f"{in_range()} AND {HI} - {LO} >= 100000000000"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("plan", "0003_interpretations"),
        ("core", "0001_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="Digest",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField()),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "每日提醒",
                "constraints": [models.UniqueConstraint(fields=("org", "day"), name="digest_once_a_day")],
            },
        ),
        migrations.CreateModel(
            name="SupervisionNotice",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("org", models.BigIntegerField(editable=False, verbose_name="督办对象")),
                ("batch", models.UUIDField(editable=False)),
                ("by_account", models.BigIntegerField(editable=False)),
                ("sent_at", models.DateTimeField(editable=False, verbose_name="发出时间")),
                ("begins_on", models.DateField(editable=False, verbose_name="送达日期")),
                ("deadline", models.DateField(editable=False, verbose_name="期限")),
            ],
            options={
                "verbose_name": "督办",
                "indexes": [
                    models.Index(fields=["org", "-begins_on"], name="notice_org"),
                    models.Index(fields=["batch"], name="notice_batch"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("deadline__gt", models.F("begins_on"))), name="notice_gives_time"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="DigestWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("notice", "督办"),
                            ("accountable", "逾期，请督促"),
                            ("supervisor", "逾期，已到督办部门"),
                            ("pace", "落后于进度"),
                        ],
                        max_length=12,
                    ),
                ),
                ("period_key", models.CharField(max_length=16)),
                ("bearer", models.BigIntegerField()),
                ("item", models.UUIDField(null=True)),
                ("notice", models.UUIDField(null=True)),
                ("due_on", models.DateField()),
                ("since", models.DateField()),
                ("told_on", models.DateField(null=True)),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="plan.obligation"
                    ),
                ),
            ],
            options={
                "verbose_name": "待告知事项",
                "indexes": [models.Index(fields=["org", "told_on"], name="digest_word_org")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("item__isnull", False)),
                        fields=("item", "kind", "org"),
                        name="digest_word_of_item",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("kind", "pace")),
                        fields=("org", "obligation", "period_key", "since"),
                        name="digest_word_of_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="NoticeItem",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("org", models.BigIntegerField(editable=False)),
                ("bearer", models.BigIntegerField(editable=False)),
                ("period_key", models.CharField(editable=False, max_length=16)),
                ("missing_then", models.IntegerField(editable=False)),
                ("behind_then", models.IntegerField(editable=False)),
                ("done_then", models.IntegerField(editable=False)),
                (
                    "accountables",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), default=list, editable=False, size=None
                    ),
                ),
                ("accountable_on", models.DateField(editable=False, null=True)),
                ("supervisor", models.BigIntegerField(editable=False, null=True)),
                ("supervisor_on", models.DateField(editable=False, null=True)),
                ("answered_on", models.DateField(editable=False, null=True, verbose_name="开始有记录")),
                ("closed_on", models.DateField(editable=False, null=True, verbose_name="办结日期")),
                (
                    "ending",
                    models.CharField(
                        blank=True,
                        choices=[("cleared", "已办结"), ("lapsed", "期满未落实"), ("gone", "不再要求")],
                        default="",
                        editable=False,
                        max_length=8,
                    ),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="plan.obligation",
                        verbose_name="责任事项",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="supervision.supervisionnotice",
                    ),
                ),
            ],
            options={
                "verbose_name": "督办事项",
                "indexes": [models.Index(fields=["org", "obligation"], name="notice_item_org")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("closed_on", None)),
                        fields=("bearer", "obligation", "period_key"),
                        name="notice_item_open_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("closed_on", None), ("ending", "")),
                            models.Q(
                                ("closed_on__isnull", False), ("ending__in", ["cleared", "lapsed", "gone"])
                            ),
                            _connector="OR",
                        ),
                        name="notice_item_ending",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("supervisor_on", None),
                            ("accountable_on", None),
                            ("supervisor_on__gt", models.F("accountable_on")),
                            _connector="OR",
                        ),
                        name="notice_item_steps_in_order",
                    ),
                ],
            },
        ),
        Protect("supervision_noticeitem", ITEM_SEEN, BY_THE_COUNTY),
        Protect("supervision_supervisionnotice", NOTICE_SEEN, BY_THE_COUNTY),
        Protect("supervision_digestword"),
        Protect("supervision_digest"),
        ScopedForeignKey(
            "supervision_noticeitem",
            ("notice_id", "org"),
            "supervision_supervisionnotice",
            ("id", "org"),
            unique=True,
        ),
        Audit("supervision_supervisionnotice"),
        Audit("supervision_noticeitem"),
        Audit("supervision_digest"),
    ]
