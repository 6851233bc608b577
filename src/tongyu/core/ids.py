"""Identifiers: UUIDv7, ordered by time of creation.

Python 3.11 and PostgreSQL below 18 have no version 7, so `uuid_utils` makes them. Nothing may read the time
out of an id or order by it: clients make their own ids, and their clocks are wrong.
"""

import uuid

from uuid_utils import compat


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 as the standard library's UUID (which Django and psycopg know)."""
    made: uuid.UUID = compat.uuid7()
    return made
