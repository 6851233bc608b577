"""Which vendors this installation signs people in with, and which of them fit the browser somebody has."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allauth.socialaccount.models import SocialApp
from django.conf import settings
from django.urls import reverse

from tongyu.directory.devices import kind_of
from tongyu.directory.models import Vendor

WEB = "weixin_web"
"""WeChat in a browser that is not WeChat's: another application of the same open-platform account."""


@dataclass(frozen=True)
class Way:
    """A vendor that somebody may sign in with here and now."""

    vendor: Vendor
    url: str
    icon: str

    @property
    def label(self) -> str:
        """The vendor as everybody calls it."""
        return str(self.vendor.label)


def browser(request: Any) -> str:
    """The kind of browser that asks: `wechat`, `wecom`, `dingtalk`, `phone`, `desk` or nothing."""
    return kind_of(request.META.get("HTTP_USER_AGENT", ""))


def app_of(request: Any, vendor: str) -> SocialApp | None:
    """The vendor's application as the environment names it, for this browser; None when it is not set."""
    given = settings.TONGYU_SIGN_IN_WAYS
    key = WEB if vendor == Vendor.WEIXIN and browser(request) != "wechat" else vendor
    words = given.get(key) if vendor in Vendor.values else None
    if not words:
        return None
    return SocialApp(
        provider=vendor,
        name=str(Vendor(vendor).label),
        client_id=words[0],
        key=words[1] if vendor == Vendor.WECOM else "",
        secret=words[-1],
    )


def configured(vendor: str) -> bool:
    """Whether this installation has the vendor in any browser."""
    given = settings.TONGYU_SIGN_IN_WAYS
    return vendor in given or (vendor == Vendor.WEIXIN and WEB in given)


def ways_for(request: Any) -> Sequence[Way]:
    """The buttons of the sign-in pages. Inside a vendor's own app only that vendor's, as others lead nowhere there."""
    fitting = [vendor for vendor in Vendor if app_of(request, vendor) is not None]
    inside = {"wechat": Vendor.WEIXIN, "wecom": Vendor.WECOM, "dingtalk": Vendor.DINGTALK}.get(
        browser(request)
    )
    if inside in fitting:
        fitting = [inside]
    icons = {Vendor.WEIXIN: "message-2", Vendor.WECOM: "building", Vendor.DINGTALK: "send"}
    return [Way(vendor, reverse("own_account:start", args=[vendor]), icons[vendor]) for vendor in fitting]


def api(host: str) -> str:
    """Where this server reaches a vendor's host."""
    relay = settings.TONGYU_SIGN_IN_RELAY
    return f"{relay}/{host}" if relay else f"https://{host}"
