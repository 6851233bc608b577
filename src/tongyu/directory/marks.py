"""An act never runs under another hat than the page was drawn for, whatever was switched in another tab meanwhile.

The hat's mark travels with the token against forged requests, which every form and every htmx request sends anyway: no
form can be without it. A page whose hat is no longer the one worn is refused with a way on, and nothing is done.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.middleware.csrf import CsrfViewMiddleware, get_token
from django.template.loader import render_to_string

from tongyu.core.access import Asker

SAFE = ("GET", "HEAD", "OPTIONS", "TRACE")
FIELD = "csrfmiddlewaretoken"
View = TypeVar("View", bound=Callable[..., Any])


def marked_token(request: HttpRequest) -> str:
    """The token for forms of this page, with the mark of the hat that it is drawn for."""
    asker: Asker | None = getattr(request, "asker", None)
    token = get_token(request)
    return f"{token}.{mark_of(asker)}" if asker is not None and asker.appointment_id else token


def mark_of(asker: Asker) -> str:
    """Names the hat."""
    return UUID(str(asker.appointment_id)).hex


def any_hat(view: View) -> View:
    """Declare that a view does the same under every hat: switching itself."""
    view.any_hat = True  # type: ignore[attr-defined]
    return view


class MarkedCsrf(CsrfViewMiddleware):
    """Django's check, for tokens that carry the mark of a hat; the mark is left on the request."""

    def process_view(self, request: Any, callback: Any, callback_args: Any, callback_kwargs: Any) -> Any:
        """Take the mark off before the token is checked."""
        if request.method not in SAFE:
            request.hat_mark = _taken(request)
        return super().process_view(request, callback, callback_args, callback_kwargs)


def _taken(request: Any) -> str:
    try:
        sent = request.POST.get(FIELD, "") if request.method == "POST" else ""
    except UnreadablePostError:
        return ""
    if sent:
        token, _point, mark = sent.partition(".")
        if mark:
            request.POST = request.POST.copy()
            request.POST[FIELD] = token
        return str(mark)
    token, _point, mark = request.META.get(settings.CSRF_HEADER_NAME, "").partition(".")
    if mark:
        request.META[settings.CSRF_HEADER_NAME] = token
    return str(mark)


def refusal(request: Any, view: Any) -> HttpResponse | None:
    """The answer to an act from a page of another hat; None when the page was drawn for the hat that is worn."""
    if request.method in SAFE or request.asker is None or getattr(view, "any_hat", False):
        return None
    mark = getattr(request, "hat_mark", "")
    checked = not getattr(request, "_dont_enforce_csrf_checks", False)
    if mark == mark_of(request.asker) or not (mark or checked):
        return None
    drawn_for = next((hat for hat in request.hats if hat.appointment_id.hex == mark), None)
    context = {"drawn_for": drawn_for, "next": request.META.get("HTTP_REFERER", "")[:500]}
    text = render_to_string("shell/stale_hat.html", context, request)
    return HttpResponse(text, status=HTTPStatus.CONFLICT, headers={"X-Hat-Changed": "1"})
