"""What a pupil who moves brings along: the duties of this school year, as counts and nothing else."""

from datetime import date
from typing import NamedTuple

from tongyu.core.access import Asker
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Transfer
from tongyu.directory.rules import SEE_TRANSFERS
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.duties.states import UNKNOWN
from tongyu.plan import queries as plan_queries


class Along(NamedTuple):
    """One duty to the pupil: how it stands, and how many records it has of how many asked for."""

    title: str
    state: str
    done: int
    needed: int


def duties_along(asker: Asker, transfer: Transfer, on: date) -> list[Along]:
    """The duties to the pupil of an open transfer that run on the day, those met first.

    By the edition in force: what an earlier one had asked of a running window is asked no more.
    The receiving school does not see the pupil yet: it is told titles, states and counts, no day, no person, no word
    of a record. PermissionDenied when the asker does not see the transfer; empty when it is not open.
    """
    SEE_TRANSFERS.check(asker, transfer)
    if not transfer.open:
        return []
    with update.as_engine():
        plan = plan_queries.active(codes.containing(transfer.org, BodyKind.COUNTY), on)
        rows = Standing.objects.filter(
            subject=transfer.student_id, start_on__lte=on, end_on__gt=on, obligation__plan=plan
        )
        found = rows.exclude(state=UNKNOWN).order_by("-met_on", "obligation__order")
        listed = found.values_list("obligation__title", "state", "count", "needed")
        return sorted((Along(*row) for row in listed), key=lambda one: one.done == 0)
