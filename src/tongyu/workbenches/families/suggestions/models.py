"""A guardian's suggestion to the school, and the school's answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.records.models import Record


class Category(models.TextChoices):
    """What it is about; the last is an offer to share with other parents."""

    TEACHING = "teaching", _("教学和作业")
    SAFETY = "safety", _("安全和接送")
    MEALS = "meals", _("吃饭和住宿")
    ACTIVITY = "activity", _("活动和课后")
    CONTACT = "contact", _("家校联系")
    PLACE = "place", _("校园和设施")
    EXPERIENCE = "experience", _("我想分享带孩子的经验")
    OTHER = "other", _("别的")


class Status(models.TextChoices):
    """Whether the school has answered; derived."""

    OPEN = "open", _("待答复")
    ANSWERED = "answered", _("已答复")


class Suggestion(Record):
    """What a guardian writes to the school `org`: not to a class, so no teacher of one reads it.

    No child is named. `writer` is known to the school's leader; other families see it only when `named`.
    """

    kind_key: ClassVar[str] = "suggestion"

    hi = models.BigIntegerField(editable=False)
    category = models.CharField(_("关于什么"), max_length=12, choices=Category.choices)
    text = models.TextField(_("您的建议"), max_length=1000)
    writer = models.CharField(_("谁写的"), max_length=60, editable=False)
    named = models.BooleanField(_("公开时写我的名字"), default=False)
    may_publish = models.BooleanField(_("可以给其他家长看"), default=False)
    due_on = models.DateField(_("答复期限"), null=True, blank=True, editable=False)
    answer = models.TextField(_("学校答复"), max_length=2000, blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.BigIntegerField(null=True, blank=True)
    published_at = models.DateTimeField(_("公开时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            "hi category named may_publish due_on answered_on answered_at published_at version".split(),
            "public",
        ),
        **dict.fromkeys("text writer answer answered_by by_staff".split(), "personal"),
    }

    class Meta:
        verbose_name = _("献策")
        ordering = ["-received_at", "-id"]
        indexes = [
            models.Index(fields=["org", "-received_at"], name="suggestion_org"),
            models.Index(fields=["by_account"], name="suggestion_writer"),
            models.Index(
                fields=["org", "due_on"],
                condition=Q(answered_at__isnull=True, withdrawn_at__isnull=True),
                name="suggestion_waiting",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_on__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_on__isnull=False) & ~Q(answer="")),
                name="suggestion_answer_whole",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(may_publish=True, answered_at__isnull=False),
                name="suggestion_published_with_leave",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]

    @property
    def status(self) -> Status:
        """Answered or open."""
        return Status.ANSWERED if self.answered_at else Status.OPEN
