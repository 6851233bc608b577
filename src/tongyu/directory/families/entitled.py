"""Which adults may see something of which child on a day: the one place that says it for queries of ours.

`directory_wards` and `directory_family` of the database (migrations 0015, 0030) say the same of an account; a test
compares them. What may be decided follows `Guardianship.may_decide`.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongyu.directory.models import GuardianBlock, Guardianship


def standing(day: str) -> str:
    """A condition on `directory_guardianship g`: it holds on the day that the SQL expression gives."""
    return f"g.from_day <= {day} AND (g.until_day IS NULL OR g.until_day > {day})"


def blocked(day: str) -> str:
    """That a block keeps this adult from this child on that day. Blocks are few: they are read once, not per row."""
    return f"""(g.student_id, g.guardian_id) IN (
    SELECT x.student_id, x.guardian_id FROM directory_guardianblock x
    WHERE x.lifted_at IS NULL AND x.from_day <= {day} AND (x.until_day IS NULL OR x.until_day > {day}))"""


def may_see(day: str) -> str:
    """That this adult may see something of this child on that day."""
    return f"g.may_see AND {standing(day)} AND NOT {blocked(day)}"


ENTITLED = may_see("%(today)s")
"""A condition on `directory_guardianship g`; the day is the parameter `today`."""


def ties_on(day: date) -> QuerySet[Guardianship]:
    """Guardianships that hold on the day, entitled or not; `blocked` says whether a block keeps the adult away."""
    return _holding(day).annotate(blocked=Exists(_blocks(day)))


def entitled(on: date) -> QuerySet[Guardianship]:
    """Guardianships that hold on the day, without adults whom a document or a block keeps from the child."""
    return _holding(on).filter(~Exists(_blocks(on)), may_see=True)


def _holding(day: date) -> QuerySet[Guardianship]:
    return Guardianship.objects.filter(Q(until_day__isnull=True) | Q(until_day__gt=day), from_day__lte=day)


def _blocks(day: date) -> QuerySet[GuardianBlock]:
    return GuardianBlock.objects.filter(
        Q(until_day__isnull=True) | Q(until_day__gt=day),
        student_id=OuterRef("student_id"),
        guardian_id=OuterRef("guardian_id"),
        lifted_at__isnull=True,
        from_day__lte=day,
    )
