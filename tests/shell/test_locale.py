"""The English catalogue: complete, with the same placeholders, compiled, and answered to who asks for it."""

import ast
import re
from collections.abc import Iterator
from gettext import GNUTranslations
from pathlib import Path

import pytest
from django.test import Client
from django.utils import translation

import tongyu
from support.county import County, signed_in

PACKAGE = Path(tongyu.__file__).parent
CATALOGUE = PACKAGE / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-+ 0#]*\d*(?:\.\d+)?([a-zA-Z])|%%")
QUOTED = re.compile(r'^(?:(msgctxt|msgid|msgid_plural|msgstr)(?:\[(\d+)\])? )?"((?:[^"\\]|\\.)*)"$')
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy"}
ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}
TRANSLATED = re.compile(
    r"\{%\s*blocktranslate\b.*?%\}.*?\{%\s*endblocktranslate\s*%\}"
    r"|\{%\s*translate\s.*?%\}"
    r"|\{#.*?#\}"
    r"|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}"
    r"|\b_\((?:\"[^\"]*\"|'[^']*')\)",
    re.DOTALL,
)


@pytest.fixture(autouse=True)
def _own_language():
    """A request leaves its language active in the thread; the tests after these expect the default."""
    yield
    translation.deactivate()


def entries() -> Iterator[tuple[str, dict[str, str]]]:
    """Each message of the .po file: its flags, and its parts by keyword (msgstr0, msgstr1 for plurals)."""
    for block in CATALOGUE.read_text(encoding="utf-8").split("\n\n"):
        flags, parts, part = "", {}, ""
        for line in block.strip().splitlines():
            if line.startswith("#,"):
                flags += line
            found = QUOTED.match(line)
            if found:
                keyword, number, text = found.groups()
                part = f"{keyword}{number or ''}" if keyword else part
                text = re.sub(r"\\(.)", lambda m: ESCAPES[m[1]], text)
                parts[part] = parts.get(part, "") + text
        yield flags, parts


MESSAGES = list(entries())


def translations(parts: dict[str, str]) -> list[str]:
    """What stands for the message in English, one text or one for each number."""
    return [text for keyword, text in parts.items() if keyword.startswith("msgstr")]


def placeholders(text: str) -> list[tuple[str, str]]:
    """The names and types of what is filled in; order matters only where there are no names."""
    found = [(m[1] or "", m[2] or "%") for m in PLACEHOLDER.finditer(text)]
    return sorted(set(found)) if all(name for name, _ in found) else found


def test_every_message_is_translated_and_none_is_a_guess():
    assert len(MESSAGES) > 1000
    assert [parts["msgid"] for _, parts in MESSAGES if not all(translations(parts))] == []
    assert [parts["msgid"] for flags, parts in MESSAGES if "fuzzy" in flags] == []
    assert "#~" not in CATALOGUE.read_text(encoding="utf-8")


def written_in_code() -> Iterator[tuple[str, str]]:
    """Each literal that Python code gives to gettext, with its file."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or not node.args:
                continue
            first = node.args[0]
            if node.func.id in GETTEXT and isinstance(first, ast.Constant) and isinstance(first.value, str):
                yield first.value, path.name


def written_in_templates() -> Iterator[tuple[str, str]]:
    """Each literal of a translate tag, with its template."""
    for path in sorted(PACKAGE.rglob("templates/**/*.html")):
        for found in re.finditer(r"{% translate (\"|')(.+?)\\1", path.read_text(encoding="utf-8")):
            yield found[2], path.name


def test_every_message_of_the_source_is_in_the_catalogue():
    known = {parts["msgid"] for _, parts in MESSAGES}
    written = [*written_in_code(), *written_in_templates()]
    assert len(written) > 1000
    assert [place for place in written if place[0] not in known] == []


def test_placeholders_agree():
    wrong = [
        (parts["msgid"], text)
        for _, parts in MESSAGES[1:]
        for text in translations(parts)
        if placeholders(text) != placeholders(parts["msgid"])
    ]
    assert wrong == []


def test_the_compiled_catalogue_is_the_written_one():
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    written: dict[object, str] = {}
    for _, parts in MESSAGES:
        key = f"{parts['msgctxt']}\x04{parts['msgid']}" if "msgctxt" in parts else parts["msgid"]
        if "msgid_plural" in parts:
            written |= {(key, n): text for n, text in enumerate(translations(parts))}
        else:
            written[key] = parts["msgstr"]
    assert dict(compiled._catalog) == written  # type: ignore[attr-defined]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wanted", "lang", "shown", "not_shown"),
    [
        ("en-GB,en;q=0.9", "en", "Sign in", "登录"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-hans", "登录", "Sign in"),
        ("fr", "zh-hans", "登录", "Sign in"),
        (None, "zh-hans", "登录", "Sign in"),
    ],
)
def test_sign_in_page_speaks_what_the_browser_asks_for(wanted, lang, shown, not_shown):
    client = Client(headers={"accept-language": wanted} if wanted else None)
    page = client.get("/account/login/").content.decode()
    assert f'<html lang="{lang}">' in page
    assert shown in page
    assert not_shown not in page


@pytest.mark.django_db
def test_menu_in_both_languages():
    county = County()
    client = signed_in(county.office_staff())
    chinese = client.get("/office/").content.decode()
    english = client.get("/office/", headers={"accept-language": "en"}).content.decode()
    words = {"总览": "Overview", "责任清单": "List of obligations", "学年学期": "School year and terms"}
    for word, translated in words.items():
        assert word in menu(chinese)
        assert translated not in menu(chinese)
        assert translated in menu(english)
    assert CHINESE.search(menu(english)) is None


def menu(page: str) -> str:
    """The page's main menu."""
    found = re.search(r'<aside class="side".*?<nav[^>]*>(.*?)</nav>', page, re.DOTALL)
    assert found, page[:500]
    return found[1]


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("templates/**/*.html")), ids=lambda path: path.name)
def test_no_chinese_outside_translate_tags(path):
    left = TRANSLATED.sub("", path.read_text(encoding="utf-8"))
    assert [line.strip()[:120] for line in left.splitlines() if CHINESE.search(line)] == []
