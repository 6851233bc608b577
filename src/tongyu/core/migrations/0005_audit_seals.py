"""Seals over the audit: batches of rows, each hash chained to the one before, out of the application's reach.

Ids are given out before their transactions commit, so a row may appear below rows that are sealed. Whoever takes an id
holds a lock on the table before and until the end: a mark notes the next id and then who holds such a lock; once all
of these have ended, nothing below the noted id can appear any more, and only then it is sealed. Transactions in other
databases of the server do not matter.
"""

from django.db import migrations

TABLES = """
CREATE TABLE audit_seal (
    number bigint PRIMARY KEY,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    first_id bigint NOT NULL,
    next_id bigint NOT NULL CHECK (next_id > first_id),
    events integer NOT NULL CHECK (events > 0),
    rows_hash bytea NOT NULL,
    prints bytea NOT NULL,
    before bytea NOT NULL,
    hash bytea NOT NULL UNIQUE
);
COMMENT ON COLUMN audit_seal.prints IS
    'of each row its id and the first 8 bytes of its hash: says which row a broken seal is about';
CREATE TABLE audit_mark (
    id boolean PRIMARY KEY DEFAULT true CHECK (id), next_id bigint NOT NULL, holders text[] NOT NULL
);
REVOKE ALL ON audit_seal, audit_mark FROM PUBLIC, tongyu_app;
GRANT SELECT (number, at, first_id, next_id, events, hash) ON audit_seal TO tongyu_app;
"""

# Without SET, so that it is inlined; all it calls is named in full. No text of it depends on a session's settings.
ROW_HASH = """
CREATE FUNCTION audit_row_hash(e audit_event) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.sha256(pg_catalog.convert_to(pg_catalog.jsonb_build_array(
        e.id, (pg_catalog.date_part('epoch', e.at) * 1000000)::bigint, e.actor, e.person, e.purpose, e.request,
        e.act, e.subject, e.row_id, e.org, e.old, e.new, e.hat)::text, 'UTF8'))
$$;
CREATE FUNCTION audit_seal_hash(s audit_seal) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT pg_catalog.sha256(s.before || pg_catalog.int8send(s.number)
        || pg_catalog.int8send((pg_catalog.date_part('epoch', s.at) * 1000000)::bigint)
        || pg_catalog.int8send(s.first_id) || pg_catalog.int8send(s.next_id) || pg_catalog.int4send(s.events)
        || s.rows_hash)
$$;
REVOKE ALL ON FUNCTION audit_row_hash(audit_event), audit_seal_hash(audit_seal) FROM PUBLIC, tongyu_app;
"""

HOLDERS = """
CREATE FUNCTION audit_holders() RETURNS text[] LANGUAGE sql VOLATILE
SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT COALESCE(array_agg(DISTINCT l.virtualtransaction ORDER BY l.virtualtransaction), '{}')
    FROM pg_locks l
    WHERE l.locktype = 'relation' AND l.relation = 'public.audit_event'::regclass
      AND l.database = (SELECT d.oid FROM pg_database d WHERE d.datname = current_database())
      AND l.mode = 'RowExclusiveLock' AND l.pid IS DISTINCT FROM pg_backend_pid()
$$;
REVOKE ALL ON FUNCTION audit_holders() FROM PUBLIC, tongyu_app;
"""

SEAL = """
CREATE FUNCTION audit_seal_batch(most integer) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET enable_nestloop = off AS $$
DECLARE
    mark public.audit_mark;
    last public.audit_seal;
    made public.audit_seal;
    low bigint;
    own boolean;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'the audit is sealed in a transaction that reads what others have committed meanwhile';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('audit_seal', 0));
    SELECT * INTO mark FROM public.audit_mark;
    IF mark.holders && public.audit_holders() THEN
        RETURN 0;  -- somebody who may hold an id below the mark has not ended
    END IF;
    IF mark.next_id IS NULL THEN
        -- First the id, then who writes: whoever took an id up to this one is among them, or has ended.
        SELECT q.last_value + q.is_called::int INTO mark.next_id FROM public.audit_event_id_seq q;
        mark.holders := public.audit_holders();
        INSERT INTO public.audit_mark (next_id, holders) VALUES (mark.next_id, mark.holders);
        IF mark.holders <> '{}' THEN
            RETURN 0;
        END IF;
    END IF;
    SELECT * INTO last FROM public.audit_seal ORDER BY number DESC LIMIT 1;
    low := COALESCE(last.next_id, 1);
    SELECT count(*), COALESCE(bool_and(t.act = 'seal'), true),
           CASE WHEN count(*) = most THEN max(t.id) + 1 ELSE mark.next_id END
    INTO made.events, own, made.next_id
    FROM (SELECT e.id, e.act FROM public.audit_event e WHERE e.id >= low AND e.id < mark.next_id
          ORDER BY e.id LIMIT most) t;
    IF own OR made.next_id = mark.next_id THEN
        DELETE FROM public.audit_mark;
    END IF;
    IF own THEN
        RETURN 0;  -- nothing but the notes of seals
    END IF;
    made.number := COALESCE(last.number, 0) + 1;
    made.at := clock_timestamp();
    made.first_id := low;
    made.before := COALESCE(last.hash, sha256(''::bytea));
    SELECT sha256(string_agg(t.h, ''::bytea ORDER BY t.id)),
           string_agg(int8send(t.id) || substr(t.h, 1, 8), ''::bytea ORDER BY t.id)
    INTO made.rows_hash, made.prints
    FROM (SELECT e.id, public.audit_row_hash(e) AS h FROM public.audit_event e
          WHERE e.id >= low AND e.id < made.next_id OFFSET 0) t;
    made.hash := public.audit_seal_hash(made);
    INSERT INTO public.audit_seal SELECT made.*;
    INSERT INTO public.audit_event (actor, act, subject, row_id, new)
    VALUES ('system:audit', 'seal', 'audit_seal', made.number::text,
            jsonb_build_object('hash', encode(made.hash, 'hex'), 'events', made.events));
    RETURN made.events;
END $$;
REVOKE ALL ON FUNCTION audit_seal_batch(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION audit_seal_batch(integer) TO tongyu_app;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0011_audit_hat")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE audit_seal, audit_mark"),
        migrations.RunSQL(
            ROW_HASH,
            "DROP FUNCTION audit_row_hash(audit_event); DROP FUNCTION audit_seal_hash(audit_seal)",
        ),
        migrations.RunSQL(HOLDERS, "DROP FUNCTION audit_holders()"),
        migrations.RunSQL(SEAL, "DROP FUNCTION audit_seal_batch(integer)"),
    ]
