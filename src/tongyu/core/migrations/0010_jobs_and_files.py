"""Why a job was not done; and the files that jobs make for their askers, seen by those alone."""

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.encryption
import tongyu.core.ids
from tongyu.core.rls import PERSON, Protect, Restrict, SetOnce

OWN = f"asked_by = {PERSON} OR (SELECT current_setting('app.actor', true) ^@ 'system:')"
JOB_IS_VISIBLE = "job_id IS NULL OR EXISTS (SELECT 1 FROM core_jobprogress j WHERE j.id = job_id)"
ENDS = [
    ("refused", "条件不满足，没有执行；原因已告诉发起人"),
    ("broken", "程序出错，已写入日志"),
    ("given_up", "工作进程多次中断，已放弃"),
]


class Migration(migrations.Migration):
    dependencies = [("core", "0004_fresh_statistics")]
    operations = [
        migrations.AddField(
            "jobprogress",
            "ended",
            models.CharField(
                blank=True, choices=ENDS, default="", max_length=8, verbose_name="没有完成的原因"
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="KeptFile",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_by", models.CharField(max_length=32, verbose_name="发起账号")),
                ("org", models.BigIntegerField(verbose_name="发起单位")),
                ("role", models.CharField(max_length=32, verbose_name="发起职务")),
                ("name", models.CharField(max_length=120, verbose_name="文件名")),
                (
                    "asked_text",
                    tongyu.core.encryption.EncryptedTextField(editable=False, verbose_name="要什么"),
                ),
                ("content", models.BinaryField(null=True)),
                ("size", models.IntegerField(default=0, verbose_name="大小（字节）")),
                ("kept_until", models.DateTimeField(verbose_name="保留至")),
                (
                    "job",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="file",
                        to="core.jobprogress",
                    ),
                ),
            ],
            options={
                "verbose_name": "导出文件",
                "indexes": [models.Index(fields=["kept_until"], name="kept_file_until")],
            },
        ),
        Protect("core_keptfile", OWN),
        Restrict("core_keptfile", "job_is_visible", JOB_IS_VISIBLE),
        SetOnce("core_keptfile", "job_id"),
    ]
