"""One-time codes on their way to a phone, within limits per phone and address."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongyu.core import limits
from tongyu.directory.families import one_time
from tongyu.portals.families.texting import can_text, text_code

PER_PHONE, PER_PHONE_DAY, PER_ADDRESS = 5, 10, 60
"""An hour, a day, an hour. Villages share one address of their carrier: an address may ask more often than a phone."""
WRONG_INVITATIONS = 200
"""An hour from one address: a whole school joins from its own network and mistypes; 39 bits are not found so."""
HOUR, DAY = 3600, 24 * 3600
WRONG = "wrong invitation"
NO_TEXTING = _("本县还没有开通短信，收不到验证码。请联系班主任，学校的通知会由老师转告。")


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
    if not can_text():
        return str(NO_TEXTING)
    if not limits.within("one-time code soon", phone, most=1, seconds=60):
        return gettext("验证码刚发过，请等一分钟再试。")
    if not limits.within("one-time code", phone, most=PER_PHONE, seconds=HOUR):
        return gettext("这个手机号一小时内要的验证码太多，请过一会儿再试。")
    if not limits.within("one-time code a day", phone, most=PER_PHONE_DAY, seconds=DAY):
        return gettext("这个手机号今天要的验证码太多，请明天再试，或联系班主任。")
    if not limits.within("one-time code from", address_of(request), most=PER_ADDRESS, seconds=HOUR):
        return gettext("从这个网络要的验证码太多，请过一会儿再试。")
    text_code(phone, one_time.issue(phone, browser_of(request), purpose))
    return ""


def code_step(request: Any, form: Any, purpose: str) -> dict[str, bool] | None:
    """How the page of a valid form with `phone` and `one_time` goes on: the code is asked for, and sent or not.

    None when the code proves the phone. What is wrong stands in the form.
    """
    phone, code = form.cleaned_data["phone"], form.cleaned_data["one_time"]
    if "send" in request.POST or not code:
        refused = send_code(request, phone, purpose)
        if refused:
            form.add_error("one_time", refused)
        return {"asks_code": True, "sent": not refused}
    if not one_time.check(phone, browser_of(request), purpose, code):
        form.add_error("one_time", gettext("验证码不对，或已过期。可以重新获取。"))
        return {"asks_code": True}
    return None


def may_try_invitations(request: Any) -> bool:
    """Whether this address may try another invitation this hour; asked before one is looked for, right or wrong."""
    return not limits.spent(WRONG, address_of(request), most=WRONG_INVITATIONS, seconds=HOUR)


def note_wrong_invitation(request: Any) -> None:
    """Count one wrong invitation from this address."""
    limits.counted(WRONG, address_of(request), HOUR)
