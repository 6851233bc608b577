"""A guardian has another number: proven by a code, it is what one signs in with and what the school has on file."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.core.access import requires
from tongyu.directory.families import one_time
from tongyu.directory.families.accounts import change_phone
from tongyu.directory.families.rules import OWN_CHILDREN
from tongyu.portals.families.forms import SignInForm
from tongyu.portals.families.sending import NO_TEXTING, browser_of, send_code
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
    phone, code = form.cleaned_data["phone"], form.cleaned_data["one_time"]
    if "send" in request.POST or not code:
        refused = send_code(request, phone, PURPOSE)
        if refused:
            form.add_error("one_time", refused)
        return _page(request, form, asks_code=True, sent=not refused)
    if not one_time.check(phone, browser_of(request), PURPOSE, code):
        form.add_error("one_time", _("验证码不对，或已过期。可以重新获取。"))
        return _page(request, form, asks_code=True)
    attempt(form, lambda: change_phone(request.user, phone))
    if form.errors:
        return _page(request, form)
    messages.success(request, _("已更换，以后用新的手机号登录。"))
    return redirect("families:me")


def _page(request: Any, form: SignInForm, *, asks_code: bool = False, sent: bool = False) -> HttpResponse:
    form.fields["one_time"].required = True  # as it is drawn: without it the code is sent
    context = {"form": form, "asks_code": asks_code, "sent": sent}
    return render(request, "families/own_phone.html", context, status=422 if form.errors else 200)
