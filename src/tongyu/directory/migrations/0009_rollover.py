"""The roll-over of a county, what schools say before it, and what it changed."""

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, Restrict, SetOnce

STUDENT_IS_VISIBLE = "EXISTS (SELECT 1 FROM directory_student s WHERE s.id = student_id)"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0009_second_places"),
    ]

    operations = [
        migrations.CreateModel(
            name="RollOver",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("start_year", models.SmallIntegerField(verbose_name="新学年")),
                ("day", models.DateField(verbose_name="生效日期")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "准备中"),
                            ("previewed", "已预览"),
                            ("running", "执行中"),
                            ("done", "已执行"),
                            ("undoing", "撤销中"),
                            ("undone", "已撤销"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("summary", models.JSONField(blank=True, default=dict, verbose_name="预览或结果")),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("job_id", models.UUIDField(editable=False, null=True)),
                ("by_account", models.BigIntegerField(editable=False, null=True, verbose_name="经办账号")),
                ("previewed_at", models.DateTimeField(blank=True, null=True, verbose_name="预览时间")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="执行时间")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="执行日期")),
                ("undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")),
                (
                    "county",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="roll_overs",
                        to="directory.body",
                    ),
                ),
            ],
            options={
                "verbose_name": "升级结转",
                "ordering": ["county", "-start_year"],
            },
        ),
        migrations.CreateModel(
            name="RollOverChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org", models.BigIntegerField()),
                ("subject", models.CharField(max_length=40)),
                ("row_id", models.CharField(max_length=40)),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                (
                    "roll_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="directory.rollover",
                    ),
                ),
            ],
            options={
                "verbose_name": "升级结转的改动",
            },
        ),
        migrations.CreateModel(
            name="RollOverLine",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField(verbose_name="学校")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("retained", "留级"), ("transferred", "转学"), ("left", "离校")],
                        max_length=12,
                        verbose_name="去向",
                    ),
                ),
                ("target", models.BigIntegerField(blank=True, null=True, verbose_name="留到哪个班")),
                ("to_school", models.CharField(blank=True, max_length=80, verbose_name="转到哪所学校")),
                ("reason", models.CharField(max_length=120, verbose_name="原因")),
                ("by_account", models.BigIntegerField(editable=False, null=True, verbose_name="经办账号")),
                ("entered_at", models.DateTimeField(verbose_name="填写时间")),
                (
                    "roll_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="directory.rollover",
                    ),
                ),
                (
                    "student",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="directory.student",
                        verbose_name="学生",
                    ),
                ),
            ],
            options={
                "verbose_name": "个别学生的去向",
            },
        ),
        migrations.CreateModel(
            name="RollOverSchool",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField(verbose_name="学校")),
                ("ready_at", models.DateTimeField(blank=True, null=True, verbose_name="核对时间")),
                ("by_account", models.BigIntegerField(editable=False, null=True, verbose_name="经办账号")),
                ("new_classes", models.JSONField(blank=True, default=dict, verbose_name="新开班数")),
                ("released", models.JSONField(blank=True, default=dict, verbose_name="不随班的任课人员")),
                (
                    "roll_over",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="schools",
                        to="directory.rollover",
                    ),
                ),
            ],
            options={
                "verbose_name": "学校的升级准备",
            },
        ),
        migrations.AddConstraint(
            model_name="rollover",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "undone"), _negated=True),
                fields=("county", "start_year"),
                name="roll_over_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="rollover",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["done", "undoing"]), _negated=True),
                    models.Q(("done_at__isnull", False), ("done_on__isnull", False)),
                    _connector="OR",
                ),
                name="roll_over_done_has_time",
            ),
        ),
        migrations.AddIndex(
            model_name="rolloverchange",
            index=models.Index(fields=["roll_over", "subject"], name="roll_over_change_subject"),
        ),
        migrations.AddIndex(
            model_name="rolloverline",
            index=models.Index(fields=["org"], name="roll_over_line_org"),
        ),
        migrations.AddConstraint(
            model_name="rolloverline",
            constraint=models.UniqueConstraint(fields=("roll_over", "student"), name="roll_over_line_once"),
        ),
        migrations.AddConstraint(
            model_name="rolloverline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "retained"), ("target__isnull", False)),
                    models.Q(models.Q(("outcome", "retained"), _negated=True), ("target__isnull", True)),
                    _connector="OR",
                ),
                name="roll_over_line_retained_has_class",
            ),
        ),
        migrations.AddConstraint(
            model_name="rolloverline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("outcome", "transferred"), _negated=True),
                    models.Q(("to_school", ""), _negated=True),
                    _connector="OR",
                ),
                name="roll_over_line_has_school",
            ),
        ),
        migrations.AddIndex(
            model_name="rolloverschool",
            index=models.Index(fields=["org"], name="roll_over_school_org"),
        ),
        migrations.AddConstraint(
            model_name="rolloverschool",
            constraint=models.UniqueConstraint(fields=("roll_over", "org"), name="roll_over_school_once"),
        ),
        Protect("directory_rolloverschool"),
        Protect("directory_rolloverline"),
        Protect("directory_rolloverchange"),
        Restrict("directory_rolloverline", "student_is_visible", STUDENT_IS_VISIBLE),
        SetOnce("directory_rolloverline", "student_id"),
        Audit("directory_rollover"),
        Audit("directory_rolloverschool"),
        Audit("directory_rolloverline"),
        Audit("directory_rolloverchange"),
    ]
