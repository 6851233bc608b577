"""What a guardian has learned. It is the guardian's own: no member of a staff can read a row of these tables."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.records.models import Record


class LessonDone(models.Model):
    """One lesson learned by one account in one round through the course. Never changed, so order does not matter."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    by_account = models.BigIntegerField(editable=False)
    course_org = models.BigIntegerField(editable=False)
    course_key = models.CharField(max_length=40, editable=False)
    lesson_key = models.CharField(max_length=40, editable=False)
    round = models.SmallIntegerField(editable=False, default=1)
    done_on = models.DateField(_("学完日期"))

    class Meta:
        verbose_name = _("学习进度")
        constraints = [
            models.UniqueConstraint(
                fields=["by_account", "course_org", "course_key", "round", "lesson_key"],
                name="lesson_done_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.course_key} {self.lesson_key}"


class Completion(Record):
    """A whole course learned: `occurred_on` is the day of its last lesson; `org` the class of a child."""

    kind_key: ClassVar[str] = "lesson_completion"

    course_org = models.BigIntegerField(editable=False)
    course_key = models.CharField(_("课程"), max_length=40, editable=False)
    round = models.SmallIntegerField(editable=False, default=1)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("course_org", "course_key", "round", "version"), "personal"),
        "by_staff": "personal",
    }

    class Meta:
        verbose_name = _("课程学完")
        constraints = [
            models.UniqueConstraint(
                fields=["by_account", "course_org", "course_key", "round"], name="completion_once"
            )
        ]

    def __str__(self) -> str:
        return self.course_key


class CompletionOf(models.Model):
    """As which guardian the account learned: it may be on file at several schools, once for each."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    completion = models.ForeignKey(Completion, models.CASCADE, related_name="guardians")
    by_account = models.BigIntegerField(null=True, editable=False)
    org = models.BigIntegerField(editable=False)
    guardian_id = models.UUIDField(editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("completion", "guardian_id"), "personal")

    class Meta:
        verbose_name = _("学完课程的监护人")
        constraints = [
            models.UniqueConstraint(fields=["completion", "guardian_id"], name="completion_guardian_once")
        ]
        indexes = [models.Index(fields=["guardian_id"], name="completion_guardian")]

    def __str__(self) -> str:
        return str(self.guardian_id)
