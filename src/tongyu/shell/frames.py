"""What stands around the content of nearly every page: cards and the head of the page. Words are escaped here."""

from typing import Any

from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from tongyu.shell.drawing import esc, icon


def card(content: str, title: Any, action: Any, href: str, *, flush: bool, css: str) -> SafeString:
    """A card; see the component of that name."""
    head = f'<div class="card-header"><h2 class="card-title">{esc(title)}</h2>{_action(action, href)}</div>'
    inside = esc(content) if flush else f'<div class="card-body">{esc(content)}</div>'
    extra = f" {esc(css)}" if css else ""
    return mark_safe(f'<section class="card{extra}">{head if title else ""}{inside}</section>')  # noqa: S308


def page_header(content: str, title: Any, above: Any, back: str, back_label: Any) -> SafeString:
    """The page's h1 and what belongs to it; see the component of that name."""
    way = f'<a class="back" href="{esc(back)}">{icon("chevron-left")}{esc(back_label or _("返回"))}</a>'
    line = f'<p class="page-pretitle">{esc(above)}</p>' if above else ""
    acts = f'<div class="page-top-acts">{esc(content)}</div>' if content.strip() else ""
    left = f"<div>{way if back else ''}{line}<h1>{esc(title)}</h1></div>"
    return mark_safe(f'<div class="page-top">{left}{acts}</div>')  # noqa: S308


def _action(action: Any, href: str) -> str:
    if not action:
        return ""
    words = f'<span class="text-secondary">{esc(action)}</span>'
    if href:
        words = f'<a href="{esc(href)}">{esc(action)}{icon("chevron-right")}</a>'
    return f'<div class="card-actions">{words}</div>'
