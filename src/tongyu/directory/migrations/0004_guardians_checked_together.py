"""New guardianships are checked for visible guardians all at once, where a trigger looked at each row.

The new rows stand already when they are checked and make their guardians visible, so they themselves do not count:
a guardian must be entered by a place in reach, or already answer for another child in reach. EXECUTE plans for
the number of rows at hand. An update of `guardian_id` is still checked row by row, before it is made.
"""

from importlib import import_module

from django.db import migrations

from tongyu.core.rls import in_range

BEFORE = import_module("tongyu.directory.migrations.0002_protection").GUARDIAN_IS_VISIBLE.partition(
    "CREATE TRIGGER"
)
EACH_INSERT = "".join(BEFORE[1:])

TOGETHER = f"""
DROP TRIGGER guardian_is_visible ON directory_guardianship;
CREATE TRIGGER guardian_is_visible BEFORE UPDATE OF guardian_id ON directory_guardianship
FOR EACH ROW EXECUTE FUNCTION guardianship_needs_visible_guardian();
CREATE FUNCTION guardianships_need_visible_guardians() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    strangers uuid[];
BEGIN
    EXECUTE $sql$
        SELECT array_agg(DISTINCT n.guardian_id) FROM new_rows n WHERE NOT EXISTS (
            SELECT FROM public.directory_guardian g WHERE g.id = n.guardian_id AND {in_range("g.org")})
    $sql$ INTO strangers;
    IF strangers IS NULL THEN
        RETURN NULL;
    END IF;
    EXECUTE $sql$
        SELECT array_agg(s.id) FROM unnest($1) AS s(id) WHERE NOT EXISTS (
            SELECT FROM public.directory_guardianship o
            WHERE o.guardian_id = s.id AND NOT EXISTS (SELECT FROM new_rows m WHERE m.id = o.id))
    $sql$ INTO strangers USING strangers;
    IF strangers IS NOT NULL THEN
        RAISE EXCEPTION 'guardian % is outside the scope', strangers[1] USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER guardians_are_visible AFTER INSERT ON directory_guardianship REFERENCING NEW TABLE AS new_rows
FOR EACH STATEMENT EXECUTE FUNCTION guardianships_need_visible_guardians();
"""
EACH = f"""
DROP TRIGGER guardians_are_visible ON directory_guardianship;
DROP FUNCTION guardianships_need_visible_guardians();
DROP TRIGGER guardian_is_visible ON directory_guardianship;
{EACH_INSERT}
"""


class Migration(migrations.Migration):
    dependencies = [("directory", "0003_roster_import"), ("core", "0003_audit_once_per_row")]
    operations = [migrations.RunSQL(TOGETHER, EACH)]
