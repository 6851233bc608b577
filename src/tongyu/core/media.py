"""Sound and film that somebody uploaded: known by their first bytes, kept like other files, served in parts.

A phone's player asks for ranges, and Safari plays nothing without them. Notes inside a film (place, device) are
blanked before it is kept.
"""

import re
import secrets
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils.translation import gettext as _

from tongyu.core.files import MAX_BYTES, FileRefused, StoredFile, safe_name

TYPES = {"mp3": "audio/mpeg", "m4a": "audio/mp4", "mp4": "video/mp4"}
STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}\.(mp3|m4a|mp4)")
RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")
PART = 1024 * 1024
CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def is_media(name: str) -> bool:
    """Whether the name says sound or film."""
    return _ending(name) in TYPES


def check(data: bytes, name: str) -> None:
    """Raise FileRefused with a Chinese message when the file is not what its name says, or too big."""
    ending = _ending(name)
    if not data:
        raise FileRefused("empty", _("文件是空的。"))
    if len(data) > MAX_BYTES:
        raise FileRefused("too_big", _("单个音频或视频不能超过 20 MB，请压缩后再上传。"))
    if ending not in TYPES:
        raise FileRefused("wrong_type", _("音频用 mp3 或 m4a，视频用 mp4。"))
    sound = data.startswith(b"ID3") or (data[0] == 0xFF and data[1:2] and data[1] & 0xE0 == 0xE0)
    if not (sound if ending == "mp3" else data[4:8] == b"ftyp"):
        raise FileRefused("wrong_content", _("文件内容和文件名的后缀对不上，或文件已损坏。"))


def keep(data: bytes, name: str) -> StoredFile:
    """Check and store one file; raises FileRefused."""
    check(data, name)
    ending = _ending(name)
    token = secrets.token_hex(16)
    path = f"{token[:2]}/{token}.{ending}"
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data if ending == "mp3" else without_notes(data))
    return StoredFile(path, safe_name(name, ending), TYPES[ending], len(data))


def discard(path: str) -> None:
    """Remove a stored file; one that is gone already is no error."""
    _located(path).unlink(missing_ok=True)


def answer(request: Any, path: str) -> HttpResponse:
    """The file, or the part of it that the player asks for; the view has checked the right."""
    target = _located(path)
    size = target.stat().st_size
    first, last = _asked(request.headers.get("Range", ""), size)
    with target.open("rb") as source:
        source.seek(first)
        body = source.read(last - first + 1)
    part = len(body) < size or "Range" in request.headers
    response = HttpResponse(body, content_type=TYPES[_ending(path)], status=206 if part else 200)
    if part:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    response["Accept-Ranges"] = "bytes"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=86400"
    return response


def without_notes(data: bytes) -> bytes:
    """An MP4 whose boxes of user data are blanked; same length, so nothing else moves."""
    clean = bytearray(data)
    waiting = [(0, len(clean))]
    while waiting:
        at, end = waiting.pop()
        while at + 8 <= end:
            size, kind = int.from_bytes(clean[at : at + 4], "big"), bytes(clean[at + 4 : at + 8])
            head = 8
            if size == 1:
                size, head = int.from_bytes(clean[at + 8 : at + 16], "big"), 16
            size = end - at if size == 0 else size
            if size < head or at + size > end:
                break
            if kind in (b"udta", b"meta", b"uuid"):
                clean[at + 4 : at + size] = b"free" + bytes(size - 8)
            elif kind in CONTAINERS:
                waiting.append((at + head, at + size))
            at += size
    return bytes(clean)


def _asked(wanted: str, size: int) -> tuple[int, int]:
    """First and last byte of the one range that is understood; everything for any other word."""
    found = RANGE.fullmatch(wanted.strip())
    if not found or not (found[1] or found[2]):
        return 0, size - 1
    if not found[1]:
        return max(0, size - int(found[2])), size - 1
    first = min(int(found[1]), size - 1)
    last = min(int(found[2]) if found[2] else size - 1, first + PART - 1, size - 1)
    return first, max(first, last)


def _ending(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/").lower()).suffix.lstrip(".")


def _located(path: str) -> Path:
    if not STORED.fullmatch(path):
        raise ValueError("not the path of a stored file")
    return Path(settings.MEDIA_ROOT) / path
