"""What the scoped foreign key and the index on (guardian, org) already do is done once: a roster has 56,000 of them."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0004_guardians_checked_together"),
    ]

    operations = [
        migrations.AlterField(
            model_name="guardianship",
            name="guardian",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="guardianships",
                to="directory.guardian",
            ),
        ),
        migrations.AlterField(
            model_name="guardianship",
            name="student",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="guardianships",
                to="directory.student",
            ),
        ),
    ]
