"""Guardians who may see something of a child on a day: the same words for a query of ours and for one of Django's.

They say what `directory_wards` says of the guardianship, also for adults who have no account.
"""

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from tongyu.directory.models import GuardianBlock, Guardianship

ENTITLED = """
g.may_see AND g.from_day <= %(today)s AND (g.until_day IS NULL OR g.until_day > %(today)s) AND NOT EXISTS (
    SELECT 1 FROM directory_guardianblock x
    WHERE x.student_id = g.student_id AND x.guardian_id = g.guardian_id AND x.lifted_at IS NULL
      AND x.from_day <= %(today)s AND (x.until_day IS NULL OR x.until_day > %(today)s))
"""
"""A condition on `directory_guardianship g`; the day is the parameter `today`."""


def entitled(on: date) -> QuerySet[Guardianship]:
    """Guardianships that hold on the day, without adults whom a document or a block keeps from the child."""
    blocks = GuardianBlock.objects.filter(
        Q(until_day__isnull=True) | Q(until_day__gt=on),
        student_id=OuterRef("student_id"),
        guardian_id=OuterRef("guardian_id"),
        lifted_at__isnull=True,
        from_day__lte=on,
    )
    standing = Q(until_day__isnull=True) | Q(until_day__gt=on)
    return Guardianship.objects.filter(standing, ~Exists(blocks), may_see=True, from_day__lte=on)
