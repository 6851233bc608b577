"""Uploads that nobody goes on with: the file holds children's data and must not lie about."""

from datetime import datetime, timedelta

from django.db import transaction

from tongyu.core import audit
from tongyu.directory.models import RosterConflict, RosterImport, RosterState

KEPT = timedelta(days=7)


@transaction.atomic
def drop_stale_rosters(*, now: datetime) -> int:
    """Delete file and preview of every upload left alone for a week; the line in the list stays. Returns how many."""
    stale = RosterImport.objects.filter(content__isnull=False, touched_at__lt=now - KEPT)
    stale = stale.exclude(state=RosterState.IMPORTED).select_for_update(skip_locked=True)
    found = list(stale.values_list("pk", "org"))
    for pk, org in found:
        RosterImport.objects.filter(pk=pk).update(
            state=RosterState.EXPIRED, content=None, kept=None, faults=[], summary={}, message=""
        )
        RosterConflict.objects.filter(roster=pk).delete()
        audit.note("roster_expired", "directory_rosterimport", str(pk), org)
    return len(found)
