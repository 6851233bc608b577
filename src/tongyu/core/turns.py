"""One at a time, for what no row can be locked for yet."""

from django.db import connection


def take_turn(*what: object) -> None:
    """Wait until nobody else is at the same thing, and keep others waiting until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", ["|".join(map(str, what))])
