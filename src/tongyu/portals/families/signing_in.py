"""A guardian signs in: phone, code. Known and unknown phones are answered alike (check C14)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.directory.families import one_time
from tongyu.directory.families.accounts import by_phone, works_here
from tongyu.portals.families.forms import SignInForm
from tongyu.portals.families.sending import browser_of, send_code
from tongyu.portals.own_account.entering import enter
from tongyu.portals.own_account.ways import ways_for

PURPOSE = "sign_in"


@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """The phone, then the code that was sent to it."""
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
    account = by_phone(phone)
    if account is None:
        form.add_error(None, _("这个手机号还没有加入。请用班主任发的邀请码加入。"))
    elif works_here(account):
        form.add_error(None, _("您在这里还有工作身份，请用用户名和密码登录，再切换到家长。"))
    else:
        enter(request, account)
        return redirect("home:start")
    return _page(request, form)


def _page(request: Any, form: SignInForm, *, asks_code: bool = False, sent: bool = False) -> HttpResponse:
    form.fields["one_time"].required = True  # as it is drawn: without it the code is sent
    ways = [] if asks_code else ways_for(request)
    context = {"form": form, "asks_code": asks_code, "sent": sent, "ways": ways}
    return render(request, "families/sign_in.html", context, status=422 if form.errors else 200)
