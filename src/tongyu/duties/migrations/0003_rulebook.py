"""A mark that is new whenever plan or calendar change, and the locks of a refresh in one call.

The mark is random: what a rolled back transaction left in some process's memory is never taken for what came after.
"""

from django.db import migrations

TABLES = (
    "plan_plan",
    "plan_obligation",
    "plan_parameter",
    "directory_schoolyear",
    "directory_term",
    "directory_holiday",
)
RULEBOOK = """
CREATE TABLE duties_rulebook (id boolean PRIMARY KEY DEFAULT true CHECK (id), mark uuid NOT NULL);
INSERT INTO duties_rulebook (mark) VALUES (gen_random_uuid());
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON duties_rulebook FROM tongyu_app;
CREATE FUNCTION duties_rulebook_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO public.duties_rulebook (mark) VALUES (gen_random_uuid())
    ON CONFLICT (id) DO UPDATE SET mark = excluded.mark;
    RETURN NULL;
END $$;
"""
WATCH = """
CREATE TRIGGER duties_rulebook_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION duties_rulebook_changed();
"""
# Each statement of the function sees what was committed while the one before it waited: the classes once nobody
# recomputes the county, the mark once the schools are held. Schools are locked in the order of their codes.
LOCK = """
CREATE FUNCTION duties_lock(
    county bigint, alone boolean, schools bigint[], pupils uuid[], width bigint, OUT mark uuid, OUT classes bigint[]
) LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('plan_cache_mode', 'force_generic_plan', true);
    IF alone THEN
        PERFORM pg_advisory_xact_lock(county);
    ELSE
        PERFORM pg_advisory_xact_lock_shared(county);
    END IF;
    classes := ARRAY(SELECT DISTINCT e.org FROM directory_enrolment e WHERE e.student_id = ANY (pupils));
    IF NOT alone THEN
        PERFORM pg_advisory_xact_lock(held.code) FROM (
            SELECT unnest(schools) AS code UNION SELECT c - c % width FROM unnest(classes) c ORDER BY 1
        ) held;
    END IF;
    mark := (SELECT r.mark FROM duties_rulebook r);
END $$
"""
UNDO = "DROP FUNCTION duties_rulebook_changed() CASCADE; DROP TABLE duties_rulebook"
UNLOCK = "DROP FUNCTION duties_lock(bigint, boolean, bigint[], uuid[], bigint)"


class Migration(migrations.Migration):
    dependencies = [
        ("duties", "0002_protection"),
        ("plan", "0002_read_only"),
        ("directory", "0002_protection"),
    ]
    operations = [
        migrations.RunSQL(RULEBOOK + "".join(WATCH.format(table=table) for table in TABLES), UNDO),
        migrations.RunSQL(LOCK, UNLOCK),
    ]
