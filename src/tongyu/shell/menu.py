"""The menu: who stands in it, and which entries a role sees. Closed when the first page is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.urls import get_urlconf
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.registry import Registry
from tongyu.shell.addresses import address

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
    badge_everywhere: bool = True
    """False: the badge costs its query on the first page of the menu and on the entry's own pages only."""
    shown: Callable[[Asker], bool] | None = None
    """A further condition where the role alone does not say it, such as the department."""


@dataclass(frozen=True, eq=False)
class Link:
    """An entry as one request sees it; the same object for everybody who sees the same menu at the same place."""

    key: str
    label: Any
    short: Any
    icon: str
    url: str
    current: bool
    badge: int | None


@dataclass(frozen=True, eq=False)
class Section:
    """A titled group of links."""

    label: Any
    links: tuple[Link, ...]


Sections = tuple[Section, ...]
Seen = tuple[tuple[str, str, int | None], ...]
"""What an asker sees: key, address and badge of each entry, in order."""


entries: Registry[Entry] = Registry("menu entry")


def register(entry: Entry) -> Entry:
    """Add an entry; called from an app's `ready`. Refuses duplicates and unknown sections."""
    if entry.section not in dict(SECTIONS):
        raise ValueError(f"menu entry {entry.key!r}: no section {entry.section!r}")
    return entries.register(entry)


def for_request(request: HttpRequest, asker: Asker | None) -> tuple[Sections, tuple[Link, ...]]:
    """The sections of the sidebar and the links of the phone's tab bar."""
    entries.close()
    if asker is None:
        return (), ()
    listed = _of_role(entries, asker.role.key, get_urlconf())
    start = listed[0][1] if listed else ""
    seen = tuple(
        (entry.key, url, _badge(entry, asker, request.path == start or request.path.startswith(url)))
        for entry, url in listed
        if entry.shown is None or entry.shown(asker)
    )
    return _built(entries, seen, _current(request.path, [url for _key, url, _badge in seen]))


def _badge(entry: Entry, asker: Asker, near: bool) -> int | None:
    return entry.badge(asker) if entry.badge and (near or entry.badge_everywhere) else None


@lru_cache(maxsize=64)
def _of_role(registry: Registry[Entry], role: str, _urlconf: Any) -> list[tuple[Entry, str]]:
    """The role's entries in order, each with its address; without those that have none."""
    found = [(entry, address(entry.url_name)) for entry in registry if role in entry.roles]
    return sorted(((entry, url) for entry, url in found if url), key=lambda pair: pair[0].order)


@lru_cache(maxsize=512)
def _built(registry: Registry[Entry], seen: Seen, current: str) -> tuple[Sections, tuple[Link, ...]]:
    links = [(registry.get(key), url, badge) for key, url, badge in seen]
    drawn = [(entry, _link(entry, url, url == current, badge)) for entry, url, badge in links]
    sections = (
        Section(label, tuple(link for entry, link in drawn if entry.section == key))
        for key, label in SECTIONS
    )
    tabs = sorted(((entry.tab, link) for entry, link in drawn if entry.tab), key=lambda pair: pair[0])
    return tuple(section for section in sections if section.links), tuple(link for _tab, link in tabs)[:TABS]


def _current(path: str, urls: list[str]) -> str:
    """The longest address that the path lies under; the root only for itself."""
    under = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(under, key=len, default="")


def _link(entry: Entry, url: str, current: bool, badge: int | None) -> Link:
    return Link(entry.key, entry.label, entry.short or entry.label, entry.icon, url, current, badge)
