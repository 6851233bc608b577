"""Which of two values of a number asks more, and whether a school may ask more of itself by it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from tongyu.plan.rules import TAIL_SHARE

MINIMUM, DAYS, LENGTH, SHARE, WINDOW = "minimum", "days", "length", "share", "window"
IN_SCHOOL_UNITS = frozenset(("student", "class", "grade", "school"))
IN_SCHOOL_BEARERS = frozenset(("school", "class_teacher", "family"))
LEAP = 2024


def role_in(rule: Mapping[str, Any], key: str) -> str:
    """What the number is for in the compiled rule."""
    roles = {rule["window"]: WINDOW, rule["days"]: LENGTH, TAIL_SHARE: SHARE, rule["minimum"]: MINIMUM}
    return roles.get(key, DAYS)


def is_as_strict(role: str, new: Any, old: Any) -> bool:
    """Whether the new value asks at least as much as the old: a partial order, the comparison of every level."""
    if role == WINDOW:
        return days_of(new) <= days_of(old)
    return bool(new >= old) if role == MINIMUM else bool(new <= old)


def tightens(role: str, own: Any, standing: Any) -> bool:
    """Whether a school's own value holds over what stands for it without: it asks more, and something is asked.

    What moves a window never does: the window is the county's. A minimum of 0 asks nothing, and a school makes no
    duty of it.
    """
    if role in (WINDOW, LENGTH) or (role == MINIMUM and standing == 0):
        return False
    return own != standing and is_as_strict(role, own, standing)


def inside_a_school(rule: Mapping[str, Any]) -> bool:
    """True when whoever owes the duty, and whatever shares its pace, lies in one school."""
    return rule["unit"] in IN_SCHOOL_UNITS and IN_SCHOOL_BEARERS.issuperset(rule["bearer"])


def why_not_own(role: str, rules: Iterable[Mapping[str, Any]]) -> str:
    """Why a school may have no value of its own of the number on which these rules rest; nothing when it may."""
    users = list(rules)
    if role in (WINDOW, LENGTH):
        return _("这个数定的是时段，全县统一，学校不单独定。")
    if not all(inside_a_school(rule) for rule in users):
        return _("用到这个数的责任不都在一所学校之内，学校不单独定。")
    if not any(rule["modality"] == "required" for rule in users):
        return _("这一项是鼓励，不作要求，学校不单独定。")
    return ""


def days_of(window: str) -> frozenset[int]:
    """The days of a window written 03-01..03-31, as days of a leap year; it may run over New Year."""
    first, last = (_ordinal(text) for text in window.split(".."))
    if first <= last:
        return frozenset(range(first, last + 1))
    return frozenset(range(1, 367)) - frozenset(range(last + 1, first))


def _ordinal(text: str) -> int:
    month, day = text.split("-")
    return dt.date(LEAP, int(month), int(day)).timetuple().tm_yday
