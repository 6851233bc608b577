"""A guardian joins on one page: words, then the code from the text message."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from tongyu.directory.families import inviting, joining, one_time
from tongyu.directory.families.accounts import by_phone, with_phone, works_here
from tongyu.directory.hats import FAMILY_HAT
from tongyu.directory.middleware import HAT
from tongyu.directory.models import ClassInvitation
from tongyu.notices import addresses
from tongyu.portals.families.forms import JoinForm
from tongyu.portals.families.sending import (
    browser_of,
    may_try_invitations,
    note_wrong_invitation,
    send_code,
)
from tongyu.portals.families.texting import can_text
from tongyu.portals.own_account.entering import enter
from tongyu.records.forms import put_errors

PURPOSE = "join"


@require_http_methods(["GET", "POST"])
def join(request: Any, code: str = "") -> HttpResponse:
    """The form; with a valid phone the code is sent, with the code the guardian is in or the teacher is asked."""
    form = JoinForm(request.POST or None, initial={"code": inviting.normalised(code)})
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, asks_code="one_time" in request.POST and "send" not in request.POST)
    invitation = _invitation(request, form)
    if invitation is None:
        return _page(request, form)
    given = form.cleaned_data
    if "send" in request.POST or not given["one_time"]:
        return _send(request, form, given["phone"])
    if not one_time.check(given["phone"], browser_of(request), PURPOSE, given["one_time"]):
        form.add_error("one_time", _("验证码不对，或已过期。可以重新获取。"))
        return _page(request, form, asks_code=True)
    return _enter(request, form, invitation)


def _invitation(request: Any, form: JoinForm) -> ClassInvitation | None:
    if not may_try_invitations(request):
        form.add_error("code", _("试错的次数太多，请一小时后再试，或向班主任核对邀请码。"))
        return None
    found = inviting.found_by(form.cleaned_data["code"])
    if found is not None and inviting.holds(found):
        return found
    if found is None:
        note_wrong_invitation(request)
        form.add_error("code", _("没有这个邀请码，请对照纸条再输一次。"))
    else:
        form.add_error("code", _("邀请码已过期或停用，请向班主任要新的。"))
    return None


def _send(request: Any, form: JoinForm, phone: str) -> HttpResponse:
    refused = send_code(request, phone, PURPOSE)
    if refused:
        form.add_error("one_time", refused)
    return _page(request, form, asks_code=True, sent=not refused)


def _enter(request: Any, form: JoinForm, invitation: ClassInvitation) -> HttpResponse:
    given = form.cleaned_data
    signed_in = request.user if request.user.is_authenticated else None
    before = by_phone(given["phone"])
    try:
        account = with_phone(given["phone"], signed_in)
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, form)
    if signed_in is None and works_here(account):
        form.add_error(None, _("您在这里还有工作身份，请用用户名和密码登录，再来加入。"))
        return _page(request, form)
    if before is not None and before.pk != account.pk:
        addresses.forget(before.pk)  # it came along and is closed
    words = {name: given[name] for name in ("child_name", "name", "relation", "phone")}
    try:
        joined = joining.join(account=account, invitation=invitation, **words)
    except ValidationError as error:
        put_errors(form, error)
        return _page(request, form)
    if signed_in is None:
        enter(request, account)
    request.session[HAT] = str(FAMILY_HAT)
    if joined.request is None:
        messages.success(request, _("已加入，您可以看到孩子的在校情况了。"))
    else:
        messages.info(request, _("您填的和学校登记的不一样，已请班主任核对。核对后您会看到孩子。"))
    return redirect("families:home" if joined.request is None else "home:start")


def _page(request: Any, form: JoinForm, *, asks_code: bool = False, sent: bool = False) -> HttpResponse:
    form.fields["one_time"].required = True  # as it is drawn: without it the code is sent
    context = {"form": form, "asks_code": asks_code, "sent": sent, "can_text": can_text()}
    return render(request, "families/join.html", context, status=422 if form.errors else 200)
