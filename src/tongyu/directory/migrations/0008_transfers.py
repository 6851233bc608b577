"""A pupil's moves, seen from both ends: the class that has the pupil, and the school (then the class) that will.

Whoever makes a row sees the pupil at that moment; the receiving school sees the row, and the pupil only afterwards.
"""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, Restrict, SetOnce, in_range

TABLE = "directory_transfer"
EITHER_END = f"({in_range()} OR {in_range('to_school')} OR {in_range('to_class')})"
OWN_PUPIL = f"{in_range()} AND EXISTS (SELECT 1 FROM directory_student s WHERE s.id = student_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0007_sessions"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("within", "校内调班"),
                            ("between", "县内转学"),
                            ("away", "转出县外"),
                            ("arrival", "县外转入"),
                        ],
                        max_length=8,
                        verbose_name="去向",
                    ),
                ),
                ("org", models.BigIntegerField(verbose_name="原班级")),
                ("name", models.CharField(blank=True, max_length=60, verbose_name="姓名")),
                ("to_school", models.BigIntegerField(blank=True, null=True, verbose_name="转入学校")),
                ("to_class", models.BigIntegerField(blank=True, null=True, verbose_name="转入班级")),
                ("wish", models.BigIntegerField(blank=True, null=True, verbose_name="希望的班级")),
                ("elsewhere", models.CharField(blank=True, max_length=80, verbose_name="县外学校")),
                ("day", models.DateField(verbose_name="转学日期")),
                ("reason", models.CharField(max_length=120, verbose_name="原因")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等接收学校确认"),
                            ("agreed", "已确认，到日子办理"),
                            ("done", "已办好"),
                            ("declined", "接收学校退回"),
                            ("withdrawn", "已撤回"),
                            ("stopped", "没有办成"),
                        ],
                        default="proposed",
                        max_length=12,
                        verbose_name="状态",
                    ),
                ),
                ("by_account", models.BigIntegerField(editable=False, verbose_name="发起账号")),
                ("entered_at", models.DateTimeField(verbose_name="发起时间")),
                ("confirmed_by", models.BigIntegerField(editable=False, null=True, verbose_name="确认账号")),
                ("confirmed_at", models.DateTimeField(blank=True, null=True, verbose_name="确认时间")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="办好时间")),
                ("ended_by", models.BigIntegerField(editable=False, null=True, verbose_name="终止账号")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="终止时间")),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="终止原因")),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="directory.student",
                        verbose_name="学生",
                    ),
                ),
            ],
            options={
                "verbose_name": "转学",
                "indexes": [
                    models.Index(fields=["org"], name="transfer_org"),
                    models.Index(fields=["to_school", "state"], name="transfer_to_school"),
                    models.Index(fields=["to_class"], name="transfer_to_class"),
                    models.Index(
                        condition=models.Q(("state", "agreed")), fields=["day"], name="transfer_due"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "agreed"])),
                        fields=("student",),
                        name="transfer_one_open",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "away"), ("to_class__isnull", True), ("to_school__isnull", True)
                            ),
                            models.Q(models.Q(("kind", "away"), _negated=True), ("to_school__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_leads_somewhere",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("to_class__isnull", True),
                            models.Q(
                                ("to_class__gt", models.F("to_school")),
                                (
                                    "to_class__lt",
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("to_school"), "+", models.Value(100000)
                                    ),
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_class_of_school",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["agreed", "done"]), _negated=True),
                            ("kind", "away"),
                            ("to_class__isnull", False),
                            _connector="OR",
                        ),
                        name="transfer_agreed_has_class",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("confirmed_at__isnull", True), ("confirmed_by__isnull", True)),
                            models.Q(("confirmed_at__isnull", False), ("confirmed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="transfer_confirmed_is_signed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("done_at__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("done_at__isnull", True)),
                            _connector="OR",
                        ),
                        name="transfer_done_is_dated",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("ended_at__isnull", False),
                                ("state__in", ["declined", "withdrawn", "stopped"]),
                                models.Q(("ended_reason", ""), _negated=True),
                            ),
                            models.Q(
                                ("ended_at__isnull", True),
                                ("ended_reason", ""),
                                ("state__in", ["proposed", "agreed", "done"]),
                            ),
                            _connector="OR",
                        ),
                        name="transfer_end_says_why",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "agreed"]), ("name", ""), _connector="OR"
                        ),
                        name="transfer_name_while_open",
                    ),
                ],
            },
        ),
        Protect(TABLE, EITHER_END),
        Restrict(TABLE, "own_pupil", OWN_PUPIL),
        SetOnce(TABLE, "student_id"),
        Audit(TABLE),
    ]
