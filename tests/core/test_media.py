"""Sound and film: known by their bytes, notes blanked, served in the parts that a player asks for."""

import pytest
from django.test import RequestFactory

from tongyu.core import media
from tongyu.core.files import FileRefused

SOUND = b"ID3" + bytes(range(97))


def box(kind, content):
    return (8 + len(content)).to_bytes(4, "big") + kind + content


FILM = box(b"ftyp", b"isom0000") + box(
    b"moov", box(b"trak", b"t" * 9) + box(b"udta", "刘家峡 +35.9/+103.3".encode())
)
FILM += box(b"mdat", b"picture")


@pytest.fixture
def kept(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return media.keep(SOUND, "声音.MP3").path


def asked(path, wanted=""):
    headers = {"range": wanted} if wanted else {}
    return media.answer(RequestFactory().get("/", headers=headers), path)


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.mp3", "empty"),
        (b"MZ" + bytes(50), "a.mp3", "wrong_content"),
        (SOUND, "a.mp4", "wrong_content"),
        (FILM, "a.mp3", "wrong_content"),
        (SOUND, "a.wav", "wrong_type"),
        (b"ID3" + bytes(20 * 1024 * 1024), "a.mp3", "too_big"),
    ],
)
def test_wrong_and_large_files_are_refused(data, name, code):
    with pytest.raises(FileRefused) as caught:
        media.check(data, name)
    assert caught.value.code == code


def test_where_a_film_was_taken_is_blanked_and_nothing_moves():
    clean = media.without_notes(FILM)
    assert (len(clean), b"+35.9" in clean, b"udta" in clean) == (len(FILM), False, False)
    assert clean.endswith(box(b"mdat", b"picture"))


@pytest.mark.parametrize(
    "data", [b"", b"\x00", box(b"moov", b"\xff\xff\xff\xff"), (9).to_bytes(4, "big") + b"moov"]
)
def test_a_broken_film_is_read_without_harm(data):
    assert len(media.without_notes(data)) == len(data)


@pytest.mark.parametrize(
    ("wanted", "first", "last", "status"),
    [
        ("", 0, 99, 200),
        ("bytes=0-", 0, 99, 206),
        ("bytes=10-19", 10, 19, 206),
        ("bytes=-5", 95, 99, 206),
        ("bytes=90-500", 90, 99, 206),
        ("bytes=500-", 99, 99, 206),
        ("lines=1-2", 0, 99, 206),
        ("bytes=-", 0, 99, 206),
    ],
)
def test_a_player_gets_the_part_it_asks_for(kept, wanted, first, last, status):
    found = asked(kept, wanted)
    assert (found.status_code, found.content) == (status, SOUND[first : last + 1])
    assert found["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["../../etc/passwd", "ab/x.mp3", f"ab/{'a' * 32}.exe"])
def test_only_kept_files_are_served(kept, path):
    with pytest.raises(ValueError):
        asked(path)
