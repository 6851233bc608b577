"""When an upload was last worked on, and the state of one that was left alone."""

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0005_guardianship_keys"),
    ]

    operations = [
        migrations.AddField(
            model_name="rosterimport",
            name="touched_at",
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name="最近处理时间"),
        ),
        migrations.AlterField(
            model_name="rosterimport",
            name="state",
            field=models.CharField(
                choices=[
                    ("checking", "检查中"),
                    ("unreadable", "读不出来"),
                    ("faulty", "有问题，待修改"),
                    ("ready", "可以导入"),
                    ("importing", "导入中"),
                    ("imported", "已导入"),
                    ("cancelled", "已取消"),
                    ("expired", "已过期"),
                ],
                default="checking",
                max_length=16,
                verbose_name="状态",
            ),
        ),
    ]
