"""What the planner must know of a table that has just been filled, without waiting for autovacuum's minute.

The application's role owns no table; this function of the owner analyzes what it is given and does nothing else.
"""

from django.db import migrations

FRESH = """
CREATE FUNCTION fresh_statistics(tables regclass[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    one regclass;
BEGIN
    FOREACH one IN ARRAY tables LOOP
        EXECUTE format('ANALYZE %s', one);
    END LOOP;
END $$;
REVOKE ALL ON FUNCTION fresh_statistics(regclass[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION fresh_statistics(regclass[]) TO tongyu_app;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_audit_once_per_row")]
    operations = [migrations.RunSQL(FRESH, "DROP FUNCTION fresh_statistics(regclass[])")]
