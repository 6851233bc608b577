"""A short recording of a voice: its true length, and nothing of where or by whom it was made.

Three forms that phones and computers record: m4a (MPEG-4), mp3, wav. The length is read from the recording itself, not
from what the browser says. Titles, places and other marks are taken out (check C34): recorders name files by address.
"""

import io
import wave
from collections.abc import Iterator
from typing import NamedTuple

from django.utils.translation import gettext as _

from tongyu.core.files import FileRefused, StoredFile, keep_as

MAX_BYTES = 5 * 1024 * 1024
TAGS = {b"udta", b"meta", b"uuid"}
HOLDERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl"}
BIT_RATES = {
    True: (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0),
    False: (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0),
}
RATES = (44_100, 48_000, 32_000, 0)


class Voice(NamedTuple):
    """A cleaned recording that is kept, and how long it lasts."""

    stored: StoredFile
    seconds: int


def keep_voice(data: bytes, filename: str, longest: int) -> Voice:
    """Check, clean and store one recording of at most `longest` seconds; raises FileRefused in Chinese."""
    ending = filename.lower().rpartition(".")[2]
    if ending not in {"m4a", "mp3", "wav"}:
        raise FileRefused("wrong_type", _("录音只能是 m4a、mp3 或 wav 文件。"))
    if len(data) > MAX_BYTES:
        raise FileRefused("too_big", _("录音超过 5 MB，请录短一些。"))
    clean, seconds = {"m4a": _mpeg4, "mp3": _mp3, "wav": _wav}[ending](data)
    if seconds <= 0:
        raise FileRefused("wrong_content", _("这段录音打不开，请重新录一段。"))
    if seconds > longest + 0.5:
        told = {"longest": longest, "seconds": round(seconds)}
        raise FileRefused("too_long", _("录音最长%(longest)d秒，这段有%(seconds)d秒。") % told)
    return Voice(keep_as(clean, filename, ending), max(1, round(seconds)))


def _mpeg4(data: bytes) -> tuple[bytes, float]:
    """Boxes of an MPEG-4 file: the length stands in `mvhd`; boxes with marks become empty space of the same size."""
    if data[4:8] != b"ftyp":
        return data, 0
    clean, seconds, video = bytearray(data), 0.0, False
    for kind, start, body, end in _boxes(data, 0, len(data)):
        if kind in TAGS:
            clean[start + 4 : start + 8] = b"free"
            clean[body:end] = bytes(end - body)
        elif kind == b"mvhd":
            seconds = _movie_seconds(data[body:end])
        elif kind == b"hdlr" and data[body + 8 : body + 12] == b"vide":
            video = True
    return bytes(clean), 0 if video else seconds


def _movie_seconds(header: bytes) -> float:
    long = header[:1] == b"\x01"
    at, width = (20, 8) if long else (12, 4)
    scale = int.from_bytes(header[at : at + 4], "big")
    length = int.from_bytes(header[at + 4 : at + 4 + width], "big")
    return length / scale if scale else 0


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Every box: kind, where it starts, where its content starts, where it ends."""
    while start + 8 <= end:
        size, kind, body = (
            int.from_bytes(data[start : start + 4], "big"),
            data[start + 4 : start + 8],
            start + 8,
        )
        if size == 1:
            size, body = int.from_bytes(data[start + 8 : start + 16], "big"), start + 16
        stop = end if size == 0 else start + size
        if stop < body or stop > end:
            return
        yield kind, start, body, stop
        if kind in HOLDERS:
            yield from _boxes(data, body, stop)
        start = stop


def _mp3(data: bytes) -> tuple[bytes, float]:
    """Frames of an MP3 file, without the tags before and behind them; each frame says how long it lasts."""
    start = 0
    if data[:3] == b"ID3" and len(data) > 10:
        size = 0
        for byte in data[6:10]:
            size = size << 7 | byte & 0x7F
        start = 10 + size
    at, seconds, first = start, 0.0, start
    while at + 4 <= len(data):
        frame = _frame(data[at : at + 4])
        if frame is None:
            break
        at, seconds = at + frame[0], seconds + frame[1]
    return data[first : min(at, len(data))], seconds


def _frame(head: bytes) -> tuple[int, float] | None:
    """Bytes and seconds of the layer III frame that begins so; None for anything else."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    if head[0] != 0xFF or head[1] & 0xE0 != 0xE0 or version == 1 or layer != 1:
        return None
    first = version == 3
    bits, rate = BIT_RATES[first][head[2] >> 4] * 1000, RATES[head[2] >> 2 & 3] // {3: 1, 2: 2, 0: 4}[version]
    if not bits or not rate:
        return None
    samples = 1152 if first else 576
    return samples // 8 * bits // rate + (head[2] >> 1 & 1), samples / rate


def _wav(data: bytes) -> tuple[bytes, float]:
    """The sound of a WAV file, written anew."""
    try:
        with wave.open(io.BytesIO(data)) as found:
            params, sound = found.getparams(), found.readframes(found.getnframes())
    except (wave.Error, EOFError, ValueError):
        return data, 0
    width = params.nchannels * params.sampwidth
    if not width or not params.framerate:
        return data, 0
    made = io.BytesIO()
    with wave.open(made, "wb") as clean:
        clean.setnchannels(params.nchannels)
        clean.setsampwidth(params.sampwidth)
        clean.setframerate(params.framerate)
        clean.writeframes(sound)
    return made.getvalue(), len(sound) // width / params.framerate
