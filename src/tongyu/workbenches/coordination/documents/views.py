"""Pages of documents."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse

from tongyu.core.access import requires
from tongyu.workbenches.coordination.documents.rules import SEE_DOCUMENT


@requires(SEE_DOCUMENT)
def list_documents(request: Any) -> HttpResponse:
    """List."""
    return HttpResponse()


@requires(SEE_DOCUMENT)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """One."""
    return HttpResponse()
