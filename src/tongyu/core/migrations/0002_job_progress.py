"""How far jobs have come; each account sees its own."""

from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import PERSON, Protect

OWN = f"asked_by = {PERSON} OR (SELECT current_setting('app.actor', true) ^@ 'system:')"


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0001_audit"),
    ]

    operations = [
        migrations.CreateModel(
            name="JobProgress",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=64, verbose_name="类别")),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("asked_by", models.CharField(max_length=32, verbose_name="发起账号")),
                ("org", models.BigIntegerField(verbose_name="发起单位")),
                ("done", models.IntegerField(default=0, verbose_name="已完成")),
                ("total", models.IntegerField(default=0, verbose_name="总数")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "排队中"),
                            ("running", "进行中"),
                            ("done", "已完成"),
                            ("failed", "未完成"),
                        ],
                        default="queued",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("message", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("result", models.JSONField(blank=True, default=dict, verbose_name="结果")),
                ("queued_at", models.DateTimeField(auto_now_add=True, verbose_name="排队时间")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="开始时间")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
            ],
            options={
                "verbose_name": "后台任务",
                "indexes": [models.Index(fields=["asked_by", "-queued_at"], name="job_asked_by")],
                "constraints": [],
            },
        ),
        Protect("core_jobprogress", OWN),
    ]
