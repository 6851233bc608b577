"""Courses of lessons: text, pictures, sound, a film, a few questions that teach. Nothing about persons."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7


class CourseState(models.TextChoices):
    """Where a course stands. Only a published one is seen by guardians."""

    DRAFT = "draft", _("待发布")
    PUBLISHED = "published", _("已发布")
    REPLACED = "replaced", _("已有新版")
    WITHDRAWN = "withdrawn", _("已下架")


class Course(models.Model):
    """A course of the body `org` for the guardians of `[lo, hi)`. A new version is a new row with the same key."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("提供单位"), editable=False)
    lo = models.BigIntegerField(editable=False)
    hi = models.BigIntegerField(editable=False)
    key = models.CharField(_("课程编号"), max_length=40)
    title = models.CharField(_("课程名称"), max_length=60)
    intro = models.CharField(_("简介"), max_length=300, blank=True)
    source = models.CharField(_("依据或出处"), max_length=200, blank=True)
    shipped = models.BooleanField(_("随系统提供"), default=False)
    digest = models.CharField(max_length=64, editable=False)
    """Of everything in it: loading the same again changes nothing."""
    state = models.CharField(_("状态"), max_length=10, choices=CourseState.choices, default=CourseState.DRAFT)
    by_account = models.BigIntegerField(null=True, editable=False)
    made_at = models.DateTimeField(_("导入时间"), auto_now_add=True)
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "lo hi key title intro source shipped digest state made_at published_at".split(), "public"
    )

    class Meta:
        verbose_name = _("课程")
        ordering = ["-shipped", "published_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["id", "org"], name="course_id_org"),
            models.UniqueConstraint(
                fields=["org", "key"],
                condition=models.Q(state=CourseState.PUBLISHED),
                name="course_published_once",
            ),
            models.UniqueConstraint(
                fields=["org", "key"], condition=models.Q(state=CourseState.DRAFT), name="course_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Lesson(models.Model):
    """One lesson: a short text in Markdown, perhaps a sound or film, and questions with their reasons."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="lessons")
    org = models.BigIntegerField(editable=False)
    key = models.CharField(max_length=40)
    number = models.SmallIntegerField(_("第几课"))
    title = models.CharField(_("课名"), max_length=60)
    text = models.TextField(_("正文"))
    quiz = models.JSONField(_("想一想"), default=list, blank=True)
    audio = models.CharField(_("音频"), max_length=120, blank=True)
    video = models.CharField(_("视频"), max_length=120, blank=True)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "course key number title text quiz audio video".split(), "public"
    )

    class Meta:
        verbose_name = _("课时")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="lesson_key_once"),
            models.UniqueConstraint(fields=["course", "number"], name="lesson_number_once"),
        ]

    def __str__(self) -> str:
        return self.title


class Media(models.Model):
    """A picture, sound or film of a course, under the name by which its texts call it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    course = models.ForeignKey(Course, models.CASCADE, related_name="media")
    org = models.BigIntegerField(editable=False)
    name = models.CharField(_("文件名"), max_length=120)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField(_("大小（字节）"))

    classified: ClassVar[dict[str, str]] = {"course": "public"}

    class Meta:
        verbose_name = _("课程媒体")
        constraints = [models.UniqueConstraint(fields=["course", "name"], name="course_media_once")]

    def __str__(self) -> str:
        return self.name
