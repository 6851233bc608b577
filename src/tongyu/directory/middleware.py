"""Sets, once per request, who asks and under which hat; refuses views that declare no rule."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from tongyu.core import audit
from tongyu.core.context import Scope, acting
from tongyu.directory import marks
from tongyu.directory.hats import Hat, scope_of
from tongyu.directory.sessions import asked_by

HAT = "hat"


class AskerMiddleware:
    """`request.asker`, `request.hats`, and the database scope for everything the request does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.request_id = uuid4().hex[:16]
        request.asker, request.hats = None, []
        with asked_by(request.session):
            signed_in = request.user.is_authenticated
        if not signed_in:
            with acting(Scope(actor="anonymous", request=request.request_id)):
                return self.get_response(request)
        request.hats = request.session.hats()
        worn = _worn(request.hats, request.session.get(HAT, ""))
        if worn is None:
            account = str(request.user.pk)
            with acting(Scope(person=account, actor=f"account:{account}", request=request.request_id)):
                return _kept_by_nobody(self.get_response(request))
        request.asker = worn.asker
        with acting(scope_of(worn.asker, request.request_id)):
            response = _kept_by_nobody(self.get_response(request))
            if response.status_code == HTTPStatus.FORBIDDEN or "X-Hat-Changed" in response:
                _note_refusal(request)
            return response

    def process_view(
        self, request: Any, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Deny by default: a view has a rule, or its URL name stands in the table of public ones."""
        name = request.resolver_match.view_name
        if getattr(view, "rule", None) is None:
            if name in settings.PUBLIC_URLS:
                return None
            raise PermissionDenied(f"no rule for {name}")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
        return _own_password_first(request) or marks.refusal(request, view)


def _own_password_first(request: Any) -> HttpResponse | None:
    """A password that somebody else knows opens one page only: the one on which it is changed."""
    if not request.user.password_given:
        return None
    place = reverse("account_change_password")
    if request.headers.get("HX-Request"):
        return HttpResponse(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": place})
    return redirect(place)


def _note_refusal(request: Any) -> None:
    """What was refused stands in the audit (check C22); the request's own transaction is over by then."""
    place = request.resolver_match
    name = place.view_name if place else ""
    with transaction.atomic():
        audit.note("refused", name, org=request.asker.body_code, detail={"method": request.method})


def _kept_by_nobody(response: HttpResponse) -> HttpResponse:
    """Pages about people stay in no cache of a shared computer (check C42)."""
    response.headers.setdefault("Cache-Control", "private, no-store")
    return response


def _worn(hats: list[Hat], wanted: str) -> Hat | None:
    chosen = next((hat for hat in hats if str(hat.appointment_id) == wanted), None)
    return chosen or (hats[0] if hats else None)
