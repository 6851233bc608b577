"""How often something was tried, counted where all workers see it (decision E8 of trust.md).

One atomic upsert per try; never read, then written. The key is a keyed hash, so that neither a phone nor an
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
KEPT = timedelta(days=2)


def counted(what: str, who: str, seconds: int) -> int:
    """Count one try of `what` by `who` in the running window of that many seconds; returns the tries so far.

    The count stands when the request's transaction is committed: answer a refusal, do not raise it.
    """
    begun = datetime.fromtimestamp(int(now().timestamp()) // seconds * seconds, UTC)
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [blind_index(f"{what}|{seconds}|{who}"), begun])
        number: int = cursor.fetchone()[0]
    return number


def within(what: str, who: str, *, most: int, seconds: int) -> bool:
    """Count one try; whether it is one of the first `most` in its window."""
    return counted(what, who, seconds) <= most


def forget_old() -> int:
    """Drop windows that are over; returns how many."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_attempt WHERE begun_at < %s", [now() - KEPT])
        return int(cursor.rowcount)
