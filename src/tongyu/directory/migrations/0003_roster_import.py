"""Uploaded rosters, each seen from the place that uploaded it."""

from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import Protect


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0002_protection"),
    ]

    operations = [
        migrations.CreateModel(
            name="RosterImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField(verbose_name="发起单位")),
                (
                    "kind",
                    models.CharField(
                        choices=[("students", "学生和监护人"), ("staff", "教职工"), ("bodies", "学校")],
                        max_length=16,
                        verbose_name="名册",
                    ),
                ),
                ("filename", models.CharField(max_length=120, verbose_name="文件名")),
                ("complete", models.BooleanField(default=False, verbose_name="完整名册")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("checking", "检查中"),
                            ("unreadable", "读不出来"),
                            ("faulty", "有问题，待修改"),
                            ("ready", "可以导入"),
                            ("importing", "导入中"),
                            ("imported", "已导入"),
                            ("cancelled", "已取消"),
                        ],
                        default="checking",
                        max_length=16,
                        verbose_name="状态",
                    ),
                ),
                ("content", models.BinaryField(null=True)),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("summary", models.JSONField(blank=True, default=dict, verbose_name="变更摘要")),
                ("faults", models.JSONField(blank=True, default=list, verbose_name="问题")),
                ("job_id", models.UUIDField(editable=False, null=True)),
                ("asked_by", models.CharField(max_length=32, verbose_name="发起账号")),
                ("uploaded_at", models.DateTimeField(auto_now_add=True, verbose_name="上传时间")),
                ("imported_at", models.DateTimeField(blank=True, null=True, verbose_name="导入时间")),
            ],
            options={
                "verbose_name": "名册导入",
                "ordering": ["-uploaded_at"],
                "indexes": [models.Index(fields=["org", "-uploaded_at"], name="roster_import_org")],
            },
        ),
        Protect("directory_rosterimport"),
    ]
