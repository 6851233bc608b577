"""What stands in the environment, read as what a setting is. ValueError says that it is not."""

import re
from datetime import date, time
from pathlib import Path


def text(raw: str) -> str:
    """Any text."""
    return raw.strip()


def whole_number(raw: str) -> int:
    """A number such as 8000."""
    return int(raw.strip())


def at_least_two(raw: str) -> int:
    """A number from 2 on."""
    number = int(raw.strip())
    if number < 2:
        raise ValueError(raw)
    return number


def seconds(raw: str) -> float:
    """A number of seconds such as 1 or 0.5."""
    return float(raw.strip())


def yes_or_no(raw: str) -> bool:
    """1 or 0, true or false, yes or no, on or off."""
    word = raw.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(raw)


def names(raw: str) -> list[str]:
    """Names separated by commas."""
    return [part.strip() for part in raw.split(",") if part.strip()]


def folder(raw: str) -> Path:
    """A path; a relative one starts at the working folder."""
    return Path(raw.strip()).expanduser().absolute()


def day_or_none(raw: str) -> date | None:
    """A day such as 2026-11-23, or nothing."""
    return date.fromisoformat(raw.strip()) if raw.strip() else None


def span_of_day(raw: str) -> tuple[time, time]:
    """A daily span such as 21:00-07:00; 00:00-00:00 for none."""
    start, _to, end = raw.strip().partition("-")
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


def address(raw: str) -> str:
    """An address that begins with https:// or http://, or nothing."""
    if raw.strip() and not re.fullmatch(r"https?://[^\s/]+\S*", raw.strip()):
        raise ValueError(raw)
    return raw.strip().rstrip("/")


def gateway(raw: str) -> str:
    """console, aliyun, or nothing."""
    if raw.strip() not in {"", "console", "aliyun"}:
        raise ValueError(raw)
    return raw.strip()


def pair(raw: str) -> tuple[str, ...]:
    """Two words with a colon between them, or nothing."""
    return _words(raw, 2)


def triple(raw: str) -> tuple[str, ...]:
    """Three words with colons between them, or nothing."""
    return _words(raw, 3)


def _words(raw: str, number: int) -> tuple[str, ...]:
    words = tuple(word.strip() for word in raw.split(":"))
    if not raw.strip():
        return ()
    if len(words) != number or not all(words):
        raise ValueError(number)
    return words


def database_name(raw: str) -> str:
    """A name of lower-case letters, digits and underscores."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,50}", raw.strip()):
        raise ValueError(raw)
    return raw.strip()
