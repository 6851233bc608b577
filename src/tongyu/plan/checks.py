"""Start-up check: the shipped editions name only record kinds and fields that exist or are to come."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.core.checks import CheckMessage, Error, register

from tongyu.plan import vocabulary

Kinds = Mapping[str, frozenset[str]]
_sources: list[Callable[[], Kinds]] = []


def kinds_from(source: Callable[[], Kinds]) -> None:
    """Whoever holds a registry of kinds says here how to ask it: kind → fields a filter may name."""
    _sources.append(source)


def known_kinds() -> Kinds:
    """The registered kinds and those declared without a room yet."""
    known = dict(vocabulary.KINDS)
    for source in _sources:
        for kind, fields in source().items():
            known[kind] = known.get(kind, frozenset()) | fields
    return known


@register("plan")
def shipped_editions_are_valid(
    app_configs: Iterable[Any] | None = None, **kwargs: object
) -> list[CheckMessage]:
    """Every edition in the package reads without a problem. Runs with `check`, `migrate` and the tests."""
    from tongyu.plan import reader

    known = known_kinds()
    return [
        Error(str(problem), obj=folder.name, id="plan.E001")
        for folder in sorted(reader.EDITIONS.iterdir())
        if folder.is_dir()
        for problem in reader.read(folder, known).problems
    ]
