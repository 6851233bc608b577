"""The error pages: what happened and a way on. They ask nothing of the database."""

import sys
from typing import Any

from django.db import IntegrityError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400."""
    return _page(400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. Does not say whether the thing exists."""
    return _page(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that stood open too long."""
    return _page(403, stale=True)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    return _page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500; or 503 when it was the database that could not answer: away, all connections taken, a lock held too long;
    or 409 when what the form speaks of has moved to another place meanwhile."""
    error = sys.exception()
    if isinstance(error, OperationalError):
        return unavailable(request)
    if isinstance(error, IntegrityError) and _has_moved(error):
        return _page(409)
    return _page(500)


def _has_moved(error: IntegrityError) -> bool:
    """A foreign key that carries the scope (`core.rls.ScopedForeignKey`) was found wanting at COMMIT."""
    diagnosis = getattr(error.__cause__, "diag", None)
    return str(getattr(diagnosis, "constraint_name", "")).endswith("_scope")


def unavailable(request: HttpRequest) -> HttpResponse:
    """503."""
    response = _page(503)
    response["Retry-After"] = "30"
    return response


def _page(status: int, **values: Any) -> HttpResponse:
    return HttpResponse(render_to_string(f"{status}.html", {"status": status, **values}), status=status)
