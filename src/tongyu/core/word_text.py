"""The running text of a .docx as Markdown: headings, paragraphs, lists. Pictures, tables' frames and looks are left.

Enough for an official text that somebody saved from a web page; the archive is opened like any other upload.
"""

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from django.utils.translation import gettext as _

from tongyu.core.archives import ArchiveRefused, unpack

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MOST = 60 * 1024 * 1024
MOST_TEXT = 8 * 1024 * 1024
HEADING = re.compile(r"(?:heading|标题)\s*(\d)", re.IGNORECASE)


def as_markdown(data: bytes) -> str:
    """The text; ArchiveRefused when the file is no Word document, is broken, or holds macros."""
    files = unpack(data, most=MOST, each=MOST)
    if any("vbaproject" in name.lower() for name in files):
        raise ArchiveRefused("macro", _("文件里带有宏，不能上传。请另存为“Word 文档(*.docx)”。"))
    content = files.get("word/document.xml")
    if (
        content is None
        or len(content) > MOST_TEXT
        or b"<!DOCTYPE" in content[:4096]
        or b"<!ENTITY" in content
    ):
        raise ArchiveRefused("broken", _("文件已损坏，或者不是 Word 文档。请用 Word 重新保存后再上传。"))
    try:
        root = ElementTree.fromstring(content)  # noqa: S314 - no document type, no entities: see above
        names = _style_names(files.get("word/styles.xml", b""))
    except ElementTree.ParseError:
        raise ArchiveRefused(
            "broken", _("文件已损坏，或者不是 Word 文档。请用 Word 重新保存后再上传。")
        ) from None
    return "\n\n".join(_paragraphs(root, names)) + "\n"


def _style_names(content: bytes) -> dict[str, str]:
    if not content or len(content) > MOST_TEXT or b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content:
        return {}
    found = {}
    for style in ElementTree.fromstring(content).iter(f"{W}style"):  # noqa: S314 - as above
        name = style.find(f"{W}name")
        if name is not None:
            found[style.get(f"{W}styleId", "")] = name.get(f"{W}val", "")
    return found


def _paragraphs(root: ElementTree.Element, names: dict[str, str]) -> Iterator[str]:
    for paragraph in root.iter(f"{W}p"):
        text = "".join(_words(paragraph)).strip()
        if not text:
            continue
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        key = style.get(f"{W}val", "") if style is not None else ""
        level = HEADING.match(names.get(key, key))
        if level:
            yield f"{'#' * min(int(level[1]) or 1, 6)} {text}"
        elif paragraph.find(f"{W}pPr/{W}numPr") is not None:
            yield f"- {escaped(text)}"
        else:
            yield escaped(text)


def _words(paragraph: ElementTree.Element) -> Iterator[str]:
    for node in paragraph.iter():
        if node.tag == f"{W}t":
            yield node.text or ""
        elif node.tag in (f"{W}tab", f"{W}br"):
            yield " "


def escaped(text: str) -> str:
    """The text with the signs that Markdown would take for its own made plain."""
    text = re.sub(r"([\\`*_\[\]<>])", r"\\\1", text)
    return re.sub(r"^(\s*)([#+>-]|\d+[.)])", r"\1\\\2", text)
