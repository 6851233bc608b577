"""`{% load shell %}`: the components of docs/look.md."""

from collections.abc import Mapping
from functools import cache, lru_cache
from itertools import count as counter
from typing import Any

from django import template
from django.conf import settings
from django.template import loader
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tongyu.shell import addresses, drawing, formatting, frames, rows
from tongyu.shell.states import BY_KEY, segments

register = template.Library()
register.filter("count", formatting.count)
register.filter("percent", formatting.percent)
register.filter("chinese_number", formatting.chinese_number)
register.filter("day", formatting.day)
register.filter("short_day", formatting.short_day)
register.filter("weekday", formatting.weekday)
register.filter("moment", formatting.moment)

_ids = counter(1)


@register.simple_tag
def icon(name: str, css: str = "", label: str = "") -> SafeString:
    """An icon of the sprite; decorative unless `label` says what it means."""
    return drawing.icon(name, css, str(label))


@register.simple_tag
def badge(text: Any, tone: str = "stone") -> SafeString:
    """A word on a light ground. Tones: green lime blue amber red stone pale violet."""
    return format_html('<span class="badge tone-{}">{}</span>', tone, text)


@register.simple_tag
def state(key: str, note: str = "") -> SafeString:
    """The badge of a duty's state; `note` replaces the word but keeps the colour (逾期 6 天)."""
    return drawing.state(key, note)


@register.simple_tag
def asset(path: str) -> str:
    """The address of one of our files in the browser: a style sheet, a script."""
    return drawing.asset(path)


@register.simple_tag
def address(url_name: str) -> str:
    """The address of a page without arguments; cheaper than `url`."""
    return addresses.address(url_name)


@register.simple_tag
def lines(items: Any, action: str = "") -> SafeString:
    """A list of `tongyu.shell.rows.Line`, each a link; `action` is the word of the button in every row."""
    return rows.draw(items, action)


@register.simple_tag(takes_context=True)
def menu_links(context: Any) -> SafeString:
    """The sections of the menu, with the place where the reader is."""
    return _links("menu", tuple(context["menu"]), get_language() or "")


@register.simple_tag(takes_context=True)
def tab_links(context: Any) -> SafeString:
    """The links of the phone's tab bar."""
    return _links("tab_links", tuple(context["tabs"]), get_language() or "")


@register.filter
def state_label(key: str) -> str:
    """The state's word."""
    return str(BY_KEY[key].label)


@register.filter
def state_tone(key: str) -> str:
    """The tone of the state's badge."""
    return BY_KEY[key].tone


@register.simple_tag
def bar(counts: Mapping[str, int], legend: bool = False, css: str = "", label: str = "") -> SafeString:
    """A stacked bar of states `{state: count}`; the words stand in the label and, if asked, in a legend."""
    parts = segments(counts)
    words = "，".join(f"{part.look.label} {part.count}" for part in parts) or _("没有数据")
    rects = format_html_join(
        "",
        '<rect class="s-{}" x="{}" width="{}" height="100%"/>',
        ((p.look.key, p.start, p.width) for p in parts),
    )
    name = f"{label}：{words}" if label else words
    drawn = format_html('<svg class="bar {}" role="img" aria-label="{}">{}</svg>', css, name, rects)
    if not legend:
        return drawn
    items = format_html_join(
        "",
        '<li><i class="s-{}"></i>{} <b>{}</b></li>',
        ((p.look.key, p.look.label, formatting.count(p.count)) for p in parts),
    )
    return drawn + format_html('<ul class="legend">{}</ul>', items)


@register.simple_tag
def share(done: float, of: float, label: str = "", css: str = "") -> SafeString:
    """A plain bar: `done` of `of`."""
    width = f"{min(100.0, 100 * float(done) / float(of)) if of else 0:.2f}%"
    name = label or f"{formatting.count(done)} / {formatting.count(of)}"
    return format_html(
        '<svg class="bar {}" role="img" aria-label="{}"><rect class="s-met" width="{}" height="100%"/></svg>',
        css,
        name,
        width,
    )


@register.simple_block_tag
def card(
    content: str, title: str = "", action: str = "", href: str = "", flush: bool = False, css: str = ""
) -> str:
    """A card; `action` + `href` is the one link in its head; `flush` for lists and tables without padding."""
    return frames.card(content, title, action, href, flush=flush, css=css)


