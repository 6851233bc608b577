"""E-mail through Django. Mail servers drop no repetition, so what was handed over without an answer stays unsure."""

import smtplib
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.mail import EmailMessage, get_connection
from django.utils.translation import gettext_lazy as _

from tongyu.notices.channels.base import Kind, Outcome, Parcel, configured
from tongyu.notices.topics import MAIL

BUSY = {421, 450, 451, 452}


class Mail:
    """E-mail, one a person."""

    key, label = MAIL, _("电子邮件")
    batch, window = 20, timedelta(0)

    def ready(self) -> bool:
        """A mail server and the sender's address are set."""
        return configured(MAIL, "host", "sender") is not None

    def deliver(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """All over one connection to the mail server."""
        found = configured(MAIL, "host", "sender") or {}
        connection = get_connection(fail_silently=False, timeout=10)
        try:
            connection.open()
        except (smtplib.SMTPException, OSError) as error:
            outcome = Outcome(Kind.FAILED, type(error).__name__)
            return {parcel.id: outcome for parcel in parcels}
        try:
            return {parcel.id: _send(connection, found["sender"], parcel) for parcel in parcels}
        finally:
            _close(connection)


def _send(connection: Any, sender: str, parcel: Parcel) -> Outcome:
    host = sender.rpartition("@")[2].strip("<> ")
    mail = EmailMessage(
        subject=parcel.title,
        body="\n\n".join(filter(None, [parcel.text or parcel.title, parcel.url])),
        from_email=sender,
        to=[parcel.address],
        headers={"Message-ID": f"<{parcel.id.hex}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        return Outcome(Kind.FAILED if code in BUSY else Kind.REFUSED, str(code))
    except smtplib.SMTPResponseException as refused:
        return Outcome(Kind.FAILED, str(refused.smtp_code))
    except (smtplib.SMTPException, OSError) as error:
        return Outcome(Kind.UNSURE, type(error).__name__)
    return Outcome(Kind.SENT)


def _close(connection: Any) -> None:
    try:
        connection.close()
    except (smtplib.SMTPException, OSError):
        return


CHANNEL = Mail()
