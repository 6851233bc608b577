"""A voice's length comes from the recording itself, and its marks are taken out."""

import wave
from io import BytesIO
from pathlib import Path

import pytest

from tongyu.core.audio import keep_voice
from tongyu.core.files import FileRefused


def box(kind, *content):
    data = b"".join(content)
    return (len(data) + 8).to_bytes(4, "big") + kind + data


def m4a(seconds, *, long=False, handler=b"soun"):
    """An MPEG-4 file as a telephone writes it: with the place in `udta`."""
    scale = 1000
    times = bytes(16 if long else 8)
    length = (seconds * scale).to_bytes(8 if long else 4, "big")
    header = bytes([int(long), 0, 0, 0]) + times + scale.to_bytes(4, "big") + length + bytes(80)
    track = box(b"trak", box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(12))))
    place = box(b"udta", box(b"\xa9xyz", b"+36.0+103.3/"))
    return (
        box(b"ftyp", b"M4A ", bytes(4))
        + box(b"moov", box(b"mvhd", header), track, place)
        + box(b"mdat", b"sound")
    )


def mp3(seconds, tag=b""):
    """Frames of 417 bytes: MPEG-1 layer III, 128 kbit/s, 44.1 kHz."""
    frame = b"\xff\xfb\x90\x00" + bytes(413)
    return tag + frame * round(seconds * 44_100 / 1152)


def wav(seconds):
    data = BytesIO()
    with wave.open(data, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(8000)
        made.writeframes(bytes(16_000 * seconds))
    return data.getvalue()


ID3 = b"ID3\x04\x00\x00\x00\x00\x00\x10" + b"Home, Street 5  "


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("话.m4a", m4a(12)),
        ("话.m4a", m4a(12, long=True)),
        ("话.mp3", mp3(12)),
        ("话.mp3", mp3(12, ID3)),
        ("话.wav", wav(12)),
    ],
)
def test_the_length_is_read_from_the_recording(name, data):
    assert keep_voice(data, name, 60).seconds == 12


@pytest.mark.parametrize(("name", "data"), [("话.m4a", m4a(61)), ("话.mp3", mp3(61)), ("话.wav", wav(61))])
def test_a_longer_one_is_refused(name, data, media):
    with pytest.raises(FileRefused) as refused:
        keep_voice(data, name, 60)
    assert (refused.value.code, list(media.iterdir())) == ("too_long", [])


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("话.m4a", b"", "wrong_content"),
        ("话.m4a", b"\x00" * 100, "wrong_content"),
        ("话.m4a", m4a(12)[:60], "wrong_content"),
        ("话.m4a", m4a(5, handler=b"vide"), "wrong_content"),
        ("话.mp3", wav(1), "wrong_content"),
        ("话.wav", mp3(1), "wrong_content"),
        ("话.wav", wav(1)[:20], "wrong_content"),
        ("话.exe", mp3(1), "wrong_type"),
        ("话.mp3", b"x" * (6 * 1024 * 1024), "too_big"),
    ],
)
def test_what_is_no_recording_is_refused(name, data, code):
    with pytest.raises(FileRefused) as refused:
        keep_voice(data, name, 60)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("name", "data", "mark"), [("话.m4a", m4a(5), b"+36.0"), ("话.mp3", mp3(5, ID3), b"Street")]
)
def test_where_it_was_recorded_is_taken_out(name, data, mark, media):
    assert mark in data
    kept = keep_voice(data, name, 60).stored
    assert mark not in Path(media / kept.path).read_bytes()
