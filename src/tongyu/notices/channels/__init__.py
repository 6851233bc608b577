"""The channels, one folder each, and which of them this installation may use."""

from functools import cache
from importlib import import_module

from tongyu.notices.channels.base import Channel
from tongyu.notices.topics import OUTSIDE, Topic


@cache
def channel(key: str) -> Channel:
    """The channel of that key."""
    found: Channel = import_module(f"tongyu.notices.channels.{key}").CHANNEL
    return found


def ready(topic: Topic) -> list[str]:
    """The channels that may carry the topic and are configured, in the order in which they are tried."""
    return [key for key in OUTSIDE if key in topic.words and channel(key).ready()]
