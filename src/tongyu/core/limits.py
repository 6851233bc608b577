"""How often something was tried, counted where all workers see it (decision E8 of trust.md).

One atomic upsert per try. The key is a keyed hash, so that neither a phone nor an
address stands in the table.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection

from tongyu.core.clock import now
from tongyu.core.encryption import blind_index

COUNT = """
INSERT INTO core_attempt (key, begun_at, number) VALUES (%s, %s, 1)
ON CONFLICT (key, begun_at) DO UPDATE SET number = core_attempt.number + 1 RETURNING number
"""
READ = "SELECT number FROM core_attempt WHERE key = %s AND begun_at = %s"
KEPT = timedelta(days=2)


def counted(what: str, who: str, seconds: int) -> int:
    """Count one try of `what` by `who` in the running window of that many seconds; returns the tries so far.

    The count stands when the request's transaction is committed: answer a refusal, do not raise it.
    """
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [blind_index(f"{what}|{seconds}|{who}"), _begun(seconds)])
        number: int = cursor.fetchone()[0]
    return number


def spent(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Whether the running window has had `most` tries; counts none. For tries of which only the failed ones count:
    look here before the try is weighed, count it with `counted` when it has failed."""
    with connection.cursor() as cursor:
        cursor.execute(READ, [blind_index(f"{what}|{seconds}|{who}"), _begun(seconds)])
        row = cursor.fetchone()
    return row is not None and row[0] >= most


def within(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one try; whether it is one of the first `most` in its window."""
    return counted(what, who, seconds) <= most


def _begun(seconds: int) -> datetime:
    """When the running window began."""
    return datetime.fromtimestamp(int(now().timestamp()) // seconds * seconds, UTC)


def forget_old() -> int:
    """Drop windows that are over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_attempt WHERE begun_at < %s", [now() - KEPT])
        return int(cursor.rowcount)
