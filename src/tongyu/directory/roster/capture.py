"""The change set of an import: every row that it touched, before and after, sealed and kept for thirty days.

The audit trigger has written each of them down already; a function of the owner gives back what the running
transaction itself wrote, and nothing else. So whatever an import or its subscribers change is in the set.
"""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.db.models import Max

from tongyu.core.context import acting, current_scope, everywhere
from tongyu.core.encryption import associated_data, keyring
from tongyu.core.ids import uuid7
from tongyu.directory.models import RosterChange, RosterImport

KEPT = timedelta(days=30)
PART = 5_000
IMPORTING = "名册导入"
"""The purpose under which files are written: what is changed under another one was changed by a person."""

OWN = """
CREATE TEMPORARY TABLE roster_own ON COMMIT DROP AS
SELECT id, subject, row_id, act, CASE WHEN act <> 'insert' THEN old END AS old,
       CASE WHEN act = 'update' THEN new END AS new, md5(new::text) AS mark
FROM own_changes()
WHERE subject NOT LIKE 'directory\\_roster%%' AND (act = 'insert' OR subject LIKE 'directory\\_%%')
"""
GATHER = """
CREATE TEMPORARY TABLE roster_gathered ON COMMIT DROP AS
SELECT row_number() OVER (ORDER BY f.id) AS seq, f.subject, f.row_id,
       CASE WHEN f.act = 'insert' THEN 'i' WHEN l.act = 'delete' THEN 'd' ELSE 'u' END AS act,
       f.old AS before, CASE WHEN f.act <> 'insert' THEN l.new END AS after, l.mark
FROM (SELECT min(id) AS first, max(id) AS last FROM roster_own GROUP BY subject, row_id) s
JOIN roster_own f ON f.id = s.first JOIN roster_own l ON l.id = s.last
WHERE NOT (f.act = 'insert' AND l.act = 'delete')
"""
COLUMNS = """
SELECT jsonb_object_agg(c.relname, c.names)::text FROM (
    SELECT t.relname, array_agg(a.attname) AS names FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
    WHERE a.attnum > 0 AND NOT a.attisdropped AND t.relnamespace = 'public'::regnamespace
    AND t.relname IN (SELECT DISTINCT subject FROM roster_gathered) GROUP BY t.relname) c
"""
PARTS = """
SELECT count(*), jsonb_build_object('columns', %s::jsonb, 'rows', jsonb_agg(
    jsonb_build_array(g.seq, g.subject, g.row_id, g.act, g.before, g.after, g.mark)))::text
FROM roster_gathered g WHERE g.seq > %s AND g.seq <= %s
"""


@contextmanager
def capturing(roster: RosterImport) -> Iterator[None]:
    """Run a block whose changes belong to the import; must be inside a transaction, which keeps them at the end."""
    scope = replace(current_scope(), purpose=IMPORTING, request=f"import-{uuid4().hex[:12]}")
    with acting(scope):
        yield
        with acting(everywhere()):  # a school adds to the office's change set, which it may not see
            _keep(roster)


def _keep(roster: RosterImport) -> None:
    last = RosterChange.objects.filter(roster=roster).aggregate(last=Max("part"))["last"]
    first = 0 if last is None else last + 1
    with connection.cursor() as cursor:
        cursor.execute(OWN)
        cursor.execute("ANALYZE roster_own")  # unknown, a temporary table is joined row by row
        cursor.execute(GATHER)
        cursor.execute("CREATE INDEX ON roster_gathered (seq)")
        cursor.execute("ANALYZE roster_gathered")
        cursor.execute("SELECT count(*) FROM roster_gathered")
        (count,) = cursor.fetchone()
        cursor.execute(COLUMNS)
        (columns,) = cursor.fetchone()
        for part in range(-(-count // PART)):
            cursor.execute(PARTS, [columns, part * PART, (part + 1) * PART])
            rows, text = cursor.fetchone()
            row = RosterChange(id=uuid7(), roster=roster, org=roster.org, part=first + part, rows=rows)
            row.content = bytes(keyring().seal_bytes(zlib.compress(text.encode(), 1), _place(row)))
            row.save(force_insert=True)
        cursor.execute("DROP TABLE roster_gathered, roster_own")


def opened(roster: RosterImport) -> Iterator[tuple[int, str]]:
    """The parts of a change set, the last first: part and JSON."""
    for row in RosterChange.objects.filter(roster=roster).order_by("-part").iterator(chunk_size=1):
        data = keyring().open_bytes(bytes(row.content), _place(row))
        yield row.part, zlib.decompress(data).decode()


def drop_change_sets(now: datetime) -> int:
    """Delete the change sets whose thirty days are over; returns how many parts."""
    return RosterChange.objects.filter(roster__imported_at__lt=now - KEPT).delete()[0]


def _place(row: RosterChange) -> bytes:
    return associated_data("directory_rosterchange", "content", row.pk)
