"""Named reads over all kinds; each starts from the asker."""

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import QuerySet
from django.http import Http404

from tongyu.core.access import Asker
from tongyu.records.kinds import Kind, kinds
from tongyu.records.models import Record


def kind_or_404(key: str) -> Kind:
    """The kind of that key, or 404."""
    if key not in kinds:
        raise Http404
    return kinds.get(key)


def visible(asker: Asker, kind: Kind) -> QuerySet[Any]:
    """The kind's records that the asker may see by its own rule."""
    return kind.see.rows(asker, apps.get_model(kind.model)._default_manager.all())


def record_or_404(asker: Asker, kind: Kind, pk: UUID) -> Record:
    """One record, or 404: whether a foreign record exists is nobody's business."""
    found = visible(asker, kind).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
