"""A guardian signs in: phone and code, or phone and password. Known and unknown phones get one answer (check C14)."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tongyu.directory.families.accounts import by_phone, works_here
from tongyu.directory.models import Account
from tongyu.portals.families.forms import PasswordForm, SignInForm
from tongyu.portals.families.sending import code_step
from tongyu.portals.families.texting import can_text
from tongyu.portals.own_account.entering import enter, way_on
from tongyu.portals.own_account.ways import ways_for
from tongyu.records.forms import attempt

PURPOSE = "sign_in"
AT_WORK = gettext_lazy("您在这里还有工作身份，请用用户名和密码登录，再切换到家长。")


@require_http_methods(["GET", "POST"])
def sign_in(request: Any) -> HttpResponse:
    """The phone, then the code that was sent to it."""
    form = SignInForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form)
    step = code_step(request, form, PURPOSE)
    if step is not None:
        return _page(request, form, **step)
    account = by_phone(form.cleaned_data["phone"])
    if account is None:
        form.add_error(None, _("这个手机号还没有加入。请用班主任发的邀请码加入。"))
    elif works_here(account):
        form.add_error(None, AT_WORK)
    else:
        enter(request, account)
        return redirect(way_on(request, request.POST.get("next", "")))
    return _page(request, form)


@require_http_methods(["GET", "POST"])
def by_password(request: Any) -> HttpResponse:
    """Phone and password, for whoever has set one; counted per phone and address like every password (check C12).

    A phone without an account, an account without a password and a wrong password are answered alike.
    """
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        account = attempt(form, lambda: _known_by_password(request, **form.cleaned_data))
        if account is not None and not works_here(account):
            enter(request, account)
            return redirect(way_on(request, request.POST.get("next", "")))
        if account is not None:
            form.add_error(None, AT_WORK)
        elif not form.errors:
            form.add_error(None, _("手机号或密码不对。没有设过密码的，请用短信验证码登录。"))
    context = {"form": form, "can_text": can_text(), "way_on": _wanted(request)}
    return render(request, "families/sign_in_password.html", context, status=422 if form.errors else 200)


def _known_by_password(request: Any, phone: str, password: str) -> Account | None:
    """The phone's account when the password is its own. ValidationError after too many tries."""
    held = by_phone(phone)
    name = held.username if held is not None else phone
    found: Account | None = get_adapter(request).authenticate(request, username=name, password=password)
    return found


def _wanted(request: Any) -> str:
    """The page that was asked for before the sign-in."""
    return str(request.POST.get("next", request.GET.get("next", "")))


def _page(request: Any, form: SignInForm, *, asks_code: bool = False, sent: bool = False) -> HttpResponse:
    form.fields["one_time"].required = True  # as it is drawn: without it the code is sent
    ways = [] if asks_code else ways_for(request)
    context = {
        "form": form,
        "asks_code": asks_code,
        "sent": sent,
        "ways": ways,
        "can_text": can_text(),
        "way_on": _wanted(request),
    }
    return render(request, "families/sign_in.html", context, status=422 if form.errors else 200)
