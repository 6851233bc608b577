"""The smallest pieces of a page, drawn once and kept: icons, badges of states, addresses of our files."""

from functools import lru_cache
from html import escape
from typing import Any

from django.template import TemplateSyntaxError
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from tongyu.shell import icons
from tongyu.shell.states import BY_KEY


def esc(value: Any) -> str:
    """The value as it may stand in a page; what is safe already stays as it is. Django's own takes thrice the time."""
    return escape(value) if type(value) is str else conditional_escape(value)


@lru_cache(maxsize=512)
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; decorative unless `label` says what it means."""
    if name not in icons.names():
        raise TemplateSyntaxError(f"icon {name!r} is not in assets/icons.txt")
    role = format_html(' role="img" aria-label="{}"', label) if label else mark_safe(' aria-hidden="true"')
    extra = f" {css}" if css else ""
    return format_html(
        '<svg class="icon{}"{}><use href="{}#{}"/></svg>', extra, role, static("shell/icons.svg"), name
    )


def state(key: str, note: str = "") -> SafeString:
    """The badge of a duty's state; `note` replaces the word but keeps the colour."""
    return _state(key, str(note), get_language() or "")


@lru_cache(maxsize=512)
def _state(key: str, note: str, _language: str) -> SafeString:
    look = BY_KEY[key]
    return format_html(
        '<span class="badge tone-{}" data-state="{}">{}</span>', look.tone, key, note or look.label
    )


@lru_cache(maxsize=64)
def asset(path: str) -> str:
    """The address of one of our files in the browser, with the digest of its content."""
    return static(path)
