"""The sign-in page of people at work, and leaving for a vendor."""

from typing import Any

from allauth.account.views import LoginView
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from tongyu.directory.models import Vendor
from tongyu.portals.own_account.entering import WAY_ON
from tongyu.portals.own_account.ways import app_of, ways_for

LONGEST = 500
"""An address of ours to go on to."""


class SignIn(LoginView):
    """allauth's page, with the vendors that are set up."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the page shows."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return {**context, "ways": ways_for(self.request)}


sign_in = SignIn.as_view()


@require_POST
def start(request: Any, vendor: str) -> HttpResponse:
    """A stranger leaves for the vendor to sign in. 404 where it is not set up for this browser."""
    if request.user.is_authenticated:
        return redirect("home:start")
    request.session[WAY_ON] = request.POST.get("next", "")[:LONGEST]
    return leave(request, vendor, AuthProcess.LOGIN)


def leave(request: Any, vendor: str, process: str) -> HttpResponse:
    """A page that goes on to the vendor by itself; the session keeps what was begun, for ten minutes and one return.

    Not an HTTP redirect: our content policy holds for all redirects that follow a form, the vendor's own included.
    """
    if app_of(request, vendor) is None:
        raise Http404
    answer = get_adapter(request).get_provider(request, vendor).redirect(request, process)
    context = {"url": answer.headers["Location"], "label": Vendor(vendor).label}
    return render(request, "own_account/leaving.html", context)
