"""The audit function turns each changed row into JSON once, where it did so for every column that it took from it.

`OFFSET 0` keeps the planner from writing the expression into each place that uses it. The plan is kept with the
connection, perhaps since a change of one row, and nested loops of that plan would pair old and new rows of a large
change for minutes: so they are off.
"""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("tongyu.core.migrations.0001_audit").AUDIT_ROWS.replace(
    "CREATE", "CREATE OR REPLACE", 1
)

AUDIT_ROWS = """
CREATE OR REPLACE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    who text := NULLIF(current_setting('app.actor', true), '');
    for_person text := COALESCE(current_setting('app.person', true), '');
    what_for text := COALESCE(current_setting('app.purpose', true), '');
    by_request text := COALESCE(current_setting('app.request', true), '');
    key text := TG_ARGV[0];
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'a change of % needs an actor (app.actor is not set)', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.audit_event (actor, person, purpose, request, act, subject, row_id, org, new)
        SELECT who, for_person, what_for, by_request, 'insert', TG_TABLE_NAME,
               COALESCE(r.j ->> key, ''), (r.j ->> 'org')::bigint, r.j
        FROM (SELECT to_jsonb(n) AS j FROM new_rows n OFFSET 0) r;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO public.audit_event (actor, person, purpose, request, act, subject, row_id, org, old, new)
        SELECT who, for_person, what_for, by_request, 'update', TG_TABLE_NAME,
               COALESCE(a.j ->> key, ''), (a.j ->> 'org')::bigint, b.j, a.j
        FROM (SELECT to_jsonb(n) AS j FROM new_rows n OFFSET 0) a
        LEFT JOIN (SELECT to_jsonb(o) AS j FROM old_rows o OFFSET 0) b ON b.j ->> key = a.j ->> key
        WHERE a.j IS DISTINCT FROM b.j;
    ELSE
        INSERT INTO public.audit_event (actor, person, purpose, request, act, subject, row_id, org, old)
        SELECT who, for_person, what_for, by_request, 'delete', TG_TABLE_NAME,
               COALESCE(r.j ->> key, ''), (r.j ->> 'org')::bigint, r.j
        FROM (SELECT to_jsonb(o) AS j FROM old_rows o OFFSET 0) r;
    END IF;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0002_job_progress")]
    operations = [migrations.RunSQL(AUDIT_ROWS, BEFORE)]
