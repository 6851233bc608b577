"""What happens with a person whom a vendor vouches for: linked to the own account, let in, or told how to link."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.contrib.auth.signals import user_login_failed
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from tongyu.directory import identities
from tongyu.directory.families.accounts import works_here
from tongyu.directory.identities import Linked
from tongyu.directory.models import Vendor
from tongyu.directory.roles import GuardianRole
from tongyu.notices import addresses
from tongyu.portals.own_account.entering import enter, way_on
from tongyu.portals.own_account.finding import CHANNELS


def arrived(request: Any, vendor: str, uid: str, process: str | None, address: str = "") -> HttpResponse:
    """The answer to somebody who comes back from the vendor; `process` says what was begun in this session.

    `address` is the user id by which the vendor's channel finds who links.
    """
    with transaction.atomic():
        if process == AuthProcess.CONNECT:
            return _link(request, vendor, uid, address)
        return _enter(request, vendor, uid)


def did_not_arrive(request: Any, process: str | None) -> HttpResponse:
    """The answer when the vendor refused, the person did, or the way back was not begun in this session."""
    if request.user.is_authenticated:
        messages.warning(request, _("没有绑定成功，请再试一次。"))
        return redirect(own_page(request))
    _note_failure(request)
    messages.warning(request, _("没有登录成功，请再试一次，或用手机号登录。"))
    return redirect("families:sign_in")


def own_page(request: Any) -> str:
    """The URL name of the page on which somebody sees the own account."""
    guardian = request.asker is not None and request.asker.role is GuardianRole
    return "families:me" if guardian else "own_account:own"


def signed_in_by_password(request: Any) -> bool:
    """Whether this session was begun with the account's password."""
    return any(one.get("method") == "password" for one in get_authentication_records(request, request.user))


def _link(request: Any, vendor: str, uid: str, address: str) -> HttpResponse:
    if not request.user.is_authenticated:
        return redirect("account_login")
    by_password, name = signed_in_by_password(request), Vendor(vendor).label
    became = identities.link(by=request.user, vendor=vendor, uid=uid, with_password=by_password)
    if became is Linked.DONE:
        if address:
            addresses.keep(request.user.pk, CHANNELS[Vendor(vendor)], address)
        messages.success(request, _("已绑定%s，下次可以用它登录。") % name)
    elif became is Linked.TAKEN:
        messages.warning(request, _("这个%s已经绑定了另一个账号，请先在那个账号里解除绑定。") % name)
    elif became is Linked.OTHER:
        messages.warning(request, _("您已绑定另一个%s，请先解除绑定。") % name)
    else:
        messages.warning(request, _("您在这里有工作身份，请先用用户名和密码登录，再来绑定。"))
    return redirect(own_page(request))


def _enter(request: Any, vendor: str, uid: str) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home:start")
    found = identities.found_by(vendor, uid)
    if found is None:
        _note_failure(request)
        text = _("这里还不认识您的%s。先用手机号登录或加入班级，再在“我”里绑定%s。")
        name = Vendor(vendor).label
        messages.warning(request, text % (name, name))
        return redirect("families:sign_in")
    if works_here(found.account) and not found.with_password:
        _note_failure(request)
        text = _("您在这里还有工作身份，请用用户名和密码登录，再到“我的账号”重新绑定。")
        messages.warning(request, text)
        return redirect("account_login")
    enter(request, found.account)
    return redirect(way_on(request))


def _note_failure(request: Any) -> None:
    """In the audit stands that somebody was not let in, not who (check C22)."""
    user_login_failed.send(sender=__name__, credentials={}, request=request)
