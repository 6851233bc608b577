"""The audit table, out of the application's reach, and the two functions that write it."""

from django.db import migrations

AUDIT_TABLE = """
CREATE TABLE audit_event (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    actor text NOT NULL CHECK (actor <> ''),
    person text NOT NULL DEFAULT '',
    purpose text NOT NULL DEFAULT '',
    request text NOT NULL DEFAULT '',
    act text NOT NULL,
    subject text NOT NULL,
    row_id text NOT NULL DEFAULT '',
    org bigint,
    old jsonb,
    new jsonb
);
CREATE INDEX audit_event_row ON audit_event (subject, row_id);
CREATE INDEX audit_event_at ON audit_event USING brin (at);
REVOKE ALL ON audit_event FROM PUBLIC, tongyu_app;
"""

# One row per changed row, set-based. A missing actor is an error: nobody changes anything anonymously.
AUDIT_ROWS = """
CREATE FUNCTION audit_rows() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who text := NULLIF(current_setting('app.actor', true), '');
    key text := TG_ARGV[0];
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'a change of % needs an actor (app.actor is not set)', TG_TABLE_NAME
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO public.audit_event (actor, person, purpose, request, act, subject, row_id, org, new)
        SELECT who, COALESCE(current_setting('app.person', true), ''),
               COALESCE(current_setting('app.purpose', true), ''),
               COALESCE(current_setting('app.request', true), ''),
               'insert', TG_TABLE_NAME, COALESCE(r.j ->> key, ''), (r.j ->> 'org')::bigint, r.j
        FROM (SELECT to_jsonb(n) AS j FROM new_rows n) r;
    ELSIF TG_OP = 'UPDATE' THEN
        INSERT INTO public.audit_event (actor, person, purpose, request, act, subject, row_id, org, old, new)
        SELECT who, COALESCE(current_setting('app.person', true), ''),
               COALESCE(current_setting('app.purpose', true), ''),
               COALESCE(current_setting('app.request', true), ''),
               'update', TG_TABLE_NAME, COALESCE(a.j ->> key, ''), (a.j ->> 'org')::bigint, b.j, a.j
        FROM (SELECT to_jsonb(n) AS j FROM new_rows n) a
        LEFT JOIN (SELECT to_jsonb(o) AS j FROM old_rows o) b ON b.j ->> key = a.j ->> key
        WHERE a.j IS DISTINCT FROM b.j;
    ELSE
        INSERT INTO public.audit_event (actor, person, purpose, request, act, subject, row_id, org, old)
        SELECT who, COALESCE(current_setting('app.person', true), ''),
               COALESCE(current_setting('app.purpose', true), ''),
               COALESCE(current_setting('app.request', true), ''),
               'delete', TG_TABLE_NAME, COALESCE(r.j ->> key, ''), (r.j ->> 'org')::bigint, r.j
        FROM (SELECT to_jsonb(o) AS j FROM old_rows o) r;
    END IF;
    RETURN NULL;
END $$;
"""

# For acts that change no audited row: signing in, a refused request, an export, un-masking a phone number.
AUDIT_NOTE = """
CREATE FUNCTION audit_note(verb text, about text, about_id text, place bigint, detail jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    who text := NULLIF(current_setting('app.actor', true), '');
BEGIN
    IF who IS NULL THEN
        RAISE EXCEPTION 'the note % needs an actor (app.actor is not set)', verb
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    INSERT INTO public.audit_event (actor, person, purpose, request, act, subject, row_id, org, new)
    VALUES (who, COALESCE(current_setting('app.person', true), ''),
            COALESCE(current_setting('app.purpose', true), ''),
            COALESCE(current_setting('app.request', true), ''),
            verb, about, about_id, place, detail);
END $$;
REVOKE ALL ON FUNCTION audit_note(text, text, text, bigint, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_note(text, text, text, bigint, jsonb) TO tongyu_app;
"""


# Django's database cache (sign-in limits shared by all workers); made here because `migrate` does not make it.
CACHE_TABLE = """
CREATE TABLE django_cache (
    cache_key varchar(255) PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX django_cache_expires ON django_cache (expires);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(AUDIT_TABLE, "DROP TABLE audit_event"),
        migrations.RunSQL(AUDIT_ROWS, "DROP FUNCTION audit_rows()"),
        migrations.RunSQL(AUDIT_NOTE, "DROP FUNCTION audit_note(text, text, text, bigint, jsonb)"),
        migrations.RunSQL(CACHE_TABLE, "DROP TABLE django_cache"),
    ]
