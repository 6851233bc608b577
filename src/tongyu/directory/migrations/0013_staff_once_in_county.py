"""A staff member's identity number is held once in each county, like a pupil's: who has left one may come to another.

Undone only while no number stands in two counties.
"""

from django.db import migrations, models

COUNTY = 100_000_000_000


class Migration(migrations.Migration):
    dependencies = [("directory", "0012_numbers_once_in_county")]
    operations = [
        migrations.RemoveConstraint("staff", "staff_id_number_once"),
        migrations.AddConstraint(
            "staff",
            models.UniqueConstraint(
                "id_index", models.F("org") / COUNTY, name="staff_id_number_once_in_county"
            ),
        ),
    ]
