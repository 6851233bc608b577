"""The only clock. Views and jobs ask it; rules and queries are given the day they speak of (house rule 13)."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return timezone.now()


def today() -> date:
    """Today's date in China; `TONGYU_TODAY` pins it for demonstrations and tests."""
    return settings.TONGYU_TODAY or timezone.now().astimezone(CHINA).date()


def moment() -> datetime:
    """The present instant, on the day that `today` says: what hours and deadlines are held against."""
    at = timezone.now().astimezone(CHINA)
    return datetime.combine(today(), at.timetz())
