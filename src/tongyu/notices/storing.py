"""Writes a message and whom it is for, in a handful of statements, however many they are."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from tongyu.core.statistics import without_nested_loops
from tongyu.notices.models import State

MESSAGE = """
INSERT INTO notices_message
    (id, org, topic, key, title, body, url, words, by_account, sent_at, expires_at)
VALUES (%(id)s, %(org)s, %(topic)s, %(key)s, %(title)s, %(body)s, %(url)s, %(words)s::jsonb, %(by)s, %(now)s, %(ends)s)
ON CONFLICT (topic, key) DO NOTHING
"""

# One line a person: whoever has an account is that account, whatever guardian the rows name.
PEOPLE = """
CREATE TEMPORARY TABLE notices_person ON COMMIT DROP AS
SELECT gen_random_uuid() AS id, max(t.account_id) AS account_id,
       (array_agg(t.guardian_id ORDER BY t.guardian_id) FILTER (WHERE t.guardian_id IS NOT NULL))[1] AS guardian_id,
       COALESCE(min(t.org), %(org)s) AS org, bool_and(t.guardian_id IS NOT NULL) AS family,
       COALESCE('a' || t.account_id, 'g' || t.guardian_id) AS person
FROM notices_told t GROUP BY COALESCE('a' || t.account_id, 'g' || t.guardian_id)
"""

# For a message that stands already: whoever has it keeps the line.
KNOWN = """
UPDATE notices_person p SET id = d.id FROM notices_delivery d
WHERE d.message_id = %(message)s AND {same}
"""

DELIVERIES = """
INSERT INTO notices_delivery
    (id, message_id, org, account_id, guardian_id, family, made_at, urgent, state, due_at,
     channel, tried, attempts, failures, code)
SELECT p.id, %(message)s, p.org, p.account_id, p.guardian_id, p.family, %(now)s, %(urgent)s, %(state)s, %(due)s,
       '', '{}', 0, 0, ''
FROM notices_person p
ON CONFLICT DO NOTHING
"""

CONCERNS = """
INSERT INTO notices_concern (delivery_id, org, student_id, guardian_id)
SELECT DISTINCT ON (p.id, t.student_id) p.id, t.org, t.student_id, t.guardian_id
FROM notices_told t
JOIN notices_person p ON p.person = COALESCE('a' || t.account_id, 'g' || t.guardian_id)
WHERE t.student_id IS NOT NULL
ORDER BY p.id, t.student_id, t.guardian_id
ON CONFLICT DO NOTHING
"""


def store_message(values: dict[str, Any]) -> tuple[UUID, bool]:
    """The id of the message with this topic and key, and whether it is new.

    A second sender of the same key waits here until the first one's transaction has ended.
    """
    with connection.cursor() as cursor:
        cursor.execute(MESSAGE, values)
        if cursor.rowcount:
            new: UUID = values["id"]
            return new, True
        cursor.execute(
            "SELECT id FROM notices_message WHERE topic = %s AND key = %s", [values["topic"], values["key"]]
        )
        found: UUID = cursor.fetchone()[0]
        return found, False


def store_deliveries(
    message: UUID, *, new: bool, org: int, urgent: bool, state: State, due: datetime, now: datetime
) -> int:
    """A line for everybody in `notices_told` who has none yet, and their children; returns how many lines are new."""
    values: dict[str, Any] = {
        "message": message,
        "org": org,
        "urgent": urgent,
        "state": state.value,
        "due": due,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(PEOPLE, values)
        cursor.execute("ANALYZE notices_person")
        if not new:
            _keep_known(message)
        cursor.execute(DELIVERIES, values)
        added = int(cursor.rowcount)
        cursor.execute(CONCERNS, values)
        cursor.execute("DROP TABLE notices_person")
    return added


def _keep_known(message: UUID) -> None:
    with without_nested_loops() as cursor:
        for same in ("d.guardian_id = p.guardian_id", "d.account_id = p.account_id"):
            cursor.execute(KNOWN.format(same=same), {"message": message})
