"""What every channel is given and gives back. Channels know vendors; they know nothing of people or of the database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any, Protocol
from uuid import UUID

from django.conf import settings


class Kind(Enum):
    """What came of handing one message to a vendor."""

    SENT = "sent"
    REFUSED = "refused"
    """This address will never do; another channel may."""
    FAILED = "failed"
    """Certainly not sent; worth another try, of which there are only so many."""
    LATER = "later"
    """The vendor is busy or not set up; certainly not sent, and no try is counted."""
    UNSURE = "unsure"
    """Handed over, and no answer came."""


@dataclass(frozen=True)
class Outcome:
    """The vendor's answer for one person; `code` is the vendor's own."""

    kind: Kind
    code: str = ""
    vendor_id: str = ""
    after: timedelta = timedelta(minutes=1)
    """How long a busy vendor is left alone."""


@dataclass(frozen=True)
class Parcel:
    """One message to one address, with no more words than the topic allows on this channel."""

    id: UUID
    address: str
    title: str
    text: str = ""
    url: str = ""
    template: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    attempt: int = 1

    @property
    def mark(self) -> str:
        """Names this attempt; made again after a kill it is the same, so that a vendor can tell a repetition."""
        return f"{self.id.hex}{self.attempt:02d}"


class Channel(Protocol):
    """A way out of the house."""

    key: str
    label: Any
    batch: int
    """How many are handed over between two commits."""
    window: timedelta
    """How long the vendor itself drops a repetition; zero when it does not."""

    def ready(self) -> bool:
        """Whether the installation has configured it."""
        ...

    def deliver(self, parcels: Sequence[Parcel]) -> dict[UUID, Outcome]:
        """Hand over; an outcome for each. Never raises for what a vendor or the network does."""
        ...


def configured(channel: str, *needed: str) -> dict[str, str] | None:
    """The channel's settings; None while one that it needs is missing."""
    found: dict[str, str] = settings.TONGYU_CHANNELS.get(channel, {})
    return found if all(found.get(name) for name in needed) else None
