"""Identifiers: UUIDv7, ordered by time of creation.

Python 3.11 and PostgreSQL below 18 have no version 7, so `uuid_utils` makes them. Nothing may read the time
out of an id or order by it: clients make their own ids, and their clocks are wrong.
"""

import hashlib
import uuid

from uuid_utils import compat


def uuid7() -> uuid.UUID:
    """Return a new UUIDv7 as the standard library's UUID (which Django and psycopg know)."""
    made: uuid.UUID = compat.uuid7()
    return made


RANDOM = (1 << 74) - 1
"""The bits of a version 7 that are neither time, version nor variant."""


def derived(whole: uuid.UUID, part: str) -> uuid.UUID:
    """The id of one part of what was sent as a whole: the same whole and part give the same id, however often.

    It keeps the first 48 bits of `whole` and has the form of a version 7; 74 bits of a hash keep parts apart.
    """
    bits = int.from_bytes(hashlib.sha256(whole.bytes + part.encode()).digest()[:10]) & RANDOM
    head = whole.int >> 80 << 80
    return uuid.UUID(int=head | 0x7 << 76 | bits >> 62 << 64 | 0b10 << 62 | bits & ((1 << 62) - 1))
