"""Row-level security, audit and scoped foreign keys of the people's tables; one class teacher at a time."""

from django.db import migrations

from tongyu.core.rls import PERSON, Audit, Protect, Restrict, ScopedForeignKey, SetOnce, in_range

# int8range carries the equality, because the embedded server has no btree_gist.
ONE_CLASS_TEACHER = """
ALTER TABLE directory_appointment ADD CONSTRAINT appointment_one_class_teacher
EXCLUDE USING gist (int8range(org, org, '[]') WITH &&, daterange(from_day, until_day) WITH &&)
WHERE (role = 'class_teacher' AND withdrawn_at IS NULL)
"""
A_WARD_IS_VISIBLE = (
    "EXISTS (SELECT 1 FROM directory_guardianship g WHERE g.guardian_id = directory_guardian.id)"
)
STUDENT_IS_VISIBLE = "EXISTS (SELECT 1 FROM directory_student s WHERE s.id = student_id)"
STAFF_IS_VISIBLE = "staff_id IS NULL OR EXISTS (SELECT 1 FROM directory_staff s WHERE s.id = staff_id)"

# A trigger, because the guardian's own policy looks at guardianships: as a policy it would recurse.
GUARDIAN_IS_VISIBLE = """
CREATE FUNCTION guardianship_needs_visible_guardian() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM public.directory_guardian g WHERE g.id = NEW.guardian_id) THEN
        RAISE EXCEPTION 'guardian % is outside the scope', NEW.guardian_id
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER guardian_is_visible BEFORE INSERT OR UPDATE OF guardian_id ON directory_guardianship
FOR EACH ROW EXECUTE FUNCTION guardianship_needs_visible_guardian();
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_initial"), ("core", "0001_audit")]
    operations = [
        Protect("directory_staff", f"{in_range()} OR account_id::text = {PERSON}", in_range()),
        Protect("directory_student"),
        Protect("directory_enrolment"),
        Protect("directory_guardian", f"{in_range()} OR {A_WARD_IS_VISIBLE}"),
        Protect("directory_guardianship"),
        Protect("directory_appointment", f"{in_range()} OR account_id::text = {PERSON}", in_range()),
        Restrict("directory_enrolment", "student_is_visible", STUDENT_IS_VISIBLE),
        SetOnce("directory_enrolment", "student_id"),
        migrations.RunSQL(
            GUARDIAN_IS_VISIBLE,
            "DROP TRIGGER guardian_is_visible ON directory_guardianship;"
            "DROP FUNCTION guardianship_needs_visible_guardian()",
        ),
        Restrict("directory_appointment", "staff_is_visible", STAFF_IS_VISIBLE),
        SetOnce("directory_appointment", "staff_id"),
        ScopedForeignKey(
            "directory_guardianship",
            ("student_id", "org"),
            "directory_student",
            ("id", "org"),
            on_update="CASCADE",
        ),
        migrations.RunSQL(
            ONE_CLASS_TEACHER,
            "ALTER TABLE directory_appointment DROP CONSTRAINT appointment_one_class_teacher",
        ),
        Audit("directory_staff"),
        Audit("directory_student"),
        Audit("directory_enrolment"),
        Audit("directory_guardian"),
        Audit("directory_guardianship"),
        Audit("directory_appointment"),
        Audit("directory_body", key="code"),
        Audit("directory_schoolyear"),
        Audit("directory_term"),
        Audit("directory_holiday"),
    ]
