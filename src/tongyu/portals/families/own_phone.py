"""A guardian has another number: proven by a code, it is what one signs in with and what the school has on file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.core.access import requires
from tongyu.directory.families.accounts import change_phone
from tongyu.directory.families.rules import OWN_CHILDREN
from tongyu.portals.families.forms import SignInForm
from tongyu.portals.families.sending import NO_TEXTING, code_step
from tongyu.portals.families.texting import can_text
from tongyu.records.forms import attempt

PURPOSE = "own_phone"


@require_http_methods(["GET", "POST"])
@requires(OWN_CHILDREN)
def own_phone(request: Any) -> HttpResponse:
    """The new phone, then the code that was sent to it."""
    if not can_text():
        messages.warning(request, NO_TEXTING)
        return redirect("families:me")
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    step = code_step(request, form, PURPOSE)
    if step is not None:
        return _page(request, form, **step)
    attempt(form, lambda: change_phone(request.user, form.cleaned_data["phone"]))
    if form.errors:
        return _page(request, form)
    messages.success(request, _("已更换，以后用新的手机号登录。"))
    return redirect("families:me")


def _page(request: Any, form: SignInForm, *, asks_code: bool = False, sent: bool = False) -> HttpResponse:
    form.fields["one_time"].required = True  # as it is drawn: without it the code is sent
    context = {"form": form, "asks_code": asks_code, "sent": sent}
    return render(request, "families/own_phone.html", context, status=422 if form.errors else 200)
