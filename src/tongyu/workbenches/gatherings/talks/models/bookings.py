"""Who talks with whom, and when: one booking for one child and one teacher."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models import Guardian, Student
from tongyu.workbenches.gatherings.talks.models.days import TalkDesk, TalkSlot


class Ended(models.TextChoices):
    """Why a booking stands no more."""

    FAMILY = "family", _("家长取消")
    CHANGED = "changed", _("家长改约")
    TEACHER = "teacher", _("老师取消")
    DAY = "day", _("面谈日取消")
    NO_RIGHT = "no_right", _("监护或在读情况变动")


class Booking(models.Model):
    """A guardian's appointment about one child. `org` is the child's class when it was made and stays so.

    Names stand here as they were then: the teacher's list needs no other row, and stays whole when a child leaves.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slot = models.ForeignKey(TalkSlot, models.CASCADE, related_name="bookings")
    desk = models.ForeignKey(TalkDesk, models.CASCADE, related_name="+")
    org = models.BigIntegerField()
    staff_account = models.BigIntegerField(null=True)
    student = models.ForeignKey(Student, models.PROTECT, related_name="+")
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="+")
    name = models.CharField(_("学生"), max_length=60)
    who = models.CharField(_("家长"), max_length=80)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    wish = EncryptedTextField(_("想谈什么"), null=True, blank=True)
    booked_at = models.DateTimeField(_("预约时间"))
    by_account = models.BigIntegerField()
    ended_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    ended_by = models.BigIntegerField(null=True)
    ended = models.CharField(_("取消原因"), max_length=12, choices=Ended.choices, blank=True)
    ended_line = models.CharField(_("说明"), max_length=200, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            "slot desk staff_account who starts_at ends_at booked_at ended_at ended_by ended ended_line".split(),
            "personal",
        ),
        "wish": "sensitive",
    }

    class Meta:
        verbose_name = _("面谈预约")
        ordering = ["starts_at", "id"]
        indexes = [
            models.Index(fields=["org"], name="booking_org"),
            models.Index(fields=["student", "guardian"], name="booking_student_guardian"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["slot"], condition=Q(ended_at__isnull=True), name="booking_one_a_slot"
            ),
            models.UniqueConstraint(
                fields=["desk", "student"], condition=Q(ended_at__isnull=True), name="booking_one_a_child"
            ),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="booking_not_empty"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended="") | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="booking_ended_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.starts_at}"
