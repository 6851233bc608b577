"""Who sees a bulletin and its answers, said by the database; answers are inserted and never changed.

A family has the bulletins of its own children only, and of the answers each guardian the own ones (check C07).
"""

from django.db import migrations

from tongyu.core.rls import (
    APP_ROLE,
    PERSON,
    Audit,
    Protect,
    Restrict,
    ScopedForeignKey,
    SetOnce,
    in_range,
    of_ward,
    touches_range,
)

MINE = "((SELECT directory_own_guardians())::uuid[])"
OWN_CHILD_HAS_IT = (
    "EXISTS (SELECT FROM bulletins_bulletinchild c WHERE c.bulletin_id = bulletins_bulletin.id)"
)
SEEN = f"{touches_range('org', 'hi')} OR {OWN_CHILD_HAS_IT}"
BULLETIN = "EXISTS (SELECT FROM bulletins_bulletin b WHERE b.id = bulletin_id)"
OWN = f"({of_ward()} AND guardian_id = ANY {MINE})"
GUARDIAN_OF_CHILD = (
    "EXISTS (SELECT FROM directory_guardianship g WHERE g.guardian_id = bulletins_answer.guardian_id "
    "AND g.student_id = bulletins_answer.student_id)"
)
# A trigger, because the bulletin's own policy looks at the children: as a policy it would recurse.
BULLETIN_IS_VISIBLE = """
CREATE FUNCTION bulletin_child_needs_visible_bulletin() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows n WHERE NOT EXISTS (
        SELECT FROM public.bulletins_bulletin b WHERE b.id = n.bulletin_id AND b.org <= n.org AND n.org < b.hi))
    THEN
        RAISE EXCEPTION 'a child outside its bulletin' USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER bulletin_is_visible AFTER INSERT ON bulletins_bulletinchild REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION bulletin_child_needs_visible_bulletin();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("bulletins", "0001_initial"),
        ("directory", "0015_families_protected"),
        ("core", "0011_audit_hat"),
    ]
    operations = [
        Protect("bulletins_bulletinchild", f"{in_range()} OR {of_ward()}", in_range()),
        Protect("bulletins_bulletin", SEEN, in_range()),
        SetOnce("bulletins_bulletin", "org", "hi", "title", "text", "need", "whose", "deadline", "by_body"),
        ScopedForeignKey(
            "bulletins_bulletinchild",
            ("enrolment_id", "student_id", "org"),
            "directory_enrolment",
            ("id", "student_id", "org"),
        ),
        migrations.RunSQL(
            BULLETIN_IS_VISIBLE,
            "DROP TRIGGER bulletin_is_visible ON bulletins_bulletinchild;"
            "DROP FUNCTION bulletin_child_needs_visible_bulletin()",
        ),
        SetOnce("bulletins_bulletinchild", "bulletin_id"),
        Protect("bulletins_bulletinfile", BULLETIN, in_range()),
        ScopedForeignKey(
            "bulletins_bulletinfile", ("bulletin_id", "org"), "bulletins_bulletin", ("id", "org"), unique=True
        ),
        Protect("bulletins_reminder"),
        ScopedForeignKey("bulletins_reminder", ("bulletin_id", "org"), "bulletins_bulletin", ("id", "org")),
        Protect(
            "bulletins_answer",
            f"{in_range()} OR {OWN}",
            f"{in_range()} OR ({OWN} AND by_account::text = {PERSON})",
        ),
        ScopedForeignKey(
            "bulletins_answer",
            ("child_id", "bulletin_id", "student_id", "org"),
            "bulletins_bulletinchild",
            ("id", "bulletin_id", "student_id", "org"),
            unique=True,
        ),
        Restrict("bulletins_answer", "guardian_of_child", GUARDIAN_OF_CHILD),
        migrations.RunSQL(
            f"REVOKE UPDATE, DELETE, TRUNCATE ON bulletins_answer FROM {APP_ROLE}",
            f"GRANT UPDATE, DELETE ON bulletins_answer TO {APP_ROLE}",
        ),
        Audit("bulletins_bulletin"),
        Audit("bulletins_bulletinchild"),
        Audit("bulletins_bulletinfile"),
        Audit("bulletins_reminder"),
        Audit("bulletins_answer"),
    ]
