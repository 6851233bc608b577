"""Notes for the audit that no changed row leaves: sign-in, refusal, export, un-masking."""

import json
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections


def note(
    verb: str, subject: str, row_id: str = "", org: int | None = None, detail: dict[str, Any] | None = None
) -> None:
    """Write one audit note under the scope in force, inside the running transaction.

    The detail must not hold the sensitive value itself (check C23). Raises when no actor is set.
    """
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        cursor.execute(
            "SELECT audit_note(%s, %s, %s, %s, %s::jsonb)",
            [verb, subject, row_id, org, json.dumps(detail or {}, ensure_ascii=False)],
        )
