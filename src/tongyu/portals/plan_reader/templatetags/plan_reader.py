"""`{% load plan_reader %}`: the text of a clause with the words of its obligations marked."""

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from tongyu.portals.plan_reader.passages import DOUBTED, Passage
from tongyu.portals.plan_reader.queries import ClauseView

register = template.Library()

# Keeps a number on the line of the words it follows, and the comma on the line of the number.
JOINER = "\N{WORD JOINER}"


@register.filter
def brackets(number: str) -> str:
    """(一) and （一） alike as （一）: the paper mixes them."""
    return number.replace("(", "（").replace(")", "）").strip()


@register.simple_tag
def words(view: ClauseView) -> SafeString:
    """The clause's text; each marked passage leads to its obligations, whose numbers follow where it ends."""
    numbers = view.numbers
    return mark_safe("".join(_passage(part, numbers) for part in view.passages))  # noqa: S308


def _passage(part: Passage, numbers: dict[str, int]) -> SafeString:
    if not part.keys:
        return conditional_escape(part.text)
    ends = [(key, numbers[key]) for key in part.ends if key in numbers]
    links = format_html_join("", '<a href="#{}">{}</a>', ends)
    after = format_html("{}<sup>{}</sup>{}", JOINER, links, JOINER) if ends else ""
    doubted = any(key.startswith(DOUBTED) for key in part.keys)
    return format_html('<mark class="read">{}</mark>{}' if doubted else "<mark>{}</mark>{}", part.text, after)
