"""The kinds of message: what each is called, and which of its words may leave the house on which channel."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from tongyu.core.registry import Registry, RegistryError

MAIL, SMS, WECOM, SCHOOL, DINGTALK = "mail", "sms", "wecom", "school", "dingtalk"
OUTSIDE = (SCHOOL, WECOM, DINGTALK, SMS, MAIL)
"""The channels outside, in the order in which they are tried: what costs nothing and is nearest first."""


class Words(Enum):
    """How much of a message a channel carries."""

    HINT = "hint"
    """That there is something, and where to read it."""
    TITLE = "title"
    FULL = "full"


@dataclass(frozen=True)
class Due:
    """A message to one person, about to go out: what `still_wanted` is asked about."""

    delivery: UUID
    key: str
    account: int | None
    guardian: UUID | None
    students: tuple[UUID, ...]


StillWanted = Callable[[Sequence[Due]], set[UUID]]
HINT = _("您有一条新的消息，请登录查看。")


@dataclass(frozen=True)
class Topic:
    """One kind of message.

    `words` says what each channel may carry; a channel that it does not name is not used. `template` is the key
    under which the installation names its approved SMS template, `parameters` what that takes and nothing else: never
    a child's name or condition. `urgent`: one-time codes, which quiet hours do not hold. `large`: cannot be turned off.
    `still_wanted` is asked at delivery which of these are: who has answered meanwhile is left in peace.
    """

    key: str
    title: Any
    words: dict[str, Words] = field(default_factory=dict)
    hint: Any = HINT
    template: str = ""
    parameters: tuple[str, ...] = ()
    urgent: bool = False
    large: bool = False
    expires: timedelta = timedelta(days=7)
    still_wanted: StillWanted | None = None

    def __post_init__(self) -> None:
        for channel, words in self.words.items():
            if channel not in OUTSIDE:
                raise RegistryError(f"topic {self.key!r}: no channel {channel!r}")
            if channel == SMS and (words is not Words.HINT or not self.template):
                raise RegistryError(f"topic {self.key!r}: an SMS carries an approved template and no content")


topics: Registry[Topic] = Registry("topic")


def topic_of(key: str) -> Topic:
    """The topic of a stored message; one whose room has gone since is a plain message that stays inside."""
    return topics.get(key) if key in topics else Topic(key, _("消息"))


HINTS = {SCHOOL: Words.TITLE, WECOM: Words.TITLE, DINGTALK: Words.TITLE, SMS: Words.HINT, MAIL: Words.TITLE}
"""What an ordinary notice gives away outside: its title where an organisation's own application shows it."""

ONE_TIME_CODE = topics.register(
    Topic(
        "one_time_code",
        _("验证码"),
        {SMS: Words.HINT},
        template="code",
        parameters=("code",),
        urgent=True,
        large=True,
        expires=timedelta(minutes=10),
    )
)
