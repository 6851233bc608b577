"""Pages of events."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from tongyu.core.access import requires
from tongyu.workbenches.gatherings.events.rules import SEE_EVENT


@requires(SEE_EVENT)
def list_events(request: Any) -> HttpResponse:
    """List."""
    return HttpResponse()


@requires(SEE_EVENT)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One."""
    return HttpResponse()
