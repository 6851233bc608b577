"""Cuts a clause's text where the words of its obligations begin and end."""

from collections.abc import Mapping
from dataclasses import dataclass

DOUBTED = "?"
"""Begins the key of words that an interpretation reads; no obligation's key does."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of text and the obligations that rest on it; `ends` are those whose words end with it."""

    text: str
    keys: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


Span = tuple[int, int]


def span(text: str, words: str) -> Span:
    """Where the words stand in the text, white space aside; (0, 0) when they do not."""
    places = [index for index, letter in enumerate(text) if not letter.isspace()]
    wanted = "".join(words.split())
    start = "".join(text[index] for index in places).find(wanted)
    if start < 0 or not wanted:
        return 0, 0
    return places[start], places[start + len(wanted) - 1] + 1


def within(text: str, whole: str, words: str) -> Span:
    """Where the words stand inside the place of `whole`, of which they are a part."""
    start, end = span(text, whole)
    first, last = span(text[start:end], words)
    return start + first, start + last


def cut(text: str, spans: Mapping[str, Span]) -> list[Passage]:
    """The text in passages; the places of several keys may overlap or be the same."""
    edges = sorted({0, len(text), *(edge for pair in spans.values() for edge in pair)})
    passages = []
    for start, end in zip(edges, edges[1:], strict=False):
        inside = tuple(key for key, (first, last) in spans.items() if first <= start and end <= last)
        ends = tuple(key for key in inside if spans[key][1] == end)
        passages.append(Passage(text[start:end], inside, ends))
    return passages
