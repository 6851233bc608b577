import io
import zipfile

import pytest
from PIL import Image

from tongyu.core import files
from tongyu.core.files import FileRefused, answer, keep, located


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def picture(form="JPEG", size=(60, 40), **options):
    target = io.BytesIO()
    Image.new("RGB", size, "green").save(target, form, **options)
    return target.getvalue()


def packed(*names, body=b"x"):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in names:
            made.writestr(name, body)
    return target.getvalue()


def with_exif():
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "CANARY camera", 6
    exif.get_ifd(0x8825)[1] = "N"
    return picture(exif=exif, comment=b"CANARY comment")


def refusal(data, name):
    with pytest.raises(FileRefused) as caught:
        keep(data, name)
    assert caught.value.message
    return caught.value.code


def test_c34_a_photo_is_stored_without_any_metadata_and_upright(media):
    assert b"CANARY" in with_exif()
    stored = keep(with_exif() + b"CANARY behind the end", "家访 照片.JPG")
    data = (media / stored.path).read_bytes()
    clean = Image.open(io.BytesIO(data))
    assert (b"CANARY" in data, dict(clean.getexif()), clean.size) == (False, {}, (40, 60))
    assert (stored.name, stored.content_type, stored.size) == ("家访 照片.jpg", "image/jpeg", len(data))


def test_large_photos_are_made_smaller(media):
    stored = keep(picture(size=(6000, 3000)), "a.jpg")
    assert Image.open(media / stored.path).size == (2560, 1280)


def test_names_are_random_and_nothing_of_the_upload_is_in_the_path():
    first, second = keep(picture(), "张三.jpg"), keep(picture(), "张三.jpg")
    assert first.path != second.path
    assert files._STORED.fullmatch(first.path)


@pytest.mark.parametrize("name", ["a.pdf", "a.png", "a.docx", "a.doc", "a.webp"])
def test_c35_a_file_whose_content_is_not_what_its_name_says_is_refused(name):
    assert refusal(picture(), name) == "wrong_content"


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.jpg", "empty"),
        (b"x" * (files.MAX_BYTES + 1), "a.jpg", "too_big"),
        (b"<svg onload='alert(1)'/>", "a.svg", "wrong_type"),
        (b"<html>", "a.html", "wrong_type"),
        (b"MZ", "a.exe", "wrong_type"),
        (b"x", "noending", "wrong_type"),
        (picture()[:300], "a.jpg", "wrong_content"),
        (b"\xff\xd8\xff<script>", "a.jpg", "wrong_content"),
        (b"%PDF-1.7 /JavaScript (app.alert(1)) %%EOF", "a.pdf", "active"),
        (b"%PDF-1.7 cut off", "a.pdf", "wrong_content"),
        (packed("[Content_Types].xml", "xl/a"), "a.docx", "wrong_content"),
        (packed("[Content_Types].xml", "word/vbaProject.bin"), "a.docx", "active"),
        (packed("[Content_Types].xml", *[f"word/{n}" for n in range(6000)]), "a.docx", "bomb"),
        (packed("[Content_Types].xml", "word/a", body=bytes(150_000_000)), "a.docx", "bomb"),
        (picture("PNG", (30_000, 3_000)), "a.png", "too_many_pixels"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_c35_hostile_files_are_refused(data, name, code, media):
    assert refusal(data, name) == code
    assert list(media.rglob("*.*")) == []


def test_documents_are_kept_as_they_are(media):
    for data, name in [
        (b"%PDF-1.7 text %%EOF\n", "通知.pdf"),
        (packed("[Content_Types].xml", "word/document.xml"), "方案.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "旧文件.doc"),
    ]:
        assert (media / keep(data, name).path).read_bytes() == data


@pytest.mark.parametrize(
    "path", ["../settings.py", "/etc/passwd", "ab/../../x.pdf", "ab/x.pdf", "", "AB/" + "0" * 32 + ".pdf"]
)
def test_c36_only_paths_that_were_made_here_are_found(path):
    with pytest.raises(ValueError, match="stored"):
        located(path)


def test_c36_documents_are_downloads_and_the_name_cannot_break_the_header():
    stored = keep(b"%PDF-1.7 %%EOF", "a.pdf")
    made = answer(stored.path, '通知"; filename=x.html\r\nSet-Cookie: a=b.html')
    assert made["Content-Disposition"] == (
        "attachment; filename*=UTF-8''%E9%80%9A%E7%9F%A5%3B%20filename%3Dx.htmlSet-Cookie%20a%3Db.pdf"
    )
    assert (made["Content-Type"], made["X-Content-Type-Options"]) == ("application/pdf", "nosniff")
    assert made["Content-Security-Policy"] == "default-src 'none'; sandbox"


def test_pictures_are_shown_and_a_discarded_file_is_gone(media):
    stored = keep(picture(), "a.jpg")
    response = answer(stored.path, stored.name)
    assert response["Content-Disposition"] == "inline; filename*=UTF-8''a.jpg"
    response.file_to_stream.close()
    files.discard(stored.path)
    files.discard(stored.path)
    assert [path for path in media.rglob("*") if path.is_file()] == []
