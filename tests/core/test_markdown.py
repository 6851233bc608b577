"""Markdown as HTML that is safe to show."""

from html.parser import HTMLParser

import pytest

from tongyu.core.markdown import TAGS, html_lines, links, pictures, render, sections


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        "![x](https://example.org/a.jpg)",
        '[x](https://example.org "\\" onmouseover=alert(1) x=\\"")',
        "<style>*{display:none}</style>",
        "> " * 200 + "tief",
        "`<b>`" + "*" * 500,
    ],
)
def test_nothing_active_comes_out(text):
    found = Found()
    found.feed(render(text))
    assert found.tags <= TAGS - {"img"}
    assert found.attributes <= {("a", "href"), ("a", "rel")}
    assert all(address.startswith("https://") for address in found.addresses)


class Found(HTMLParser):
    """What a browser would make of it: words of an attack that stay words are no attack."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.addresses = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _value in attrs}
        self.addresses += [value for name, value in attrs if name == "href"]


def test_the_plain_things_come_out():
    html = render(
        "# 一\n\n**重** [网](https://example.org)\n\n- 甲\n- 乙\n\n![图](a.jpg)", {"a.jpg": "/m/1/"}.get
    )
    assert "<h2>一</h2>" in html
    assert "<strong>重</strong>" in html
    assert 'href="https://example.org"' in html
    assert "<li>甲</li>" in html
    assert 'src="/m/1/"' in html


def test_lines_are_those_of_the_text():
    text = "好\n好 <b>x</b>\n\n[a](http://b)\n![c](d.jpg)"
    assert html_lines(text) == [2]
    assert links(text) == [(4, "http://b")]
    assert pictures(text) == [(5, "d.jpg")]


def test_sections_begin_where_their_text_begins():
    assert sections("前\n## 一\n\n甲\n## 二\n乙", 2) == [(1, "", "前"), (4, "一", "甲"), (6, "二", "乙")]
