"""Imports as change sets: told columns, conflicts, missing people, the rows before and after; and changes by hand."""

import django.db.models.deletion
from django.db import migrations, models

import tongyu.core.encryption
import tongyu.core.ids
from tongyu.core.rls import Audit, Protect, Restrict, SetOnce

# What the running transaction itself wrote to the audit under the request in force: nothing of anybody else, nothing
# of before. The application reads no other audit row.
OWN_CHANGES = """
CREATE FUNCTION own_changes()
RETURNS TABLE (id bigint, subject text, row_id text, act text, old jsonb, new jsonb)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT e.id, e.subject, e.row_id, e.act, e.old, e.new FROM public.audit_event e
    WHERE e.at >= transaction_timestamp() AND e.act IN ('insert', 'update', 'delete')
    AND e.request = current_setting('app.request', true) AND e.actor = current_setting('app.actor', true)
    AND e.request <> ''
$$;
REVOKE ALL ON FUNCTION own_changes() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION own_changes() TO tongyu_app;
"""

PURPOSES = "'名册导入', '撤销名册导入'"


def by_hand(table: str, fields: dict[str, str]) -> str:
    """A trigger that notes which of these values a person changed; `fields`: the name of a value and its column."""
    differing = ", ".join(
        f"('{name}', n.{column} IS DISTINCT FROM o.{column})" for name, column in fields.items()
    )
    return f"""
CREATE FUNCTION {table}_by_hand() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF COALESCE(current_setting('app.purpose', true), '') IN ({PURPOSES}) THEN
        RETURN NULL;
    END IF;
    INSERT INTO public.directory_handchange (subject, field, at)
    SELECT n.id, d.field, transaction_timestamp()
    FROM new_rows n JOIN old_rows o ON o.id = n.id CROSS JOIN LATERAL (VALUES {differing}) d (field, differs)
    WHERE d.differs
    ON CONFLICT (subject, field) DO UPDATE SET at = excluded.at;
    RETURN NULL;
END $$;
CREATE TRIGGER by_hand AFTER UPDATE ON {table} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION {table}_by_hand();
"""


STUDENT = {
    "name": "name", "number_index": "student_number_index", "id_index": "id_index", "sex": "sex", "org": "org",
    "born_on": "born_on", "disability": "disability", "left_behind": "left_behind", "single_parent": "single_parent",
    "address": "address",
}  # fmt: skip
GUARDIAN = {"guardian_name": "name", "guardian_phone": "phone_index"}

SUBJECT_IS_VISIBLE = (
    "EXISTS (SELECT 1 FROM directory_student s WHERE s.id = subject) "
    "OR EXISTS (SELECT 1 FROM directory_guardian g WHERE g.id = subject)"
)
ROSTER_IS_VISIBLE = "EXISTS (SELECT 1 FROM directory_rosterimport r WHERE r.id = roster_id)"
STATES = [
    ("checking", "检查中"),
    ("columns", "待指定各列"),
    ("unreadable", "读不出来"),
    ("faulty", "有问题，待修改"),
    ("ready", "可以导入"),
    ("importing", "导入中"),
    ("imported", "已导入"),
    ("undoing", "撤销中"),
    ("undone", "已撤销"),
    ("cancelled", "已取消"),
    ("expired", "已过期"),
]


def key() -> models.UUIDField:
    """The primary key that all these tables have."""
    return models.UUIDField(default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False)


def of_roster(name: str) -> models.ForeignKey:
    """The import that the row belongs to."""
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to="directory.rosterimport"
    )


