"""A course as its author sends it: one .zip with course.yaml, texts and media, or a single .md or .docx.

Reading it writes nothing. Everything that is wrong is told at once, by file and line, in words that mend it.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from tongyu.core import archives, files, markdown, media, word_text
from tongyu.core.archives import ArchiveRefused
from tongyu.core.files import FileRefused
from tongyu.plan import yaml_lines
from tongyu.plan.reader import shape_of
from tongyu.plan.yaml_lines import Located

MOST_PACKED = 40 * 1024 * 1024
MOST_UNPACKED = 80 * 1024 * 1024
MOST_YAML = 200_000
MOST_TEXT = 20_000
"""Letters of one lesson: a phone page stays light, and nobody reads more at once."""
INDEX = "course.yaml"
FILES = {"text": (".md", ".txt"), "audio": (".mp3", ".m4a"), "video": (".mp4",)}
PICTURES = frozenset(files.IMAGES)


@dataclass(frozen=True, order=True)
class Fault:
    """Something wrong in a package; line 0 means the file as a whole."""

    file: str
    line: int
    text: str


class PackageRefused(Exception):
    """A package with faults; nothing of it is kept."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(f"{one.file}:{one.line}: {one.text}" for one in faults))
        self.faults = sorted(faults)


@dataclass(frozen=True)
class LessonText:
    """One lesson as its author wrote it; `quiz` counts the right choice from 1."""

    key: str
    title: str
    text: str
    quiz: list[dict[str, Any]] = field(default_factory=list)
    audio: str = ""
    video: str = ""


