"""A pupil's numbers are held once in each county: who has left one county can be enrolled in another one here.

Undone only while no number stands in two counties.
"""

from django.db import migrations, models

COUNTY = 100_000_000_000


class Migration(migrations.Migration):
    dependencies = [("directory", "0011_given_passwords")]
    operations = [
        migrations.RemoveConstraint("student", "student_number_once"),
        migrations.RemoveConstraint("student", "student_id_number_once"),
        migrations.AddConstraint(
            "student",
            models.UniqueConstraint(
                "student_number_index", models.F("org") / COUNTY, name="student_number_once_in_county"
            ),
        ),
        migrations.AddConstraint(
            "student",
            models.UniqueConstraint(
                "id_index", models.F("org") / COUNTY, name="student_id_number_once_in_county"
            ),
        ),
    ]
