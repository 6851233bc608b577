"""Rows of a list, drawn without a template for each: cheap at any length. `{% lines %}` of docs/look.md."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from tongyu.shell.drawing import esc, icon, state


@dataclass(frozen=True, slots=True)
class Line:
    """A row that leads somewhere. Left of its words an icon, or the first letter of a person's name (`face`);
    right of them the state of a duty, the word of a button, or an arrow."""

    title: Any
    href: str
    text: Any = ""
    icon: str = ""
    face: bool = False
    state: str = ""
    note: str = ""


def draw(lines: Iterable[Line], action: Any = "") -> SafeString:
    """The list; `action` is the word of the button in each row."""
    button = format_html('<span class="row-side"><span class="btn btn-sm">{}</span></span>', action)
    items = "".join(_row(line, button if action else _side(line)) for line in lines)
    return mark_safe(f'<ul class="rows">{items}</ul>')  # noqa: S308 - every part is escaped in _row


def _row(line: Line, side: str) -> str:
    title, front = esc(line.title), ""
    if line.icon:
        front = icon(line.icon)
    elif line.face:
        first = esc(str(line.title)[:1])
        front = f'<span class="face" aria-hidden="true">{first}</span>'
    text = f"<span>{esc(line.text)}</span>" if line.text else ""
    return (
        f'<li><a class="row-item" href="{esc(line.href)}">{front}'
        f'<span class="row-main"><b>{title}</b>{text}</span>{side}</a></li>'
    )


def _side(line: Line) -> str:
    if not line.state:
        return icon("chevron-right", "go")
    return f'<span class="row-side">{state(line.state, line.note)}</span>'
