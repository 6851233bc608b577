"""What a county may make of a number: where the plan says it only tighten it, else choose within its bounds; never
looser than what the nation asks. A school may tighten what holds for it, where the number is one of its own duties."""

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
from tongyu.plan.strictness import (
    DAYS,
    LENGTH,
    MINIMUM,
    SHARE,
    WINDOW,
    days_of,
    is_as_strict,
    role_in,
    tightens,
    why_not_own,
)

BOUNDS: dict[str, tuple[float, float]] = {
    MINIMUM: (0, 20),
    DAYS: (1, 120),
    LENGTH: (1, 120),
    SHARE: (0.1, 0.95),
}
"""What is possible where the edition gives no bounds of its own."""
TEXT = re.compile(r"(\d{1,2})-(\d{1,2})\.\.(\d{1,2})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Definition:
    """A number as the edition gives it, and what may be made of it."""

    printed: Parameter
    role: str
    """minimum (how often), days (to be there, to answer within), length (of a deadline), share, or window"""
    at_least: float
    at_most: float
    used_by: tuple[int, ...]
    """the obligations that rest on it"""
    no_school: str = ""
    """why a school may have no value of its own; empty when it may"""

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
        """What the county may choose, in a sentence; before it what the nation asks, where it does."""
        nation = self.printed.nation
        floor = _("国家规定%(value)s（%(paper)s%(clause)s），不能比它松。") % nation if nation else ""
        return floor + self._may

    @property
    def _may(self) -> str:
        if self.role == WINDOW:
            if self.by_plan:
                return _("方案定为%(value)s，本县只能在这段时间之内选。") % {"value": self.printed.value}
            return _("由本县确定起止日期，写成 月-日..月-日，如 03-01..03-31。")
        told = {"low": _plain(self.at_least), "high": _plain(self.at_most), "value": self.printed.value}
        if self.by_plan:
            return _("方案定为%(value)s，本县只能从严：%(low)s 至 %(high)s。") % told
        return _("方案没有定，由本县确定：%(low)s 至 %(high)s。") % told

    def settable_over(self, standing: Any) -> bool:
        """Whether a school may choose anything where `standing` holds for it."""
        return not self.no_school and not (self.role == MINIMUM and standing == 0)

    def school_may(self, standing: Any) -> str:
        """What a school may choose where `standing` holds for it, in one sentence; or why nothing."""
        if not self.settable_over(standing):
            return self.no_school or _("这一项本县不作要求，学校不单独定。")
        told = {"low": _plain(self.at_least), "high": _plain(self.at_most), "value": standing}
        if self.role == MINIMUM:
            return _("本县是%(value)s，本校只能更严：大于%(value)s，最多%(high)s。") % told
        return _("本县是%(value)s，本校只能更严：小于%(value)s，最少%(low)s。") % told


def definition(plan: Plan, key: str, on: dt.date, using: str = DEFAULT_DB_ALIAS) -> Definition | None:
    """The number of that key; None when the plan has none. Two queries."""
    return definitions(plan, on, using).get(key)


def definitions(plan: Plan, on: dt.date, using: str = DEFAULT_DB_ALIAS) -> dict[str, Definition]:
    """Every number of the plan by key, as the edition has it on the day, in the order of its use. Two queries."""
    printed: dict[str, Parameter] = {}
    for row in Parameter.objects.using(using).filter(plan=plan).order_by("key", "valid_from"):
        if row.key not in printed or row.valid_from <= on:
            printed[row.key] = row
    uses: dict[str, dict[int, Mapping[str, Any]]] = {}
    rules = Obligation.objects.using(using).filter(plan=plan).order_by("order")
    for pk, rule in rules.values_list("pk", "rule"):
        for key in parameter_keys(rule):
            uses.setdefault(key, {})[pk] = rule
    return {key: _definition(printed[key], used) for key, used in uses.items() if key in printed}


def _definition(row: Parameter, users: Mapping[int, Mapping[str, Any]]) -> Definition:
    role = role_in(next(iter(users.values())), row.key)
    used_by, no_school = tuple(users), why_not_own(role, users.values())
    if role == WINDOW:
        return Definition(row, role, 0, 0, used_by, no_school)
    low, high = BOUNDS[role]
    if role == MINIMUM and row.value >= 1 and any(rule["modality"] == "required" for rule in users.values()):
        low = 1  # what is required stays required
    low, high = row.bounds.get("at_least", low), row.bounds.get("at_most", high)
    floors = [row.value] if row.source["kind"] == "plan" else []
    floors += [row.nation["value"]] if row.nation else []
    for floor in floors:
        low, high = (max(low, floor), high) if role == MINIMUM else (low, min(high, floor))
    return Definition(row, role, low, high, used_by, no_school)


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
        floors = [known.printed.value] if known.by_plan else []
        floors += [known.printed.nation["value"]] if known.printed.nation else []
        if not all(is_as_strict(WINDOW, value, floor) for floor in floors):
            raise ValidationError({"value": known.may})
        return
    if not known.at_least <= value <= known.at_most:
        raise ValidationError({"value": known.may})


def check_own(known: Definition, value: Any, standing: Any) -> None:
    """Raise ValidationError at `value` unless a school for which `standing` holds may choose it for itself."""
    possible = known.role == WINDOW or known.at_least <= value <= known.at_most
    if known.no_school or not possible or not tightens(known.role, value, standing):
        raise ValidationError({"value": known.school_may(standing)})


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


def _plain(number: float) -> str:
    return f"{number:g}"
