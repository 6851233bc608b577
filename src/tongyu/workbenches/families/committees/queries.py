"""Named reads of committees, each starting from the asker."""

from datetime import date

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce, Least

from tongyu.core.access import Asker
from tongyu.workbenches.families.committees.models import Committee
from tongyu.workbenches.families.committees.rules import SEE_COMMITTEE


def visible(asker: Asker) -> QuerySet[Committee]:
    """Every committee the asker may see, of past terms and withdrawn ones too."""
    return SEE_COMMITTEE.rows(asker, Committee.objects.all())


def in_office(asker: Asker, on: date) -> QuerySet[Committee]:
    """The committees in office on that day; whether they are complete is another question."""
    return (
        visible(asker)
        .filter(withdrawn_at__isnull=True, occurred_on__lte=on, until_day__gt=on)
        .filter(Q(dissolved_on__isnull=True) | Q(dissolved_on__gt=on))
    )


def last_terms(asker: Asker) -> QuerySet[Committee]:
    """Of each body the committee elected last, in office or not."""
    return (
        visible(asker)
        .filter(withdrawn_at__isnull=True)
        .annotate(over_on=Coalesce(Least(F("until_day"), F("dissolved_on")), F("until_day")))
        .order_by("org", "-occurred_on")
        .distinct("org")
    )
