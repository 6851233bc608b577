"""One-time codes on their way to a phone, within limits per phone and address."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.utils.translation import gettext as _

from tongyu.core import limits
from tongyu.directory.families import one_time
from tongyu.portals.families.texting import text_code

PER_PHONE, PER_ADDRESS, WRONG_INVITATIONS = 5, 60, 20
"""An hour. Villages share one address of their carrier, so an address may ask more often than a phone."""
HOUR = 3600


def browser_of(request: Any) -> str:
    """The key of the visitor's session, which the code is bound to; a session is begun for strangers."""
    if not request.session.session_key:
        request.session.create()
    return str(request.session.session_key)


def address_of(request: Any) -> str:
    """Whose address counts: the trusted proxy's word, as for passwords."""
    return str(get_adapter().get_client_ip(request))


def send_code(request: Any, phone: str, purpose: str) -> str:
    """Send a code to the phone; returns why not in one sentence, or nothing when it is on its way."""
    if not limits.within("one-time code soon", phone, most=1, seconds=60):
        return _("验证码刚发过，请等一分钟再试。")
    if not limits.within("one-time code", phone, most=PER_PHONE, seconds=HOUR):
        return _("这个手机号一小时内要的验证码太多，请过一会儿再试。")
    if not limits.within("one-time code from", address_of(request), most=PER_ADDRESS, seconds=HOUR):
        return _("从这个网络要的验证码太多，请过一会儿再试。")
    text_code(phone, one_time.issue(phone, browser_of(request), purpose))
    return ""


def too_many_wrong_invitations(request: Any) -> bool:
    """Count one wrong invitation from this address; whether there were too many this hour."""
    return not limits.within("wrong invitation", address_of(request), most=WRONG_INVITATIONS, seconds=HOUR)
