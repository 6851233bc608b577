"""A county's own numbers and readings, which edition binds which county, how an edition goes on from the one before.

What stands stays: a county without a binding works by the edition that is bound to nobody, as before.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, ReadOnlyForApp, in_range, touches_range

# Everybody of the county reads what its office has set; only who reaches the whole county writes it.
SEEN, WRITTEN = touches_range("org", "hi"), in_range()
# What was in force once is evidence: duties, circulars and judgements point to it.
USED_STAYS = """
CREATE FUNCTION plan_used_stays() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM plan_plan p WHERE p.id = OLD.plan_id AND p.in_force_from <= current_date)
       OR EXISTS (SELECT FROM plan_countyplan c WHERE c.plan_id = OLD.plan_id) THEN
        RAISE EXCEPTION '方案 % 的 % 已经用过，不能删除', OLD.plan_id, OLD.key USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER used_stays BEFORE DELETE ON plan_clause FOR EACH ROW EXECUTE FUNCTION plan_used_stays();
CREATE TRIGGER used_stays BEFORE DELETE ON plan_obligation FOR EACH ROW EXECUTE FUNCTION plan_used_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("plan", "0003_interpretations"), ("core", "0003_audit_once_per_row")]

    operations = [
        migrations.AddField(
            "plan",
            "follows",
            models.ForeignKey(
                "plan.plan", django.db.models.deletion.PROTECT, null=True, related_name="followed_by"
            ),
        ),
        migrations.AddField("parameter", "bounds", models.JSONField(default=dict)),
        migrations.CreateModel(
            name="CountyPlan",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("county", models.BigIntegerField()),
                ("from_day", models.DateField()),
                (
                    "plan",
                    models.ForeignKey(
                        "plan.plan", django.db.models.deletion.PROTECT, related_name="counties"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("county", "from_day"), name="plan_county_day")
                ]
            },
        ),
        migrations.CreateModel(
            name="EditionChange",
            fields=[
                ("id", models.SmallAutoField(primary_key=True, serialize=False)),
                ("order", models.SmallIntegerField()),
                (
                    "of",
                    models.CharField(choices=[("clause", "条款"), ("obligation", "责任事项")], max_length=10),
                ),
                ("kind", models.CharField(max_length=10)),
                ("old", models.JSONField()),
                ("new", models.JSONField()),
                (
                    "plan",
                    models.ForeignKey("plan.plan", django.db.models.deletion.PROTECT, related_name="changes"),
                ),
            ],
            options={
                "ordering": ["plan", "order"],
                "constraints": [models.UniqueConstraint(fields=("plan", "order"), name="plan_change_order")],
            },
        ),
        migrations.CreateModel(
            name="LocalNumber",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("value", models.JSONField()),
                ("valid_from", models.DateField(verbose_name="自哪天起")),
                ("until_day", models.DateField(blank=True, null=True, verbose_name="到哪天止")),
                ("paper", models.CharField(max_length=60, verbose_name="文号")),
                ("paper_date", models.DateField(verbose_name="文件日期")),
                ("reason", models.CharField(max_length=200, verbose_name="理由")),
                ("by_account", models.BigIntegerField(editable=False)),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("ended_by", models.BigIntegerField(editable=False, null=True)),
                (
                    "ended_reason",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="撤回原因"),
                ),
                ("carried_from", models.UUIDField(editable=False, null=True)),
                (
                    "plan",
                    models.ForeignKey(
                        "plan.plan", django.db.models.deletion.PROTECT, related_name="local_numbers"
                    ),
                ),
            ],
            options={
                "verbose_name": "本县数值",
                "indexes": [models.Index(fields=["org", "plan", "key"], name="local_number_place")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(until_day__isnull=True) | Q(until_day__gt=F("valid_from")),
                        fields=("org", "plan", "key", "valid_from"),
                        name="local_number_day",
                    ),
                    models.CheckConstraint(condition=Q(hi__gt=F("org")), name="local_number_range"),
                    models.CheckConstraint(
                        condition=Q(ended_by__isnull=True, ended_reason="", until_day__isnull=True)
                        | (
                            Q(ended_by__isnull=False, until_day__isnull=False, until_day__gte=F("valid_from"))
                            & ~Q(ended_reason="")
                        ),
                        name="local_number_end_is_signed",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OfficeReading",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField()),
                ("hi", models.BigIntegerField()),
                ("kind", models.CharField(max_length=20)),
                ("words", models.TextField()),
                ("reading", models.CharField(max_length=300, verbose_name="怎样理解")),
                ("confirmed", models.BooleanField(default=False)),
                ("paper", models.CharField(blank=True, default="", max_length=60, verbose_name="文号")),
                ("paper_date", models.DateField(blank=True, null=True, verbose_name="文件日期")),
                ("valid_from", models.DateField(verbose_name="自哪天起")),
                ("by_account", models.BigIntegerField(editable=False)),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                ("carried_from", models.UUIDField(editable=False, null=True)),
                (
                    "clause",
                    models.ForeignKey("plan.clause", django.db.models.deletion.PROTECT, related_name="+"),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        "plan.obligation", django.db.models.deletion.PROTECT, null=True, related_name="+"
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        "plan.plan", django.db.models.deletion.PROTECT, related_name="office_readings"
                    ),
                ),
            ],
            options={
                "verbose_name": "办公室的解释",
                "indexes": [models.Index(fields=["org", "plan"], name="office_reading_place")],
                "constraints": [
                    models.CheckConstraint(condition=Q(hi__gt=F("org")), name="office_reading_range"),
                    models.CheckConstraint(
                        condition=Q(confirmed=True, paper="", paper_date__isnull=True)
                        | (Q(confirmed=False, paper_date__isnull=False) & ~Q(paper="")),
                        name="office_reading_has_paper",
                    ),
                ],
            },
        ),
        ReadOnlyForApp("plan_countyplan"),
        ReadOnlyForApp("plan_editionchange"),
        Protect("plan_localnumber", SEEN, WRITTEN),
        Audit("plan_localnumber"),
        Protect("plan_officereading", SEEN, WRITTEN),
        Audit("plan_officereading"),
        migrations.RunSQL(USED_STAYS, "DROP FUNCTION plan_used_stays() CASCADE"),
    ]
