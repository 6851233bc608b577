"""A zip that somebody uploaded, unpacked without trusting a word of it (check C35).

Sizes in its list may lie, so what is unpacked is counted while it is read. Names may come from a Chinese Windows.
"""

import io
import stat
import zipfile
import zlib
from pathlib import PurePosixPath

from django.utils.translation import gettext as _

MOST_ENTRIES = 300
CHUNK = 1 << 20
LITTER = ("__MACOSX/", ".DS_Store", "Thumbs.db", "desktop.ini")
BROKEN = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, NotImplementedError)


class ArchiveRefused(Exception):
    """An archive that is not taken; `code` for tests, `message` in Chinese for the form field."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def unpack(data: bytes, *, most: int, each: int) -> dict[str, bytes]:
    """The files of a zip by their names, `most` bytes together and `each` for one file at the utmost.

    Raises ArchiveRefused for what is no zip, is broken, has a password, holds links or names that lead out of it,
    or unpacks to too much.
    """
    if not data.startswith(b"PK"):
        raise ArchiveRefused("wrong_type", _("文件名以 .zip 结尾，内容却不是压缩包。"))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _files(archive, most, each)
    except BROKEN:
        raise ArchiveRefused("broken", _("压缩包已损坏，打不开。请重新压缩后再上传。")) from None


def _files(archive: zipfile.ZipFile, most: int, each: int) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir() and not _is_litter(entry.filename)]
    if len(entries) > MOST_ENTRIES:
        text = _("压缩包里有 %(n)d 个文件，最多 %(most)d 个。")
        raise ArchiveRefused("bomb", text % {"n": len(entries), "most": MOST_ENTRIES})
    if sum(entry.file_size for entry in entries) > most:
        raise _too_much(most)
    found: dict[str, bytes] = {}
    left = most
    for entry in entries:
        name = _name(entry)
        if name in found:
            raise ArchiveRefused("twice", _("压缩包里有两个同名文件：%s。") % name)
        if entry.file_size > each:
            told = {"name": name[:80], "most": each // 1024 // 1024}
            raise ArchiveRefused("bomb", _("压缩包里的“%(name)s”超过 %(most)d MB。") % told)
        found[name] = _content(archive, entry, min(left, each), most)
        left -= len(found[name])
    return _without_common_folder(found)


def _is_litter(name: str) -> bool:
    return any(part in LITTER or f"{part}/" in LITTER for part in name.split("/"))


def _name(entry: zipfile.ZipInfo) -> str:
    """The name with `/`, read as GB18030 when the archive does not say that it is UTF-8."""
    name = entry.filename
    if not entry.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("gb18030")
        except UnicodeError:
            name = entry.filename
    name = name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or ":" in parts[0] or "\x00" in name:
        raise ArchiveRefused("path", _("压缩包里的文件名不合规：%s。") % name[:80])
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise ArchiveRefused("link", _("压缩包里有链接文件，不能上传：%s。") % name[:80])
    if entry.flag_bits & 0x1:
        raise ArchiveRefused("password", _("压缩包有密码。请去掉密码后再上传。"))
    return "/".join(parts)


def _content(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int, most: int) -> bytes:
    parts = bytearray()
    with archive.open(entry) as source:
        while chunk := source.read(CHUNK):
            parts += chunk
            if len(parts) > left:
                raise _too_much(most)
    return bytes(parts)


def _too_much(most: int) -> ArchiveRefused:
    text = _("压缩包展开后超过 %d MB，不能上传。请缩小音频、视频或图片。")
    return ArchiveRefused("bomb", text % (most // 1024 // 1024))


def _without_common_folder(files: dict[str, bytes]) -> dict[str, bytes]:
    """Whoever packs a folder rather than its contents means the same."""
    tops = {name.partition("/")[0] for name in files}
    if len(tops) == 1 and all("/" in name for name in files):
        return {name.partition("/")[2]: data for name, data in files.items()}
    return files
