"""The office's decisions about schools, seen from the school that was and from the one that is."""

from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, in_range

TABLE = "directory_reorganisation"


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0010_change_sets"),
    ]

    operations = [
        migrations.CreateModel(
            name="Reorganisation",
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
                            ("merge", "并入另一所学校"),
                            ("split", "分出一所新学校"),
                            ("township", "划到另一个乡镇"),
                        ],
                        max_length=8,
                        verbose_name="类型",
                    ),
                ),
                ("org", models.BigIntegerField(verbose_name="原学校")),
                ("to_school", models.BigIntegerField(verbose_name="新学校")),
                ("day", models.DateField(verbose_name="生效日期")),
                ("paper", models.CharField(max_length=80, verbose_name="批准文件")),
                ("classes", models.IntegerField(verbose_name="班级数")),
                ("pupils", models.IntegerField(verbose_name="学生数")),
                ("by_account", models.BigIntegerField(editable=False, verbose_name="经办账号")),
                ("entered_at", models.DateTimeField(verbose_name="办理时间")),
            ],
            options={
                "verbose_name": "学校调整",
                "ordering": ["-entered_at"],
                "indexes": [models.Index(fields=["org"], name="reorganisation_org")],
            },
        ),
        Protect(TABLE, f"({in_range()} OR {in_range('to_school')})", in_range()),
        Audit(TABLE),
    ]
