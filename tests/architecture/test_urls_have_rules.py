"""Deny by default: every URL declares its rule, or stands with its reason in the table of public ones."""

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, path

from tongyu.core.access import Anywhere, Rule, requires


def walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every pattern of a resolver with its full name."""
    for entry in patterns:
        if isinstance(entry, URLResolver):
            inner = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from walk(entry.url_patterns, inner)
        else:
            yield f"{prefix}{entry.name or entry.pattern}", entry


def undeclared(patterns: list[Any], public: dict[str, str]) -> list[str]:
    """URLs with neither a rule nor a reason."""
    return [
        name
        for name, entry in walk(patterns)
        if getattr(entry.callback, "rule", None) is None and not public.get(name)
    ]


def from_libraries(patterns: list[Any]) -> set[str]:
    """Names whose view is a library's: those the middleware refuses unless they are public."""
    return {
        name
        for name, entry in walk(patterns)
        if not getattr(entry.callback, "__module__", "").startswith("tongyu.")
    }


def test_every_url_of_ours_has_a_rule():
    patterns = get_resolver().url_patterns
    faults = set(undeclared(patterns, settings.PUBLIC_URLS)) - from_libraries(patterns)
    assert sorted(faults) == []


def test_a_library_url_without_a_reason_is_refused(rf):
    """The middleware, not the list, is what refuses: it is asked for each of them."""
    from django.core.exceptions import PermissionDenied

    from tongyu.directory.middleware import AskerMiddleware

    patterns = get_resolver().url_patterns
    middleware = AskerMiddleware(lambda request: HttpResponse())
    served = []
    for name, entry in walk(patterns):
        if name in settings.PUBLIC_URLS or getattr(entry.callback, "rule", None):
            continue
        request = rf.get("/")
        request.resolver_match = type("Match", (), {"view_name": name})
        try:
            middleware.process_view(request, entry.callback, (), {})
            served.append(name)
        except PermissionDenied:
            pass
    assert served == []


def test_public_names_exist_and_give_a_reason():
    names = {name for name, _ in walk(get_resolver().url_patterns)}
    assert [name for name, why in settings.PUBLIC_URLS.items() if name not in names or not why.strip()] == []


def test_a_view_without_a_rule_is_found():
    def bare(request: Any) -> HttpResponse:
        return HttpResponse()

    ruled = requires(Rule("x", (), Anywhere()))(bare)
    assert undeclared([path("a/", bare, name="a"), path("b/", ruled, name="b")], {}) == ["a"]
    assert undeclared([path("a/", bare, name="a")], {"a": "monitor"}) == []
