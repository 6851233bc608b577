"""Numbers and dates as readers of Chinese expect them. No clock in here."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DIGITS = "〇一二三四五六七八九"
WEEKDAYS = (
    gettext_lazy("周一"),
    gettext_lazy("周二"),
    gettext_lazy("周三"),
    gettext_lazy("周四"),
    gettext_lazy("周五"),
    gettext_lazy("周六"),
    gettext_lazy("周日"),
)
NOTHING = "—"


def count(value: int | float | Decimal | None) -> str:
    """12846 → 12 846 (thin space); nothing → a dash."""
    if value is None or value == "":
        return NOTHING
    if isinstance(value, float | Decimal) and value != int(value):
        return f"{value:,.1f}".replace(",", "\u202f")
    return f"{int(value):,}".replace(",", "\u202f")


def percent(value: float | Decimal | None, places: int = 0) -> str:
    """0.714 → 71%. Never rounds an incomplete share up to 100% nor a begun one down to 0%."""
    if value is None or value == "":
        return NOTHING
    share = float(value) * 100
    text = f"{share:.{places}f}"
    step = 10**-places
    if share < 100 and float(text) >= 100:
        text = f"{100 - step:.{places}f}"
    if share > 0 and float(text) == 0:
        text = f"{step:.{places}f}"
    return f"{text}%"


def chinese_number(value: int) -> str:
    """1–99 in Chinese: 三, 十二, 二十一; others in digits."""
    number = int(value)
    if not 0 <= number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    if tens == 0:
        return "零" if ones == 0 else DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def day(value: date | datetime | None) -> str:
    """2026年11月23日."""
    value = _local(value)
    if not value:
        return NOTHING
    return _("%(year)d年%(month)d月%(day)d日") % {
        "year": value.year,
        "month": value.month,
        "day": value.day,
    }


def short_day(value: date | datetime | None) -> str:
    """11月23日."""
    value = _local(value)
    if not value:
        return NOTHING
    return _("%(month)d月%(day)d日") % {"month": value.month, "day": value.day}


def weekday(value: date | datetime | None) -> str:
    """周一."""
    value = _local(value)
    return str(WEEKDAYS[value.weekday()]) if value else NOTHING


def moment(value: datetime | None) -> str:
    """2026年11月23日 15:00, in local time."""
    value = _local(value)
    return f"{day(value)} {value:%H:%M}" if value else NOTHING
