"""Records that rest on a roll-over: made in the classes it opened, or about the pupils it moved."""

from collections import Counter
from typing import Any

from django.apps import apps

from tongyu.directory.rollover.after import Made, Obstacle
from tongyu.records.kinds import kinds
from tongyu.records.models import Record


def at_new_places(made: Made) -> list[Obstacle]:
    """Of each kind how many records there are, withdrawn ones too, and where: undoing would leave them nowhere."""
    found = []
    for kind in kinds:
        model: Any = apps.get_model(kind.model)
        if not issubclass(model, Record):
            continue
        places = Counter(_orgs(model.objects.filter(org__in=made.bodies)))
        if any(field.name == "enrolment" for field in model._meta.local_fields):
            others = model.objects.exclude(org__in=made.bodies)
            places.update(_orgs(others.filter(enrolment__in=made.enrolments)))
        found.append(Obstacle(kind.label, dict(places)))
    return found


def _orgs(rows: Any) -> Any:
    return rows.order_by().values_list("org", flat=True)
