"""One at a time: whoever changes or recomputes a whole county holds it."""

from django.db import connection

from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind


def hold_county(county: int) -> None:
    """Wait until nobody refreshes duties, and let nobody, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [county // codes.WIDTH[BodyKind.COUNTY]])
