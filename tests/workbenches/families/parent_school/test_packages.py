"""A course from a file: every fault by file and line, nothing half-saved, hostile files refused (C35)."""

import io
import struct
import zipfile
from pathlib import Path

import pytest
from django.conf import settings

from tests.support.county import County, as_asker
from tongyu.workbenches.families.parent_school.actions import courses, packages
from tongyu.workbenches.families.parent_school.actions.packages import PackageRefused, read
from tongyu.workbenches.families.parent_school.actions.shipping import FOLDER
from tongyu.workbenches.families.parent_school.models import Course, Lesson, Media

COURSE = """key: reading
title: 亲子阅读
lessons:
  - key: start
    title: 开始
    text: a.md
    audio: a.mp3
    quiz:
      - ask: 每天读多久？
        choices: [十分钟也行, 一小时才行]
        right: 1
        why: 常读比读得久要紧。
"""
SOUND = b"ID3" + bytes(40)


class OfWindows(zipfile.ZipInfo):
    """An entry whose name is written as a Chinese Windows writes it, without saying so."""

    def _encodeFilenameFlags(self):
        return self.filename.encode("gb18030"), self.flag_bits


def packed(**files):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return target.getvalue()


def whole(**changed):
    files = {"course__yaml": COURSE, "a__md": "读一读\n\n慢慢来。", "a__mp3": SOUND, **changed}
    return packed(**{name: data for name, data in files.items() if data is not None})


def faults(data, name="课程.zip"):
    with pytest.raises(PackageRefused) as caught:
        read(data, name)
    return [(one.file, one.line) for one in caught.value.faults], str(caught.value)


@pytest.fixture
def keeper(db, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    county = County()
    county.office_keeper = county.office_staff()
    county.school_a = county.school(county.township())
    county.head = county.leader(county.school_a)
    return county


def test_a_whole_package_is_read():
    found = read(whole(), "课程.zip")
    assert (found.key, found.title, found.lessons[0].text) == ("reading", "亲子阅读", "读一读\n\n慢慢来。")
    assert found.lessons[0].quiz[0]["right"] == 1
    assert list(found.media) == ["a.mp3"]


def test_the_folder_around_it_and_names_of_a_chinese_windows_are_no_trouble():
    files = {"course.yaml": COURSE.replace("a.md", "第一课.md"), "第一课.md": "好", "a.mp3": SOUND}
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(OfWindows(f"我的课/{name}"), content)
        archive.writestr("__MACOSX/我的课/._a.md", "x")
    assert read(target.getvalue(), "课程.zip").lessons[0].text == "好"


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"course__yaml": None}, ("course.yaml", 0)),
        ({"course__yaml": COURSE.replace("right: 1", "right: 3")}, ("course.yaml", 9)),
        ({"course__yaml": COURSE.replace("title: 开始", "titel: 开始")}, ("course.yaml", 5)),
        ({"course__yaml": COURSE.replace("key: reading", "key: 阅读")}, ("course.yaml", 1)),
        ({"course__yaml": "a: [1\n"}, ("course.yaml", 2)),
        ({"course__yaml": "a: &x [1]\nb: *x\n"}, ("course.yaml", 0)),
        ({"course__yaml": "[" * 900 + "]" * 900}, ("course.yaml", 0)),
        ({"a__md": None}, ("course.yaml", 6)),
        ({"a__md": "好\n\n<b>粗</b>"}, ("a.md", 3)),
        ({"a__md": "好\n\n<!-- 注 -->"}, ("a.md", 3)),
        ({"a__md": "好\n\n\n[看](http://example.org)"}, ("a.md", 4)),
        ({"a__md": "好\n![图](b.jpg)"}, ("a.md", 2)),
        ({"a__md": "好\n![图](https://example.org/b.jpg)"}, ("a.md", 2)),
        ({"a__md": "字" * 20_001}, ("a.md", 1)),
        ({"a__md": "  "}, ("a.md", 1)),
        ({"a__md": b"\xff\xfe\x00\x00"}, ("a.md", 0)),
        ({"a__mp3": b"MZ" + bytes(40)}, ("a.mp3", 0)),
        ({"a__mp3": None}, ("course.yaml", 7)),
    ],
)
def test_each_fault_is_told_by_file_and_line(changed, at):
    found, told = faults(whole(**changed))
    assert at in found, told


def test_all_faults_are_told_at_once():
    found, _told = faults(whole(a__md="<b>\n\n[x](ftp://y)", a__mp3=b"no"))
    assert [file for file, _line in found] == ["a.md", "a.md", "a.mp3"]


def bomb():
    return packed(course__yaml=COURSE, a__md=b"0" * (130 * 1024 * 1024))


def lying_bomb():
    """Says 10 bytes and unpacks to 130 MB."""
    data = bytearray(bomb())
    size = struct.pack("<L", 130 * 1024 * 1024)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<L", 10)
    return bytes(data)


def fat():
    return packed(course__yaml=COURSE, film__mp4=b"0" * (21 * 1024 * 1024))


def many():
    return packed(**{f"f{number}__md": "x" for number in range(301)})


