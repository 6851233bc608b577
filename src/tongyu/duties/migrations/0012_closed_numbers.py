"""With which schools' own numbers a window was closed: each seen where the number itself is, added and never changed."""

import django.db.models.deletion
from django.db import migrations, models

from tongyu.core.rls import LO, Protect, touches_range

ENGINE = f"{LO} = 0"
KEEP = "REVOKE UPDATE, DELETE, TRUNCATE ON duties_closednumber FROM tongyu_app"
LOOSEN = "GRANT UPDATE, DELETE ON duties_closednumber TO tongyu_app"


class Migration(migrations.Migration):
    dependencies = [("duties", "0006_dry_runs")]

    operations = [
        migrations.CreateModel(
            name="ClosedNumber",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("org", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("parameters", models.JSONField()),
                (
                    "duty",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="duties.closedduty",
                    ),
                ),
            ],
            options={
                "verbose_name": "结账时学校自己的数值",
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "org"), name="closed_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(hi__gt=models.F("org")), name="closed_number_range"
                    ),
                ],
            },
        ),
        Protect("duties_closednumber", touches_range("org", "hi"), ENGINE),
        migrations.RunSQL(KEEP, LOOSEN),
    ]
