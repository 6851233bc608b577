"""Addresses that a page writes many times: worked out once, then filled in."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

PLACE = 9_999_999_999
"""Stands in an address where a number is to come."""


def address(url_name: str) -> str:
    """The address of a URL name without arguments, or nothing where this installation has no such page."""
    return _address(url_name, get_urlconf(), get_script_prefix())


def numbered(url_name: str) -> Callable[[int], str]:
    """What turns a number into the address of that URL name, whose one argument is the number."""
    before, _, after = _numbered(url_name, get_urlconf(), get_script_prefix()).partition(str(PLACE))
    return lambda number: f"{before}{number:d}{after}"


@lru_cache(maxsize=512)
def _address(url_name: str, _urlconf: Any, _prefix: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@lru_cache(maxsize=64)
def _numbered(url_name: str, _urlconf: Any, _prefix: str) -> str:
    return reverse(url_name, args=[PLACE])