class Migration(migrations.Migration):
    dependencies = [("directory", "0009_rollover"), ("core", "0004_fresh_statistics")]
    operations = [
        migrations.AddField("rosterimport", "kept", models.BinaryField(null=True)),
        migrations.AddField(
            "rosterimport",
            "layout",
            models.CharField(blank=True, default="", max_length=64, editable=False),
            False,
        ),
        migrations.AddField(
            "rosterimport", "undone_at", models.DateTimeField(blank=True, null=True, verbose_name="撤销时间")
        ),
        migrations.AlterField(
            "rosterimport",
            "state",
            models.CharField(choices=STATES, default="checking", max_length=16, verbose_name="状态"),
        ),
        migrations.CreateModel(
            name="RosterLayout",
            fields=[
                ("id", key()),
                ("org", models.BigIntegerField(verbose_name="单位")),
                (
                    "kind",
                    models.CharField(
                        choices=[("students", "学生和监护人"), ("staff", "教职工"), ("bodies", "学校")],
                        max_length=16,
                        verbose_name="名册",
                    ),
                ),
                ("layout", models.CharField(max_length=64, verbose_name="表头摘要")),
                ("columns", models.JSONField(default=dict, verbose_name="列")),
                ("set_by", models.CharField(max_length=32, verbose_name="指定账号")),
                ("set_at", models.DateTimeField(auto_now=True, verbose_name="指定时间")),
            ],
            options={
                "verbose_name": "名册版式",
                "constraints": [
                    models.UniqueConstraint(fields=["org", "kind", "layout"], name="roster_layout_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterConflict",
            fields=[
                ("id", key()),
                ("org", models.BigIntegerField(verbose_name="班级")),
                ("row", models.IntegerField(verbose_name="行")),
                ("name", models.CharField(max_length=60, verbose_name="学生")),
                ("subject", models.UUIDField()),
                ("field", models.CharField(max_length=24, verbose_name="项目")),
                ("stands_text", tongyu.core.encryption.EncryptedTextField(null=True, verbose_name="现有的")),
                ("file_text", tongyu.core.encryption.EncryptedTextField(null=True, verbose_name="文件里的")),
                ("mark", models.BinaryField()),
                (
                    "decision",
                    models.CharField(
                        blank=True,
                        choices=[("file", "用文件里的"), ("keep", "保留现有的")],
                        max_length=4,
                        verbose_name="决定",
                    ),
                ),
                ("decided_by", models.CharField(blank=True, max_length=32, verbose_name="决定账号")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("roster", of_roster("conflicts")),
            ],
            options={
                "verbose_name": "名册分歧",
                "ordering": ["field", "row", "id"],
                "indexes": [models.Index(fields=["subject", "field"], name="roster_conflict_subject")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["roster", "subject", "field"], name="roster_conflict_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", ""), ("decision", ""))
                        | (~models.Q(("decision", "")) & ~models.Q(("decided_by", ""))),
                        name="roster_conflict_decided_by",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterAbsent",
            fields=[
                ("id", key()),
                ("org", models.BigIntegerField(verbose_name="班级或单位")),
                ("subject", models.UUIDField()),
                ("staff", models.BooleanField(default=False, verbose_name="教职工")),
                ("name", models.CharField(max_length=60, verbose_name="姓名")),
                (
                    "fate",
                    models.CharField(
                        blank=True,
                        choices=[("left", "已离开"), ("stays", "仍在，不动"), ("ask", "请学校核实")],
                        max_length=8,
                        verbose_name="决定",
                    ),
                ),
                ("left_on", models.DateField(blank=True, null=True, verbose_name="离开日期")),
                ("decided_by", models.CharField(blank=True, max_length=32, verbose_name="决定账号")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="决定时间")),
                ("roster", of_roster("absent")),
            ],
            options={
                "verbose_name": "不在名册里的人",
                "ordering": ["org", "name", "id"],
                "indexes": [models.Index(fields=["org", "fate"], name="roster_absent_org")],
                "constraints": [
                    models.UniqueConstraint(fields=["roster", "subject"], name="roster_absent_once"),
                    models.CheckConstraint(
                        condition=models.Q(("fate", "left"), ("left_on__isnull", False))
                        | (models.Q(("left_on__isnull", True)) & ~models.Q(("fate", "left"))),
                        name="roster_absent_left_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RosterChange",
            fields=[
                ("id", key()),
                ("org", models.BigIntegerField(verbose_name="发起单位")),
                ("part", models.IntegerField(verbose_name="次序")),
                ("rows", models.IntegerField(verbose_name="行数")),
                ("content", models.BinaryField()),
                ("roster", of_roster("changes")),
            ],
            options={
                "verbose_name": "名册变更集",
                "ordering": ["part"],
                "constraints": [
                    models.UniqueConstraint(fields=["roster", "part"], name="roster_change_part_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="HandChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("subject", models.UUIDField()),
                ("field", models.CharField(max_length=24)),
                ("at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "人工修改",
                "constraints": [
                    models.UniqueConstraint(fields=["subject", "field"], name="hand_change_once")
                ],
            },
        ),
        Protect("directory_rosterlayout"),
        Protect("directory_rosterconflict"),
        Protect("directory_rosterabsent"),
        Protect("directory_rosterchange"),
        Protect("directory_handchange", SUBJECT_IS_VISIBLE),
        *(
            operation
            for table in ("directory_rosterconflict", "directory_rosterabsent", "directory_rosterchange")
            for operation in (
                Restrict(table, "roster_is_visible", ROSTER_IS_VISIBLE),
                SetOnce(table, "roster_id"),
            )
        ),
        Audit("directory_rosterlayout"),
        Audit("directory_rosterconflict"),
        Audit("directory_rosterabsent"),
        Audit("directory_handchange"),
        migrations.RunSQL(OWN_CHANGES, "DROP FUNCTION own_changes()"),
        migrations.RunSQL(
            by_hand("directory_student", STUDENT),
            "DROP TRIGGER by_hand ON directory_student; DROP FUNCTION directory_student_by_hand()",
        ),
        migrations.RunSQL(
            by_hand("directory_guardian", GUARDIAN),
            "DROP TRIGGER by_hand ON directory_guardian; DROP FUNCTION directory_guardian_by_hand()",
        ),
    ]
