"""Pages of committees."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from tongyu.core.access import requires
from tongyu.workbenches.families.committees.rules import SEE_COMMITTEE


@requires(SEE_COMMITTEE)
def list_committees(request: Any) -> HttpResponse:
    """List."""
    return HttpResponse()


@requires(SEE_COMMITTEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One."""
    return HttpResponse()
