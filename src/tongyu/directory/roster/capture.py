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

# One line for each change, in the order it was made; what the lines come to is asked when an import is undone. Of an
# inserted row a digest is enough: who undoes it needs to know whether it still stands as it was written.
LINES = """
SELECT json_build_array(row_number() OVER (ORDER BY id), subject, row_id, left(act, 1),
       CASE WHEN act <> 'insert' THEN old END, CASE WHEN act = 'update' THEN new END, md5(new::text))::text
FROM own_changes()
WHERE subject NOT LIKE 'directory\\_roster%' AND (act = 'insert' OR subject LIKE 'directory\\_%')
"""
COLUMNS = """
SELECT jsonb_object_agg(c.relname, c.names)::text FROM (
    SELECT t.relname, array_agg(a.attname) AS names FROM pg_class t JOIN pg_attribute a ON a.attrelid = t.oid
    JOIN pg_trigger g ON g.tgrelid = t.oid AND g.tgname = 'audit_insert'
    WHERE a.attnum > 0 AND NOT a.attisdropped AND t.relnamespace = 'public'::regnamespace GROUP BY t.relname) c
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
        cursor.execute(COLUMNS)
        (columns,) = cursor.fetchone()
    with connection.chunked_cursor() as cursor:  # a part is held at a time, not the whole set
        cursor.execute(LINES)
        part = first
        while lines := cursor.fetchmany(PART):
            row = RosterChange(id=uuid7(), roster=roster, org=roster.org, part=part, rows=len(lines))
            text = f'{{"columns": {columns}, "rows": [{",".join(line for (line,) in lines)}]}}'
            row.content = bytes(keyring().seal_bytes(zlib.compress(text.encode(), 1), _place(row)))
            row.save(force_insert=True)
            part += 1


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
