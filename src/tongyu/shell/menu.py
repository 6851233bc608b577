"""The menu: who stands in it, and which entries a role sees. Closed when the first page is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.registry import Registry

SECTIONS: tuple[tuple[str, Any], ...] = (
    ("", ""),
    ("work", _("工作台")),
    ("review", _("督导")),
    ("admin", _("管理")),
)
TABS = 4
"""How many entries the phone's tab bar shows before 更多."""


@dataclass(frozen=True)
class Entry:
    """One line of the menu. `roles` are role keys; `tab` gives a phone tab its place (0: only under 更多)."""

    key: str
    label: Any
    icon: str
    url_name: str
    roles: Sequence[str]
    section: str = ""
    order: int = 100
    tab: int = 0
    short: Any = ""
    """The label of the phone tab when `label` is longer than four characters."""
    badge: Callable[[Asker], int | None] | None = None
    shown: Callable[[Asker], bool] | None = None
    """A further condition where the role alone does not say it, such as the department."""


@dataclass(frozen=True)
class Link:
    """An entry as one request sees it."""

    key: str
    label: Any
    short: Any
    icon: str
    url: str
    current: bool
    badge: int | None


@dataclass(frozen=True)
class Section:
    """A titled group of links."""

    label: Any
    links: list[Link]


entries: Registry[Entry] = Registry("menu entry")


def register(entry: Entry) -> Entry:
    """Add an entry; called from an app's `ready`. Refuses duplicates and unknown sections."""
    if entry.section not in dict(SECTIONS):
        raise ValueError(f"menu entry {entry.key!r}: no section {entry.section!r}")
    return entries.register(entry)


def for_request(request: HttpRequest, asker: Asker | None) -> tuple[list[Section], list[Link]]:
    """The sections of the sidebar and the links of the phone's tab bar."""
    entries.close()
    if asker is None:
        return [], []
    seen = [(entry, _address(entry)) for entry in entries if _stands(entry, asker)]
    seen = sorted(((entry, url) for entry, url in seen if url), key=lambda pair: pair[0].order)
    current = _current(request.path, [url for _entry, url in seen])
    links = [(entry, _link(entry, url, url == current, asker)) for entry, url in seen]
    sections = [
        Section(label, [link for entry, link in links if entry.section == key]) for key, label in SECTIONS
    ]
    tabs = sorted(((entry.tab, link) for entry, link in links if entry.tab), key=lambda pair: pair[0])
    return [section for section in sections if section.links], [link for _tab, link in tabs][:TABS]


def _stands(entry: Entry, asker: Asker) -> bool:
    return asker.role.key in entry.roles and (entry.shown is None or entry.shown(asker))


def _address(entry: Entry) -> str:
    try:
        return reverse(entry.url_name)
    except NoReverseMatch:
        return ""


def _current(path: str, urls: list[str]) -> str:
    """The longest address that the path lies under; the root only for itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")


def _link(entry: Entry, url: str, current: bool, asker: Asker) -> Link:
    badge = entry.badge(asker) if entry.badge else None
    return Link(entry.key, entry.label, entry.short or entry.label, entry.icon, url, current, badge)
