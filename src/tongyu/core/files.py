"""Uploaded photos and documents: checked, cleaned, kept under random names, served only through views (C34–C36).

Photos are decoded and written anew, so position, camera, author and anything hidden behind the picture is gone.
Nothing is ever served from the folder itself; a view checks the right and calls `answer()`.
"""

import io
import re
import secrets
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TypeVar
from urllib.parse import quote

from django.conf import settings
from django.http import FileResponse, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

MAX_BYTES = 20 * 1024 * 1024
MAX_PIXELS = 50_000_000
LONGEST_EDGE = 2560
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ENTRIES = 5_000

IMAGES = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
PACKED = {"docx": "word/", "xlsx": "xl/", "pptx": "ppt/"}
CONTENT_TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "doc": "application/msword",
    "xls": "application/vnd.ms-excel",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "m4a": "audio/mp4",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
}
_PDF_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia)\b")
_RANGE = re.compile(r"bytes=(\d{0,9})-(\d{0,9})")
Answer = TypeVar("Answer", bound=HttpResponseBase)
_STORED = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}\.[a-z0-9]{3,4}")


class FileRefused(Exception):
    """An upload that is not kept; `code` for tests, `message` in Chinese for the form field."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True)
class StoredFile:
    """What the record keeps of an upload: where it stands, what to call it, its type and size."""

    path: str
    name: str
    content_type: str
    size: int


def keep(data: bytes, filename: str) -> StoredFile:
    """Check, clean and store one upload; raises FileRefused with a Chinese message."""
    ending = PurePosixPath(filename.replace("\\", "/").lower()).suffix.lstrip(".")
    check_size(len(data))
    if ending in IMAGES:
        data, ending = _clean_image(data, IMAGES[ending])
    elif ending == "pdf":
        _check_pdf(data)
    elif ending in PACKED:
        _check_packed(data, PACKED[ending])
    elif ending in {"doc", "xls"}:
        _require(data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") and b"V\0B\0A\0" not in data)
    else:
        raise FileRefused("wrong_type", _("只能上传图片(jpg、png、webp)、PDF、Word、Excel 或 PPT 文件。"))
    return keep_as(data, filename, ending)


def keep_as(data: bytes, filename: str, ending: str) -> StoredFile:
    """Store what was checked and cleaned already, under a random name."""
    token = secrets.token_hex(16)
    path = f"{token[:2]}/{token}.{ending}"
    target = Path(settings.MEDIA_ROOT) / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return StoredFile(path, safe_name(filename, ending), CONTENT_TYPES[ending], len(data))


def check_size(size: int) -> None:
    """Refuse an upload by its size, before it is read."""
    if not size:
        raise FileRefused("empty", _("文件是空的。"))
    if size > MAX_BYTES:
        raise FileRefused("too_big", _("文件超过 20 MB，请压缩后再上传。"))


def discard(path: str) -> None:
    """Remove a stored file; one that is gone already is no error."""
    located(path).unlink(missing_ok=True)


def located(path: str) -> Path:
    """Where a stored file stands on disk; ValueError for anything that `keep` did not make."""
    if not _STORED.fullmatch(path):
        raise ValueError("not the path of a stored file")
    return Path(settings.MEDIA_ROOT) / path


def answer(path: str, name: str) -> FileResponse:
    """The response of a view that has checked the right: pictures shown, all else as a download."""
    target = located(path)
    ending = target.suffix.lstrip(".")
    shown = CONTENT_TYPES[ending].startswith("image/")
    response = FileResponse(target.open("rb"), content_type=CONTENT_TYPES[ending])
    kind = "inline" if shown else "attachment"
    response["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(safe_name(name, ending), safe='')}"
    return _harmless(response)


def answer_part(path: str, asked: str) -> HttpResponse | None:
    """The part of a short file that a player asked for by its Range header; None when it asked for no part.

    The iPhone's player plays nothing that does not come in parts.
    """
    found = _RANGE.fullmatch(asked)
    if found is None or not (found[1] or found[2]):
        return None
    target = located(path)
    data = target.read_bytes()
    first = int(found[1]) if found[1] else max(0, len(data) - int(found[2]))
    last = min(int(found[2]) if found[1] and found[2] else len(data) - 1, len(data) - 1)
    if first > last:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(data)}"})
    media_type = CONTENT_TYPES[target.suffix.lstrip(".")]
    part = HttpResponse(data[first : last + 1], status=206, content_type=media_type)
    part["Content-Range"], part["Accept-Ranges"] = f"bytes {first}-{last}/{len(data)}", "bytes"
    return _harmless(part)


def _harmless(response: Answer) -> Answer:
    """Nothing in the file runs in the browser, and no cache keeps it."""
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


def safe_name(filename: str, ending: str) -> str:
    """The last part of an uploaded name, without control characters and path signs, with its true ending."""
    stem = PurePosixPath(filename.replace("\\", "/")).name.rsplit(".", 1)[0]
    stem = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\"<>|:*?/\\]", "", stem)
    return f"{stem.strip(' .')[:80] or _('文件')}.{ending}"


def _require(true: bool) -> None:
    if not true:
        raise FileRefused("wrong_content", _("文件内容和文件名的后缀对不上，或文件已损坏。"))


def _clean_image(data: bytes, form: str) -> tuple[bytes, str]:
    """The picture decoded, turned upright, made no larger than needed, and written without metadata."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=[form])
            if picture.width * picture.height > MAX_PIXELS:
                raise FileRefused("too_many_pixels", _("图片尺寸太大，请缩小后再上传。"))
            upright = ImageOps.exif_transpose(picture)
            upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
            clear = upright.mode in {"RGBA", "LA", "PA", "P"} and form != "JPEG"
            clean = upright.convert("RGBA" if clear else "RGB")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise FileRefused("too_many_pixels", _("图片尺寸太大，请缩小后再上传。")) from None
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, TypeError):
        raise FileRefused("wrong_content", _("文件内容和文件名的后缀对不上，或文件已损坏。")) from None
    bare = Image.new(clean.mode, clean.size)
    bare.paste(clean)
    target = io.BytesIO()
    if clear:
        bare.save(target, "PNG", optimize=True)
        return target.getvalue(), "png"
    bare.save(target, "JPEG", quality=85, optimize=True)
    return target.getvalue(), "jpg"


def _check_pdf(data: bytes) -> None:
    _require(data.startswith(b"%PDF-") and b"%%EOF" in data[-2048:])
    if _PDF_ACTIVE.search(data):
        raise FileRefused("active", _("PDF 里带有脚本或附件，不能上传。请重新“打印为 PDF”。"))


def _check_packed(data: bytes, folder: str) -> None:
    """An Office document: a true archive of that kind, not a bomb, without macros or embedded programs."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileRefused("wrong_content", _("文件内容和文件名的后缀对不上，或文件已损坏。")) from None
    names = [entry.filename.lower() for entry in entries]
    if len(entries) > MAX_ENTRIES or sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise FileRefused("bomb", _("文件展开后太大，不能上传。"))
    _require("[content_types].xml" in names and any(name.startswith(folder) for name in names))
    if any("vbaproject" in name or "/activex/" in name or name.endswith((".exe", ".dll")) for name in names):
        raise FileRefused("active", _("文件里带有宏或程序，不能上传。"))
