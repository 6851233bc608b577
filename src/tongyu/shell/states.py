"""How the eight states of a duty look. They never merge: each has its own word and its own colour."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class StateLook:
    """Word, tone of the badge, and place in a stacked bar."""

    key: str
    label: Any
    tone: str


LOOKS = (
    StateLook("met", _("已完成"), "green"),
    StateLook("met_late", _("逾期完成"), "lime"),
    StateLook("in_progress", _("进行中"), "blue"),
    StateLook("behind_pace", _("滞后"), "amber"),
    StateLook("missing", _("未落实"), "red"),
    StateLook("not_due", _("未到期"), "pale"),
    StateLook("exempt", _("不适用"), "stone"),
    StateLook("unknown", _("暂不能衡量"), "violet"),
)
BY_KEY = {look.key: look for look in LOOKS}


@dataclass(frozen=True)
class Segment:
    """One state's share of a stacked bar, in percent."""

    look: StateLook
    count: int
    start: str
    width: str


def segments(counts: Mapping[str, int]) -> list[Segment]:
    """The states that occur, in fixed order, with their places; an unknown state is a KeyError."""
    for key in counts:
        BY_KEY[key]
    total = sum(counts.values())
    found: list[Segment] = []
    before = 0
    for look in LOOKS:
        count = counts.get(look.key, 0)
        if count:
            found.append(Segment(look, count, _percent(before, total), _percent(count, total)))
            before += count
    return found


def _percent(part: int, total: int) -> str:
    return f"{100 * part / total:.2f}%"
