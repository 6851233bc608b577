"""Who ended an exemption early, and why; one that is ended before its first day is empty."""

from django.db import migrations, models
from django.db.models import F, Q

# The way back: rows without a day, which the older constraint knows not, have never lifted anything.
DROP_EMPTY = [
    "ALTER TABLE duties_exemption NO FORCE ROW LEVEL SECURITY",
    "ALTER TABLE duties_exemption DISABLE TRIGGER USER",
    "DELETE FROM duties_exemption WHERE until_day = from_day",
    "ALTER TABLE duties_exemption ENABLE TRIGGER USER",
    "ALTER TABLE duties_exemption FORCE ROW LEVEL SECURITY",
]


class Migration(migrations.Migration):
    dependencies = [("duties", "0003_rulebook")]
    operations = [
        migrations.RemoveConstraint("exemption", "exemption_in_order"),
        migrations.RunSQL(migrations.RunSQL.noop, DROP_EMPTY),
        migrations.AddField("exemption", "ended_by", models.BigIntegerField(editable=False, null=True)),
        migrations.AddField(
            "exemption",
            "ended_reason",
            models.CharField(blank=True, default="", max_length=120, verbose_name="终止原因"),
        ),
        migrations.AddConstraint(
            "exemption",
            models.CheckConstraint(
                condition=Q(until_day__isnull=True)
                | Q(until_day__gt=F("from_day"))
                | Q(ended_by__isnull=False, until_day=F("from_day")),
                name="exemption_in_order",
            ),
        ),
        migrations.AddConstraint(
            "exemption",
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_reason="")
                | (Q(ended_by__isnull=False, until_day__isnull=False) & ~Q(ended_reason="")),
                name="exemption_end_is_signed",
            ),
        ),
    ]
