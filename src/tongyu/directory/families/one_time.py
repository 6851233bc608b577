"""One-time codes for phones (check C13): bound to browser and purpose, ten minutes, five tries, once."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction

from tongyu.core.clock import now
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory.models import OneTimeCode

DIGITS = 6
LASTS = timedelta(minutes=10)
TRIES = 5
# The latest code of this phone, browser and purpose takes the try; the row is locked by it.
TRY = """
UPDATE directory_onetimecode SET tries = tries + 1
WHERE id = (SELECT id FROM directory_onetimecode
            WHERE phone_index = %s AND browser = %s AND purpose = %s ORDER BY made_at DESC, id DESC LIMIT 1)
  AND tries < %s AND used_at IS NULL AND expires_at > %s
RETURNING id, code_hash
"""


@transaction.atomic
def issue(phone: str, browser: str, purpose: str) -> str:
    """A new code for an E.164 phone; older ones of the same browser and purpose are void. The caller sends it."""
    code = f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    moment = now()
    with acting(system_scope("sign_in")):
        OneTimeCode.objects.create(
            phone_index=blind_index(phone),
            browser=_browser(browser),
            purpose=purpose,
            code_hash=_hash(phone, purpose, code),
            made_at=moment,
            expires_at=moment + LASTS,
        )
    return code


@transaction.atomic
def check(phone: str, browser: str, purpose: str, code: str) -> bool:
    """Whether this is the code that was sent last to that phone for that browser; it is used up then."""
    with acting(system_scope("sign_in")), connection.cursor() as cursor:
        cursor.execute(TRY, [blind_index(phone), _browser(browser), purpose, TRIES, now()])
        row = cursor.fetchone()
        if row is None or not hmac.compare_digest(bytes(row[1]), _hash(phone, purpose, code)):
            return False
        OneTimeCode.objects.filter(pk=row[0]).update(used_at=now())
        return True


def forget_old() -> int:
    """Drop codes a day old; returns how many."""
    with acting(system_scope("sign_in")):
        return OneTimeCode.objects.filter(made_at__lt=now() - timedelta(days=1)).delete()[0]


def _browser(session_key: str) -> str:
    return hashlib.sha256(session_key.encode()).hexdigest()


def _hash(phone: str, purpose: str, code: str) -> bytes:
    """Keyed: six digits are too few for a bare hash."""
    text = f"{purpose}|{phone}|{code}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), b"one-time code|" + text, hashlib.sha256).digest()
