"""What a county may make of a number: where the plan says it only tighten it, else choose within its bounds."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DEFAULT_DB_ALIAS
from django.utils.translation import gettext as _

from tongyu.plan.book import parameter_keys
from tongyu.plan.models import Obligation, Parameter, Plan
from tongyu.plan.rules import TAIL_SHARE

MINIMUM, DAYS, LENGTH, SHARE, WINDOW = "minimum", "days", "length", "share", "window"
BOUNDS: dict[str, tuple[float, float]] = {
    MINIMUM: (0, 20),
    DAYS: (1, 120),
    LENGTH: (1, 120),
    SHARE: (0.1, 0.95),
}
"""What is possible where the edition gives no bounds of its own."""
TEXT = re.compile(r"(\d{1,2})-(\d{1,2})\.\.(\d{1,2})-(\d{1,2})")
LEAP = 2024


@dataclass(frozen=True, slots=True)
class Definition:
    """A number as the edition gives it, and what may be made of it."""

    printed: Parameter
    role: str
    """minimum (how often), days (there long enough to count), length (of a deadline), share, or window"""
    at_least: float
    at_most: float
    used_by: tuple[int, ...]
    """the obligations that rest on it"""

    @property
    def by_plan(self) -> bool:
        """True when the plan's own words give it: it may only be tightened."""
        return bool(self.printed.source["kind"] == "plan")

    @property
    def tightest(self) -> str:
        """In which direction it becomes stricter: more or less, or within."""
        return {MINIMUM: "more", WINDOW: "within"}.get(self.role, "less")

    @property
    def may(self) -> str:
        """What may be chosen, in one sentence."""
        if self.role == WINDOW:
            if self.by_plan:
                return _("方案定为%(value)s，本县只能在这段时间之内选。") % {"value": self.printed.value}
            return _("由本县确定起止日期，写成 月-日..月-日，如 03-01..03-31。")
        told = {"low": _plain(self.at_least), "high": _plain(self.at_most), "value": self.printed.value}
        if self.by_plan:
            return _("方案定为%(value)s，本县只能从严：%(low)s 至 %(high)s。") % told
        return _("方案没有定，由本县确定：%(low)s 至 %(high)s。") % told


def definition(plan: Plan, key: str, on: dt.date, using: str = DEFAULT_DB_ALIAS) -> Definition | None:
    """The number of that key; None when the plan has none. Two queries."""
    return definitions(plan, on, using).get(key)


def definitions(plan: Plan, on: dt.date, using: str = DEFAULT_DB_ALIAS) -> dict[str, Definition]:
    """Every number of the plan by key, as the edition has it on the day, in the order of its use. Two queries."""
    printed: dict[str, Parameter] = {}
    for row in Parameter.objects.using(using).filter(plan=plan).order_by("key", "valid_from"):
        if row.key not in printed or row.valid_from <= on:
            printed[row.key] = row
    uses: dict[str, list[tuple[int, str, bool]]] = {}
    rules = Obligation.objects.using(using).filter(plan=plan).order_by("order")
    for pk, rule, modality in rules.values_list("pk", "rule", "modality"):
        for key in parameter_keys(rule):
            uses.setdefault(key, []).append((pk, role_in(rule, key), modality == "required"))
    return {key: _definition(printed[key], used) for key, used in uses.items() if key in printed}


def role_in(rule: Mapping[str, Any], key: str) -> str:
    """What the number is for in the rule."""
    roles = {rule["window"]: WINDOW, rule["days"]: LENGTH, TAIL_SHARE: SHARE, rule["minimum"]: MINIMUM}
    return roles.get(key, DAYS)


def _definition(row: Parameter, uses: list[tuple[int, str, bool]]) -> Definition:
    role = uses[0][1]
    used_by = tuple(pk for pk, _role, _required in uses)
    if role == WINDOW:
        return Definition(row, role, 0, 0, used_by)
    low, high = BOUNDS[role]
    if role == MINIMUM and row.value >= 1 and any(required for _pk, _role, required in uses):
        low = 1  # what is required stays required
    low, high = row.bounds.get("at_least", low), row.bounds.get("at_most", high)
    if row.source["kind"] == "plan":
        low, high = (max(low, row.value), high) if role == MINIMUM else (low, min(high, row.value))
    return Definition(row, role, low, high, used_by)


def is_as_strict(role: str, new: Any, old: Any) -> bool:
    """Whether the new value asks at least as much as the old: a partial order, the comparison of every level."""
    if role == WINDOW:
        return days_of(new) <= days_of(old)
    return bool(new >= old) if role == MINIMUM else bool(new <= old)


def parse(known: Definition, text: str) -> Any:
    """The value that somebody typed; raises ValidationError at `value`."""
    text = unicodedata.normalize("NFKC", text).strip()
    if known.role == WINDOW:
        return _window(text)
    shape = r"0?\.\d{1,3}|0|1(\.0+)?" if known.role == SHARE else r"\d{1,4}"
    if not re.fullmatch(shape, text):
        said = _("请填写0到1之间的小数，如 0.75。") if known.role == SHARE else _("请填写整数。")
        raise ValidationError({"value": said})
    return float(text) if known.role == SHARE else int(text)


def check(known: Definition, value: Any) -> None:
    """Raise ValidationError at `value` unless a county may choose it."""
    if known.role == WINDOW:
        if known.by_plan and not is_as_strict(WINDOW, value, known.printed.value):
            raise ValidationError({"value": known.may})
        return
    if not known.at_least <= value <= known.at_most:
        raise ValidationError({"value": known.may})


def days_of(window: str) -> frozenset[int]:
    """The days of a window written 03-01..03-31, as days of a leap year; it may run over New Year."""
    first, last = (_ordinal(text) for text in window.split(".."))
    if first <= last:
        return frozenset(range(first, last + 1))
    return frozenset(range(1, 367)) - frozenset(range(last + 1, first))


def _window(text: str) -> str:
    found = TEXT.fullmatch(text.replace(" ", ""))
    said = _("请写成 月-日..月-日，如 03-01..03-31。")
    if not found:
        raise ValidationError({"value": said})
    first_month, first_day, last_month, last_day = map(int, found.groups())
    window = f"{first_month:02}-{first_day:02}..{last_month:02}-{last_day:02}"
    try:
        days_of(window)
    except ValueError:
        raise ValidationError({"value": said}) from None
    return window


def _ordinal(text: str) -> int:
    month, day = text.split("-")
    return dt.date(LEAP, int(month), int(day)).timetuple().tm_yday


def _plain(number: float) -> str:
    return f"{number:g}"
