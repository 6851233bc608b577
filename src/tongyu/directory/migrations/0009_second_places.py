"""Second places of pupils, seen from the pupil's class and from the second place; they are no enrolments.

The name is all that the second place is told of the pupil, whose own row stays out of its reach. It follows by trigger.
"""

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, Restrict, ScopedForeignKey, in_range

TABLE = "directory_secondplace"
NAME_FOLLOWS = """
CREATE FUNCTION second_place_follows_name() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    UPDATE public.directory_secondplace SET name = NEW.name WHERE student_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER second_place_follows_name AFTER UPDATE OF name ON directory_student FOR EACH ROW
WHEN (OLD.name IS DISTINCT FROM NEW.name) EXECUTE FUNCTION second_place_follows_name();
"""
NAME_STAYS = """
DROP TRIGGER second_place_follows_name ON directory_student;
DROP FUNCTION second_place_follows_name();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0008_transfers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SecondPlace",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("org", models.BigIntegerField(verbose_name="学籍班级")),
                ("place", models.BigIntegerField(verbose_name="第二就读地")),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("inclusive_class", "随班就读"),
                            ("home_teaching", "送教上门"),
                            ("boarding", "寄宿"),
                        ],
                        max_length=16,
                        verbose_name="方式",
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                ("from_day", models.DateField(verbose_name="起")),
                ("until_day", models.DateField(blank=True, null=True, verbose_name="止")),
                ("by_account", models.BigIntegerField(editable=False, verbose_name="登记账号")),
                ("entered_at", models.DateTimeField(verbose_name="登记时间")),
                ("ended_by", models.BigIntegerField(editable=False, null=True, verbose_name="结束账号")),
                (
                    "student",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="second_places",
                        to="directory.student",
                        verbose_name="学生",
                    ),
                ),
            ],
            options={
                "verbose_name": "第二就读地",
                "indexes": [
                    models.Index(fields=["place"], name="second_place_place"),
                    models.Index(fields=["org"], name="second_place_org"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("until_day__isnull", True),
                            ("until_day__gte", models.F("from_day")),
                            _connector="OR",
                        ),
                        name="second_place_in_order",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("until_day__isnull", True)),
                        fields=("student", "mode"),
                        name="second_place_one_open",
                    ),
                ],
            },
        ),
        Protect(TABLE, f"({in_range()} OR {in_range('place')})"),
        Restrict(TABLE, "own_pupil", in_range()),
        ScopedForeignKey(
            TABLE, ("student_id", "org"), "directory_student", ("id", "org"), on_update="CASCADE"
        ),
        migrations.RunSQL(NAME_FOLLOWS, NAME_STAYS),
        Audit(TABLE),
    ]
