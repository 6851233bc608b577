"""Elections that are not over follow their classes: to another school, or to an end where the place ends."""

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tongyu.core.access import Asker
from tongyu.core.clock import now
from tongyu.directory.models import Body
from tongyu.directory.reorganising.after import Reorganised
from tongyu.directory.rollover.after import Event, Kept
from tongyu.workbenches.families.committees.actions.telling import tell_cancelled
from tongyu.workbenches.families.committees.models import Candidate, Election, PaperSheet

SUBJECT = "committee_election"


def follow_reorganisation(event: Reorganised) -> None:
    """The families of a class that goes on elsewhere go on voting there; who has voted, and the box, stay as they are.

    Of a school or grade that closes for good the election is off, and its families are told.
    """
    word = _("学校调整（%(paper)s）") % {"paper": event.paper}
    for election in _unfinished(event.closed).filter(closed_at=None):
        _call_off(election, word, event.by)
    places = {body.code: body for body in Body.objects.filter(code__in=event.successors.values())}
    for election in _unfinished(event.successors):
        place = places[event.successors[election.org]]
        for model in (Candidate, PaperSheet):
            model.objects.filter(election=election).update(org=place.code)
        Election.objects.filter(pk=election.pk).update(org=place.code, hi=place.hi)


def end_elections(event: Event) -> None:
    """The elections of cohorts and classes that graduate are off; what stood before is kept."""
    for election in _unfinished(event.closed).filter(closed_at=None):
        event.kept.append(Kept(SUBJECT, str(election.pk), election.org, None, {"cancelled": True}))
        _call_off(election, _("班级毕业"), event.by)


def take_up_elections(event: Event) -> None:
    """The roll-over was undone: the elections that it called off go on."""
    rows = Election.objects.filter(pk__in=[one.row_id for one in event.of(SUBJECT)])
    rows.update(cancelled_at=None, cancelled_why="")


def _unfinished(bodies: Iterable[int]) -> QuerySet[Election]:
    """Neither cancelled nor seated, locked."""
    rows = Election.objects.filter(org__in=list(bodies), cancelled_at=None, committee=None)
    return rows.order_by("pk").select_for_update(of=("self",))


def _call_off(election: Election, reason: str, by: Asker) -> None:
    election.cancelled_at, election.cancelled_why = now(), reason[:200]
    election.save(update_fields=["cancelled_at", "cancelled_why"])
    tell_cancelled(election, by)
