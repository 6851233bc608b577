"""A decision's task may be a member's, who says on the own phone that it is done."""

from django.db import migrations, models

from tongyu.core.rls import Reprotect, in_range, of_own_place

OWN_GUARDIAN = "guardian_id = ANY ((SELECT directory_own_guardians())::uuid[])"
BOTH = f"{in_range()} OR {of_own_place()}"
MINE_TOO = f"{in_range()} OR ({of_own_place()} AND {OWN_GUARDIAN})"


class Migration(migrations.Migration):
    dependencies = [("committees", "0004_elections_protected")]
    operations = [
        migrations.AddField("decision", "guardian_id", models.UUIDField(editable=False, null=True)),
        migrations.AddField("decision", "student_id", models.UUIDField(editable=False, null=True)),
        Reprotect("committees_decision", BOTH, MINE_TOO, was=(BOTH, in_range())),
    ]
