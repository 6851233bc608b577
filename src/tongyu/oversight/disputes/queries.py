"""Disputes in the asker's jurisdiction."""

from django.db.models import CharField, OuterRef, Q, QuerySet, Subquery

from tongyu.core.access import Asker
from tongyu.directory.models import Staff, Student
from tongyu.directory.roles import OfficeStaff
from tongyu.oversight.disputes.models import Dispute, DisputeState
from tongyu.oversight.disputes.rules import SEE

MINE, ANSWER, CLOSED, ALL = "mine", "answer", "closed", "all"


def visible(asker: Asker) -> QuerySet[Dispute]:
    """Those that concern the asker, with the `pupil` and the `opener` where the asker may read the names."""
    pupil = Student.objects.filter(pk=OuterRef("subject")).values("name")
    return (
        SEE.rows(asker, Dispute.objects.all())
        .select_related("obligation__clause")
        .annotate(
            pupil=Subquery(pupil, output_field=CharField()),
            opener=_staff("by_account"),
            answerer=_staff("closed_by"),
            speaker=_staff("stated_by"),
        )
    )


def shelf(asker: Asker, name: str) -> QuerySet[Dispute]:
    """One of the lists: opened by the own body, waiting for the asker, closed, or every open one in reach."""
    rows, is_open = visible(asker), Q(state=DisputeState.OPEN)
    if name == MINE:
        return rows.filter(org=asker.body_code)
    if name == ANSWER:
        return rows.filter(is_open & waiting_for(asker))
    return rows.exclude(is_open) if name == CLOSED else rows.filter(is_open)


def waiting_for(asker: Asker) -> Q:
    """What the asker is to do next: the office answers; a body that was asked states its side."""
    return Q() if asker.role is OfficeStaff else Q(asked_org=asker.body_code, statement="")


def _staff(field: str) -> Subquery:
    named = Staff.objects.filter(account_id=OuterRef(field)).values("name")[:1]
    return Subquery(named, output_field=CharField())
