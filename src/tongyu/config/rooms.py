"""Finds rooms, oversight and portals on disk, so that adding a room changes one folder and no list."""

from importlib import import_module
from pathlib import Path

from django.urls import URLPattern, URLResolver, include, path

WORKBENCHES = Path(__file__).resolve().parents[1] / "workbenches"
PORTAL_FOLDER = WORKBENCHES.parent / "portals"
OVERSIGHT = WORKBENCHES.parent / "oversight"


def room_packages() -> list[str]:
    """The dotted names of all rooms, `tongyu.workbenches.<bench>.<room>`, in alphabetical order."""
    return [
        f"tongyu.workbenches.{folder.parent.name}.{folder.name}"
        for folder in sorted(WORKBENCHES.glob("*/*"))
        if (folder / "apps.py").is_file()
    ]


def room_urls() -> list[URLPattern | URLResolver]:
    """Each room's pages under `/<bench>/<room>/`."""
    patterns: list[URLPattern | URLResolver] = []
    for package in room_packages():
        bench, room = package.split(".")[-2:]
        if (WORKBENCHES / bench / room / "urls.py").is_file():
            patterns.append(path(f"{bench}/{room}/", include(f"{package}.urls")))
    return patterns


# The portals, each under its first part of the URL; they are few and their order is the site's.
PORTALS = {
    "home": "",
    "plan_reader": "plan/",
    "local_numbers": "numbers/",
    "directory": "directory/",
    "transfers": "transfers/",
    "duty_board": "duties/",
    "school_calendar": "calendar/",
    "rollover": "rollover/",
    "closing": "closing/",
    "inbox": "notices/",
    "families": "family/",
    "own_account": "own/",
}


def portal_packages() -> list[str]:
    """The dotted names of the portals."""
    return [f"tongyu.portals.{name}" for name in PORTALS if (PORTAL_FOLDER / name / "apps.py").is_file()]


def portal_urls(portals: dict[str, str]) -> list[URLPattern | URLResolver]:
    """Each portal's pages under its prefix."""
    return [
        path(prefix, include(f"tongyu.portals.{name}.urls"))
        for name, prefix in portals.items()
        if (PORTAL_FOLDER / name / "urls.py").is_file()
    ]


def oversight_packages() -> list[str]:
    """The dotted names of the seventh floor's apps, in alphabetical order."""
    return [f"tongyu.oversight.{folder.parent.name}" for folder in sorted(OVERSIGHT.glob("*/apps.py"))]


def oversight_urls() -> list[URLPattern | URLResolver]:
    """Each of them under its own name below `/oversight/`."""
    return [path(f"{name.rpartition('.')[2]}/", include(f"{name}.urls")) for name in oversight_packages()]


def register_kinds() -> None:
    """Import every room's `kind.py`, which signs into the registry of kinds; called once, when apps are ready."""
    for package in room_packages():
        import_module(f"{package}.kind")
