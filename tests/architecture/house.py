"""What the checks share: where things are, which floor and which room they belong to."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.apps import apps
from django.db import models

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src/tongyu"

FLOORS = (
    ("core",),
    ("directory",),
    ("plan", "notices"),
    ("shell",),
    ("records",),
    ("workbenches",),
    ("duties",),
    ("oversight", "publicity"),
    ("portals", "api", "cli"),
    ("config",),
)
ROOMS_FLOOR = 5


def floor(module: str) -> int:
    """The floor of a dotted name below tongyu."""
    name = module.split(".")[1]
    return next(number for number, names in enumerate(FLOORS) if name in names)


def room(module: str) -> str:
    """The room a dotted name belongs to, `bench.room`, or nothing."""
    found = re.match(r"tongyu\.workbenches\.(\w+\.\w+)", module)
    return found[1] if found else ""


def module_of(path: Path, source: Path = SRC) -> str:
    """The dotted name of the folder a file is in, templates counted to their app."""
    parts = path.relative_to(source).parts
    cut = next(
        (number for number, part in enumerate(parts) if part in {"templates", "static"}), len(parts) - 1
    )
    return ".".join(("tongyu", *parts[:cut])) if cut else f"tongyu.{path.stem}"


def may_reach(source: str, target: str) -> bool:
    """True when `source` may name `target`: downwards or within itself, and never into another room."""
    if room(source) and room(target):
        return room(source) == room(target)
    if room(target):
        return False
    return floor(source) > floor(target) or source.split(".")[1] == target.split(".")[1]


def python_files(folder: Path = SRC) -> Iterator[Path]:
    """Every Python file but migrations and the package's own first line."""
    found = sorted(folder.rglob("*.py"))
    return (path for path in found if "migrations" not in path.parts and path != SRC / "__init__.py")


def templates(folder: Path = SRC) -> Iterator[Path]:
    """Every template."""
    return (path for path in sorted(folder.rglob("templates/**/*")) if path.is_file())


def own_models() -> list[type[models.Model]]:
    """The models of our apps."""
    return [model for model in apps.get_models() if model.__module__.startswith("tongyu.")]


def report(faults: Iterable[str]) -> str:
    """Faults, one a line, for the message of an assertion."""
    return "\n" + "\n".join(faults)
