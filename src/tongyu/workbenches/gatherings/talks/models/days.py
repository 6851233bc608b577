"""What a school offers: a day, the teachers who receive, for which classes or children, and their slots.

`[lo, hi)` beside `org` is the school in every table of the room: teachers of any of its classes see what is offered.
"""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models import Staff, Student

PUBLIC = "public"


class TalkDay(models.Model):
    """One day on which teachers of the school receive families. `org` is the school, or the class that offers it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    title = models.CharField(_("名称"), max_length=60)
    day = models.DateField(_("日期"))
    closes_at = models.DateTimeField(_("预约和改约截止"))
    place = models.CharField(_("地点"), max_length=80, blank=True)
    line = models.CharField(_("给家长的话"), max_length=200, blank=True)
    made_at = models.DateTimeField()
    by_account = models.BigIntegerField()
    by_role = models.CharField(max_length=32)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys("lo hi title day closes_at place line made_at cancelled_at".split(), PUBLIC),
        "cancel_reason": "personal",
    }

    class Meta:
        verbose_name = _("面谈日")
        ordering = ["-day", "-id"]
        indexes = [models.Index(fields=["lo", "-day"], name="talkday_school_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="talkday_cancelled_with_reason",
            ),
            models.CheckConstraint(condition=Q(org__gte=F("lo"), org__lt=F("hi")), name="talkday_in_school"),
        ]

    def __str__(self) -> str:
        return self.title


class TalkDesk(models.Model):
    """One teacher who receives on that day. The name stands here, because families read no other row of staff."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    day = models.ForeignKey(TalkDay, models.CASCADE, related_name="desks")
    org = models.BigIntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("老师"))
    staff_account = models.BigIntegerField(null=True)
    name = models.CharField(_("老师"), max_length=60)
    room = models.CharField(_("地点"), max_length=40, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("day", "lo", "hi", "room"), PUBLIC),
        "staff_account": "personal",
    }

    class Meta:
        verbose_name = _("接待老师")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["day", "staff"], name="talkdesk_once")]

    def __str__(self) -> str:
        return self.name


class TalkClass(models.Model):
    """Whom a teacher receives: the families of a class or grade `[lo, hi)`, or of single children."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey(TalkDesk, models.CASCADE, related_name="classes")
    org = models.BigIntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    student = models.ForeignKey(Student, models.PROTECT, null=True, blank=True, related_name="+")

    classified: ClassVar[dict[str, str]] = {**dict.fromkeys(("lo", "hi"), PUBLIC), "desk": PUBLIC}

    class Meta:
        verbose_name = _("受邀班级")
        ordering = ["lo"]
        constraints = [
            models.UniqueConstraint(
                fields=["desk", "lo", "hi", "student"], nulls_distinct=False, name="talkclass_once"
            ),
            models.CheckConstraint(condition=Q(hi__gt=F("lo")), name="talkclass_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.lo}–{self.hi}"


class TalkSlot(models.Model):
    """A stretch of one teacher's time. Free when it is neither booked nor blocked; who booked, a slot does not say.

    That one teacher's slots never overlap is a constraint of the database, across days and whoever made them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    desk = models.ForeignKey(TalkDesk, models.CASCADE, related_name="slots")
    org = models.BigIntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    staff_account = models.BigIntegerField(null=True)
    starts_at = models.DateTimeField(_("开始"))
    ends_at = models.DateTimeField(_("结束"))
    booked = models.BooleanField(_("已约"), default=False)
    blocked = models.BooleanField(_("不接待"), default=False)
    closed = models.BooleanField(_("已取消"), default=False)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys("desk lo hi starts_at ends_at booked blocked closed".split(), PUBLIC),
        "staff_account": "personal",
    }

    class Meta:
        verbose_name = _("面谈时段")
        ordering = ["starts_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="talkslot_not_empty"),
            models.CheckConstraint(condition=Q(booked=False) | Q(blocked=False), name="talkslot_one_state"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_at:%H:%M}"

    @property
    def is_free(self) -> bool:
        """Whether a family may take it."""
        return not (self.booked or self.blocked or self.closed)