def outside():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("../../etc/passwd", "x")
    return target.getvalue()


@pytest.mark.parametrize(
    ("data", "name", "word"),
    [
        (bomb, "课程.zip", "展开后超过"),
        (lying_bomb, "课程.zip", "损坏"),
        (many, "课程.zip", "个文件"),
        (fat, "课程.zip", "“film.mp4”超过 20 MB"),
        (outside, "课程.zip", "不合规"),
        (lambda: bytes(50 * 1024 * 1024), "课程.zip", "40 MB"),
        (lambda: b"%PDF-1.7", "课程.zip", "内容却不是"),
        (lambda: b"x", "课程.pdf", "只能上传"),
        (lambda: b"", "课程.md", "空的"),
        (lambda: b"PK\x03\x04broken", "课程.zip", "损坏"),
        (lambda: packed(word__xml="x"), "课程.docx", "不是 Word"),
        (lambda: whole(), "课程.docx", "不是 Word"),
    ],
)
def test_hostile_and_wrong_files_are_refused_in_words(data, name, word):
    _found, told = faults(data(), name)
    assert word in told


def document(body, **more):
    head = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
    files = {
        "word/document.xml": f"{head}{body}</w:body></w:document>",
        "[Content_Types].xml": "<Types/>",
        **more,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def paragraph(text, style=""):
    look = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{look}<w:r><w:t>{text}</w:t></w:r></w:p>"


def test_a_word_document_becomes_a_course_of_its_chapters():
    body = paragraph("家庭教育指导手册", "Heading1")
    body += paragraph("第一章", "Heading2") + paragraph("1. 好好说话 &lt;b&gt; *星*")
    body += paragraph("第二章", "Heading2") + paragraph("早点睡")
    found = read(document(body), "手册.docx")
    assert [(one.title, one.text) for one in found.lessons] == [
        ("第一章", "\\1. 好好说话 \\<b\\> \\*星\\*"),
        ("第二章", "早点睡"),
    ]
    assert found.title == "家庭教育指导手册"


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (lambda: document("", **{"word/vbaProject.bin": "x"}), "宏"),
        (lambda: document('<!DOCTYPE x [<!ENTITY a "b">]>'), "不是 Word"),
        (lambda: document("<w:p>"), "不是 Word"),
        (lambda: document(""), "没有文字"),
    ],
)
def test_a_hostile_or_empty_word_document_is_refused(data, word):
    assert word in faults(data(), "手册.docx")[1]


def test_a_markdown_text_is_one_lesson_or_one_for_each_chapter():
    assert [one.title for one in read("只有一段。".encode(), "早睡.md").lessons] == ["早睡"]
    text = "# 手册\n\n## 一\n\n好\n\n## 二\n\n<i>坏</i>\n"
    assert faults(text.encode(), "手册.md")[0] == [("手册.md", 9)]


def test_the_shipped_course_is_sound_and_short():
    (folder,) = FOLDER.iterdir()
    found = packages.from_folder(folder)
    assert (found.key, len(found.lessons)) == ("family-education-law", 6)
    for lesson in found.lessons:
        assert 250 <= len(lesson.text) <= 900, lesson.key
        assert 2 <= len(lesson.quiz) <= 4


def test_nothing_is_left_when_a_file_cannot_be_kept(keeper):
    picture = COURSE.replace("audio: a.mp3", "audio: ''")
    data = whole(course__yaml=picture, a__md="![图](b.jpg)", b__jpg=b"\xff\xd8\xffbroken", a__mp3=None)
    with as_asker(keeper.office_keeper), pytest.raises(PackageRefused, match="b.jpg"):
        courses.import_course(by=keeper.office_keeper, data=data, filename="课程.zip")
    assert [model.objects.count() for model in (Course, Lesson, Media)] == [0, 0, 0]
    assert [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()] == []


def load(by, data=None, name="课程.zip"):
    with as_asker(by):
        return courses.import_course(by=by, data=data or whole(), filename=name)


def test_a_draft_is_published_replaced_and_taken_down(keeper):
    head = keeper.head
    first = load(head)
    assert load(head) == first
    with as_asker(head):
        courses.publish(by=head, course=first)
        assert courses.publish(by=head, course=first).state == "published"
    second = load(head, whole(a__md="新的文字"))
    assert second != first
    with as_asker(head):
        courses.publish(by=head, course=second)
        assert [one.state for one in Course.objects.order_by("made_at")] == ["replaced", "published"]
        assert courses.withdraw(by=head, course=second).state == "withdrawn"


def test_a_school_does_not_take_the_number_of_a_course_of_the_county(keeper):
    office = load(keeper.office_keeper)
    with as_asker(keeper.office_keeper):
        courses.publish(by=keeper.office_keeper, course=office)
    with pytest.raises(PackageRefused, match="已由县里"):
        load(keeper.head)


def test_who_keeps_no_courses_is_refused(keeper):
    from django.core.exceptions import PermissionDenied

    justice = keeper.department_staff("justice")
    with pytest.raises(PermissionDenied):
        load(justice)
