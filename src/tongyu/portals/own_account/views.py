"""The own account: with what one signs in, and where one is signed in."""

from typing import Any

from allauth.socialaccount.providers.base.constants import AuthProcess
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongyu.core.access import Anywhere, Rule, requires
from tongyu.directory import devices, identities
from tongyu.directory.families.accounts import works_here
from tongyu.directory.marks import any_hat
from tongyu.directory.models import Vendor
from tongyu.directory.roles import EVERY_HAT
from tongyu.notices import addresses
from tongyu.portals.own_account.arriving import own_page, signed_in_by_password
from tongyu.portals.own_account.finding import CHANNELS
from tongyu.portals.own_account.signing_in import leave
from tongyu.portals.own_account.ways import configured, ways_for

OWN_ACCOUNT = Rule("own_account.own", EVERY_HAT, Anywhere())
"""The own sign-ins and devices, the same under every hat."""


def shown(request: Any) -> dict[str, Any]:
    """What the part `own_account/parts.html` needs: ways of signing in, devices."""
    links = identities.linked(request.user)
    here = {way.vendor for way in ways_for(request)}
    at_work = works_here(request.user)
    return {
        "sign_ins": [
            {
                "vendor": vendor,
                "label": vendor.label,
                "link": links.get(vendor),
                "here": vendor in here,
                "useless": at_work and vendor in links and not links[vendor].with_password,
            }
            for vendor in Vendor
            if configured(vendor) or vendor in links
        ],
        "needs_password": at_work and not signed_in_by_password(request),
        "devices": devices.devices_of(request.user, request.session.session_key),
    }


@require_GET
@requires(OWN_ACCOUNT)
def own(request: Any) -> HttpResponse:
    """The page of people at work; a guardian's is “我”."""
    if own_page(request) != "own_account:own":
        return redirect(own_page(request))
    return render(request, "own_account/own.html", shown(request))


@require_POST
@any_hat
@requires(OWN_ACCOUNT)
def link(request: Any, vendor: str) -> HttpResponse:
    """Leave for the vendor, to link the identity there to the account that is signed in."""
    if vendor in Vendor.values and works_here(request.user) and not signed_in_by_password(request):
        messages.warning(request, _("您在这里有工作身份，请先用用户名和密码登录，再来绑定。"))
        return redirect(own_page(request))
    return leave(request, vendor, AuthProcess.CONNECT)


@require_POST
@any_hat
@requires(OWN_ACCOUNT)
def unlink(request: Any, vendor: str) -> HttpResponse:
    """The identity there opens nothing from now on."""
    if vendor not in Vendor.values:
        raise Http404
    if identities.unlink(by=request.user, vendor=vendor):
        if Vendor(vendor) in CHANNELS:
            addresses.forget(request.user.pk, CHANNELS[Vendor(vendor)])
        messages.success(request, _("已解除绑定%s。") % Vendor(vendor).label)
    return redirect(own_page(request))


@require_POST
@any_hat
@requires(OWN_ACCOUNT)
def end_device(request: Any) -> HttpResponse:
    """Sign one other device out, or all others."""
    if "others" in request.POST:
        ended = devices.end_others(by=request.user, session_key=request.session.session_key)
    else:
        ended = devices.end(by=request.user, device=request.POST.get("device", ""))
    if ended:
        messages.success(request, _("已在那里退出登录。"))
    return redirect(own_page(request))