@dataclass(frozen=True)
class Package:
    """A course without faults."""

    key: str
    title: str
    intro: str
    source: str
    lessons: list[LessonText]
    media: dict[str, bytes] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """Names everything in it: two packages with the same digest are the same course."""
        words = {**asdict(self), "media": {n: hashlib.sha256(d).hexdigest() for n, d in self.media.items()}}
        return hashlib.sha256(json.dumps(words, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def read(data: bytes, filename: str) -> Package:
    """The course in an uploaded file; PackageRefused with every fault."""
    ending = PurePosixPath(filename.replace("\\", "/").lower()).suffix.lstrip(".")
    name = filename.replace("\\", "/").rpartition("/")[2][:80] or _("文件")
    if len(data) > MOST_PACKED:
        raise _whole(
            name, _("文件超过 %d MB，不能上传。请缩小音频、视频或图片。") % (MOST_PACKED // 1024 // 1024)
        )
    if not data.strip():
        raise _whole(name, _("文件是空的。"))
    try:
        if ending == "zip":
            return from_files(archives.unpack(data, most=MOST_UNPACKED, each=files.MAX_BYTES))
        if ending == "docx":
            return single(word_text.as_markdown(data), name)
        if ending == "md":
            return single(_decoded(data, name), name)
    except ArchiveRefused as refused:
        raise _whole(name, refused.message) from None
    raise _whole(name, _("只能上传 .zip（课程包）、.md 或 .docx（一篇文章）。"))


def from_folder(folder: Path) -> Package:
    """A course that is shipped with the product."""
    return from_files({path.name: path.read_bytes() for path in sorted(folder.iterdir())})


def single(text: str, name: str) -> Package:
    """One text as a course: its chapters (headings of the second level) are the lessons, or it is one lesson."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    heads = [title for _line, title, _body in markdown.sections(text, 1) if title]
    title = (heads[0] if heads else PurePosixPath(name).stem)[:60]
    parts = [part for part in markdown.sections(text, 2) if part[1] and part[2]]
    lines = [line for line, _title, _body in parts] or [1]
    if len(parts) < 2:
        body = "\n".join(line for line in text.splitlines() if not line.startswith("# "))
        parts = [(1, title, body.strip())]
    faults = [
        fault
        for start, (_line, _head, body) in zip(lines, parts, strict=False)
        for fault in _text_faults(name, body, {}, start)
    ]
    if not any(body for _line, _head, body in parts):
        faults.append(Fault(name, 0, _("里面没有文字。")))
    if faults:
        raise PackageRefused(faults)
    lessons = [
        LessonText(f"part-{number}", head[:60], body) for number, (_line, head, body) in enumerate(parts, 1)
    ]
    key = "text-" + hashlib.sha256(title.encode()).hexdigest()[:12]
    return Package(key, title, "", "", lessons)


def from_files(found: Mapping[str, bytes]) -> Package:
    """A course of several files; PackageRefused with every fault."""
    located, shape = _index(found)
    faults = [*_twice(located, shape), *_faults(located, shape, found)]
    lessons = []
    for one in shape.lessons:
        text = _text(found, one.text, faults)
        quiz = [question.model_dump(mode="json") for question in one.quiz]
        lessons.append(LessonText(one.key, one.title, text, quiz, one.audio, one.video))
    if faults:
        raise PackageRefused(faults)
    named = set(_media_names(lessons))
    kept = {name: found[name] for name in sorted(named)}
    return Package(shape.key, shape.title, shape.intro, shape.source, lessons, kept)


def _index(found: Mapping[str, bytes]) -> tuple[Located, Any]:
    """course.yaml with its lines, in its shape; PackageRefused when it is not that."""
    from tongyu.workbenches.families.parent_school.actions.package_shape import CourseFile

    data = found.get(INDEX)
    if data is None:
        raise _whole(INDEX, _("压缩包里没有 course.yaml。请对照说明里的样例。"))
    if len(data) > MOST_YAML or yaml_lines.has_aliases(data):
        raise _whole(INDEX, _("course.yaml 太大，或用了引用（& 和 *），不能读取。"))
    try:
        located, shape = shape_of(yaml_lines.parse(data, INDEX), CourseFile)
    except RecursionError:
        raise _whole(INDEX, _("course.yaml 层次太深，不能读取。")) from None
    if shape is None:
        raise PackageRefused(
            [Fault(one.file, one.line, f"{one.key} {one.message}".strip()) for one in located.problems]
        )
    return located, shape


def _at(located: Located, number: int, key: str, text: str) -> Fault:
    """A fault at a key of the lesson with that number."""
    return Fault(INDEX, located.problem(("lessons", number, key), text).line, text)


def _twice(located: Located, shape: Any) -> Iterator[Fault]:
    keys = [one.key for one in shape.lessons]
    for number, key in enumerate(keys):
        if key in keys[:number]:
            yield _at(located, number, "key", _("课时编号“%s”出现两次。") % key)


def _faults(located: Located, shape: Any, found: Mapping[str, bytes]) -> Iterator[Fault]:
    """Files that are named and not there, or not what their names say."""
    for number, one in enumerate(shape.lessons):
        for key, kinds in FILES.items():
            name = getattr(one, key)
            if name and not name.lower().endswith(kinds):
                told = {"name": name, "kinds": "、".join(kinds)}
                yield _at(located, number, key, _("“%(name)s”应是 %(kinds)s 文件。") % told)
            elif name and name not in found:
                yield _at(located, number, key, _("压缩包里没有“%s”。") % name)
    for name, data in found.items():
        if media.is_media(name):
            yield from _refused(name, data)


def _refused(name: str, data: bytes) -> Iterator[Fault]:
    try:
        media.check(data, name)
    except FileRefused as refused:
        yield Fault(name, 0, refused.message)


def _text(found: Mapping[str, bytes], name: str, faults: list[Fault]) -> str:
    if name not in found:
        return ""
    try:
        text = _decoded(found[name], name)
    except PackageRefused as refused:
        faults += refused.faults
        return ""
    faults += _text_faults(name, text, found)
    return text.strip()


def _text_faults(name: str, text: str, found: Mapping[str, bytes], start: int = 1) -> Iterator[Fault]:
    if not text.strip():
        yield Fault(name, start, _("里面没有文字。"))
    if len(text) > MOST_TEXT:
        told = {"n": len(text), "most": MOST_TEXT}
        yield Fault(name, start, _("一课有 %(n)d 个字，最多 %(most)d 个。请拆成几课（用“## ”分章）。") % told)
        return
    for line in markdown.html_lines(text):
        yield Fault(name, line + start - 1, _("文字里有网页代码（HTML），请去掉，只用 Markdown。"))
    for line, address in markdown.links(text):
        if not address.startswith("https://"):
            yield Fault(name, line + start - 1, _("链接只能以 https:// 开头：%s") % address[:60])
    for line, picture in markdown.pictures(text):
        if picture.rpartition(".")[2].lower() not in PICTURES or picture not in found:
            yield Fault(name, line + start - 1, _("图片要放在压缩包里（jpg、png、webp）：%s") % picture[:60])


def _media_names(lessons: list[LessonText]) -> Iterator[str]:
    for one in lessons:
        yield from (name for name in (one.audio, one.video) if name)
        yield from (name for _line, name in markdown.pictures(one.text))


def _decoded(data: bytes, name: str) -> str:
    """UTF-8, or what a Chinese Windows writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text.replace("\r\n", "\n")
    raise PackageRefused([Fault(name, 0, _("文字读不出来，请另存为 UTF-8 编码。"))])


def _whole(name: str, text: str) -> PackageRefused:
    return PackageRefused([Fault(name, 0, text)])
