"""Markdown that people wrote, as HTML that is safe to show: headings, lists, emphasis, quotes, links, own pictures.

HTML in the text is shown as text, never as markup; what comes out is cleaned once more by nh3.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

TAGS = {
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "ol",
    "li",
    "strong",
    "em",
    "blockquote",
    "a",
    "img",
    "br",
    "hr",
    "table",
}
TAGS |= {"thead", "tbody", "tr", "th", "td", "code", "pre"}
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),
    "a": {"href"},
    "img": {"src", "alt", "loading"},
    "ol": {"start"},
}
HEADINGS = {"h1": "h2", "h5": "h4", "h6": "h4"}
MOST_LEVELS = 12

Picture = Callable[[str], str]
"""Gives the address of a picture by the name that the text calls it by, or nothing."""


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "maxNesting": MOST_LEVELS}).enable("table")


@lru_cache(maxsize=1)
def _strict() -> MarkdownIt:
    """Reads HTML as HTML, to find it."""
    return MarkdownIt("commonmark", {"html": True, "maxNesting": MOST_LEVELS}).enable("table")


def render(text: str, picture: Picture = lambda name: "") -> SafeString:
    """The text as safe HTML. Pictures whose name is not known, and links that are not https, are left out."""
    parser = _parser()
    tokens = parser.parse(text)
    for token in tokens:
        token.tag = HEADINGS.get(token.tag, token.tag)
        if token.children:
            token.children = [one for one in token.children if _kept(one, picture)]
    html = parser.renderer.render(tokens, parser.options, {})
    clean = nh3.clean(
        html, tags=TAGS, attributes=ATTRIBUTES, url_schemes={"https"}, link_rel="noopener noreferrer"
    )
    return mark_safe(clean)  # noqa: S308 - cleaned in the line above


def _kept(token: Any, picture: Picture) -> bool:
    if token.type != "image":
        return True
    address = picture(str(token.attrs.get("src", "")))
    token.attrs = {"src": address, "alt": token.content, "loading": "lazy"}
    return bool(address)


def pictures(text: str) -> list[tuple[int, str]]:
    """(line, name) of every picture that the text calls."""
    return [(line, str(one.attrs.get("src", ""))) for line, one in _inline(text) if one.type == "image"]


def links(text: str) -> list[tuple[int, str]]:
    """(line, address) of every link."""
    return [(line, str(one.attrs.get("href", ""))) for line, one in _inline(text) if one.type == "link_open"]


def html_lines(text: str) -> list[int]:
    """The lines on which HTML stands; comments too."""
    blocks = [token.map[0] + 1 for token in _strict().parse(text) if token.type == "html_block" and token.map]
    inline = [line for line, one in _inline(text, _strict()) if one.type == "html_inline"]
    return sorted({*blocks, *inline})


def _inline(text: str, parser: MarkdownIt | None = None) -> list[tuple[int, Any]]:
    found = []
    for token in (parser or _parser()).parse(text):
        line = (token.map[0] if token.map else 0) + 1
        for one in token.children or []:
            found.append((line, one))
            line += one.type in ("softbreak", "hardbreak")
    return found


HEADING = re.compile(r"^(#{1,6})\s+(.*?)\s*#*\s*$")


def sections(text: str, level: int) -> list[tuple[int, str, str]]:
    """The text cut at its headings of that level: (line on which the body begins, heading, body).

    What stands before the first one has no heading.
    """
    found: list[tuple[str, list[tuple[int, str]]]] = [("", [])]
    for number, line in enumerate(text.splitlines(), start=1):
        match = HEADING.match(line)
        if match and len(match[1]) == level:
            found.append((match[2], []))
        elif line.strip() or found[-1][1]:
            found[-1][1].append((number, line))
    return [
        (lines[0][0] if lines else 1, title, "\n".join(line for _at, line in lines).rstrip())
        for title, lines in found
    ]
