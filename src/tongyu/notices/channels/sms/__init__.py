"""SMS by approved templates, through Alibaba Cloud's SendSms or a gateway that speaks it; `console` for development.

https://help.aliyun.com/zh/sms/developer-reference/api-dysmsapi-2017-05-25-sendsms. A request whose nonce was used is
refused (SignatureNonceUsed); the nonce is the attempt's mark, so a repetition after a kill is known and not sent again.
"""

import json
import logging
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.conf import settings as installed
from django.utils.translation import gettext_lazy as _

from tongyu.core import clock
from tongyu.notices.channels.base import Kind, Outcome, Parcel, configured
from tongyu.notices.channels.sms.signing import signed_headers
from tongyu.notices.channels.web import call, one_by_one
from tongyu.notices.topics import SMS

logger = logging.getLogger(__name__)

ACTION, VERSION = "SendSms", "2017-05-25"
NONCES_KEPT = timedelta(minutes=10)
BUSY = {
    "isv.BUSINESS_LIMIT_CONTROL": timedelta(minutes=2),
    "isv.DAY_LIMIT_CONTROL": timedelta(hours=2),
    "isv.MONTH_LIMIT_CONTROL": timedelta(hours=12),
    "Throttling": timedelta(seconds=30),
    "Throttling.User": timedelta(seconds=30),
    "ServiceUnavailable": timedelta(minutes=1),
    "isp.RAM_PERMISSION_DENY": timedelta(minutes=15),
    "isv.AMOUNT_NOT_ENOUGH": timedelta(hours=1),
    "isv.OUT_OF_SERVICE": timedelta(hours=1),
    "isv.ACCOUNT_ABNORMAL": timedelta(hours=1),
    "isv.SMS_TEMPLATE_ILLEGAL": timedelta(hours=1),
    "isv.SMS_SIGNATURE_ILLEGAL": timedelta(hours=1),
    "SignatureDoesNotMatch": timedelta(minutes=15),
    "InvalidAccessKeyId.NotFound": timedelta(minutes=15),
    "InvalidTimeStamp.Expired": timedelta(minutes=15),
}
"""What is the account's matter, not the telephone's: left alone for a while."""
TRY_AGAIN = {"isp.SYSTEM_ERROR", "InternalError"}
USED = "SignatureNonceUsed"


class Sms:
    """Text messages: a template and its parameters, never content."""

    key, label = SMS, _("短信")
    batch, window = 100, NONCES_KEPT

    def ready(self) -> bool:
        """Console, or a gateway with its key, secret and signature."""
        found = configured(SMS, "gateway")
        if not found:
            return False
        if found["gateway"] == "console":
            return bool(installed.DEBUG or found.get("demo"))
        return configured(SMS, "url", "key", "secret", "sign") is not None

    def deliver(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """One call a telephone."""
        found = configured(SMS, "gateway") or {}
        if found.get("gateway") == "console":
            return {parcel.id: _to_the_log(parcel) for parcel in parcels}
        return one_by_one(parcels, self._send)

    def _send(self, parcel: Parcel) -> Outcome:
        found = configured(SMS, "url", "key", "secret", "sign") or {}
        template = _templates(found).get(parcel.template)
        if template is None:
            return Outcome(Kind.LATER, "no template", after=timedelta(hours=1))
        asked = {
            "PhoneNumbers": plain_number(parcel.address),
            "SignName": found["sign"],
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(parcel.words), ensure_ascii=False),
            "OutId": parcel.id.hex,
        }
        url = found["url"].rstrip("/") + "/"
        headers = signed_headers(
            url,
            asked,
            action=ACTION,
            version=VERSION,
            key=found["key"],
            secret=found["secret"],
            nonce=parcel.mark,
            moment=clock.now(),
        )
        return verdict(call("POST", url, params=asked, headers=headers))


def _templates(found: dict[str, str]) -> dict[str, str]:
    """The approved templates by our keys: `code=SMS_1,notice=SMS_2`."""
    pairs = (pair.partition("=") for pair in found.get("templates", "").split(",") if pair)
    return {name.strip(): code.strip() for name, _equal, code in pairs}


def plain_number(phone: str) -> str:
    """The digits as the gateway wants them: a mainland number without its country code."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return digits[2:] if digits.startswith("86") and len(digits) == 13 else digits


def verdict(answer: dict[str, object]) -> Outcome:
    """What the gateway's code means for the message."""
    code = str(answer.get("Code", ""))
    if code == "OK":
        return Outcome(Kind.SENT, vendor_id=str(answer.get("BizId", "")))
    if code == USED:
        return Outcome(Kind.UNSURE, code)
    if code in BUSY:
        return Outcome(Kind.LATER, code, after=BUSY[code])
    if code in TRY_AGAIN:
        return Outcome(Kind.FAILED, code)
    return Outcome(Kind.REFUSED if code else Kind.UNSURE, code or "no code")


def _to_the_log(parcel: Parcel) -> Outcome:
    """For development and the invented county: the log is the telephone."""
    words = " ".join(f"{name}={word}" for name, word in parcel.words.items())
    logger.warning("SMS to %s: [%s] %s", parcel.address, parcel.template, words)
    return Outcome(Kind.SENT, vendor_id="console")


CHANNEL = Sms()