@register.simple_block_tag
def page_header(content: str, title: str, above: str = "", back: str = "", back_label: str = "") -> str:
    """The page's h1 with the line above it, a way back, and its actions (at most one primary)."""
    return frames.page_header(content, title, above, back, back_label)


@register.simple_block_tag
def row(content: str, title: str, text: str = "", href: str = "", icon: str = "", face: str = "") -> str:
    """A list row: title, quiet second line, and on the right whatever the block holds. Inside `<ul class="rows">`."""
    return _draw("row", content=content, title=title, text=text, href=href, icon=icon, face=face)


@register.simple_block_tag
def note(content: str, tone: str = "info") -> str:
    """A notice in the page. Tones: info success warning error."""
    return _draw("note", content=content, tone=tone)


@register.simple_tag
def stat(
    label: str,
    value: Any,
    unit: str = "",
    note: str = "",
    href: str = "",
    counts: Any = None,
    trend: str = "",
    trend_tone: str = "green",
) -> str:
    """A tile with one figure. `counts` draws a stacked bar below it."""
    return _draw(
        "stat",
        label=label,
        value=value,
        unit=unit,
        note=note,
        href=href,
        counts=counts,
        trend=trend,
        trend_tone=trend_tone,
    )


@register.simple_tag
def empty(title: str, text: str = "", icon: str = "mood-empty", href: str = "", action: str = "") -> str:
    """What stands where a list has nothing: why, and what to do."""
    return _draw("empty", title=title, text=text, icon=icon, href=href, action=action)


@register.simple_tag
def tabs(items: Any, label: str = "") -> str:
    """Tabs as links; items are dicts with label, href, current and, if any, count."""
    return _draw("tabs", items=items, label=label)


@register.simple_tag(takes_context=True)
def pager(context: Any, page: Any) -> str:
    """Previous and next of a Django `Page`, keeping the rest of the address."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    return _draw("pager", page=page, query=query.urlencode())


@register.simple_tag
def job_progress(
    url: str, done: int, total: int, text: str = "", finished: bool = False, failed: str = ""
) -> str:
    """A job's progress; asks `url` again every second until `finished`. The view answers with this tag alone."""
    return _draw("job_progress", url=url, done=done, total=total, text=text, finished=finished, failed=failed)


@register.simple_tag(takes_context=True)
def confirm(
    context: Any,
    action: str,
    button: str,
    title: str,
    text: str = "",
    reason: bool = True,
    danger: bool = True,
    icon: str = "",
    css: str = "",
) -> str:
    """A button that asks before it posts to `action`, with a required reason (field `reason`) unless told not to."""
    return loader.render_to_string(
        "shell/components/confirm.html",
        {
            "id": f"ask-{next(_ids)}",
            "action": action,
            "button": button,
            "title": title,
            "text": text,
            "reason": reason,
            "danger": danger,
            "icon": icon,
            "css": css,
            "csrf_token": context.get("csrf_token", ""),
        },
    )


@register.simple_tag
def chart(drawn: Any) -> str:
    """A chart of `tongyu.shell.charts`, its data as JSON and its table beside it."""
    return _draw("chart", chart=drawn)


@register.simple_tag
def error_summary(form: Any) -> str:
    """What is wrong with the form, at the top, each error a link to its field."""
    return _draw("error_summary", form=form)


@register.simple_tag
def field(bound: Any) -> SafeString:
    """One field with label, hint, errors and control."""
    return bound.as_field_group()


@register.simple_tag(takes_context=True)
def listing(context: Any, page: Any) -> str:
    """A page of `tongyu.shell.listing`: tools, table (a list on phones), pager."""
    return loader.render_to_string(
        "shell/components/listing.html", {"listing": page, "request": context["request"]}
    )


@lru_cache(maxsize=1024)
def _links(name: str, shown: tuple[Any, ...], _language: str) -> SafeString:
    """Drawn once for everybody who sees the same links at the same place (see `menu.Link`)."""
    return SafeString(loader.get_template(f"shell/{name}.html").render({"shown": shown}))


@cache
def _component(name: str) -> Any:
    return loader.get_template(f"shell/components/{name}.html")


def _draw(name: str, **values: Any) -> SafeString:
    if settings.DEBUG:
        return SafeString(loader.get_template(f"shell/components/{name}.html").render(values))
    drawn: SafeString = _component(name).render(values)
    return drawn
