"""What the nation asks of a number, beside what the plan says."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plan", "0004_local_parameters")]

    operations = [
        migrations.AddField("parameter", "nation", models.JSONField(default=dict)),
    ]
