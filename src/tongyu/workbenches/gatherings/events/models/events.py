"""An event, whom it was for and who organised it."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.records.models import Record
from tongyu.workbenches.gatherings.events.models.types import BY_KEY, choices

MOST_PEOPLE = 100_000


class Organizer(models.TextChoices):
    """In which capacity a body organised: the word a plan filters by."""

    COMMITTEE = "committee", _("家委会")
    SCHOOL = "school", _("学校")
    DEPARTMENT = "department", _("部门")
    TOWNSHIP = "township", _("乡镇")
    OFFICE = "office", _("协同育人办公室")


class Status(models.TextChoices):
    """Derived from what was said about the event, never stored."""

    PLANNED = "planned", _("计划中")
    HELD = "held", _("已举行")
    CANCELLED = "cancelled", _("已取消")


class Event(Record):
    """Any gathering. `occurred_on` is its day; until `held_at` says that it took place it proves nothing."""

    kind_key: ClassVar[str] = "event"

    type = models.CharField(_("活动类型"), max_length=32, choices=choices)
    title = models.CharField(_("活动名称"), max_length=80)
    starts_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ends_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=80, blank=True)
    with_parents = models.BooleanField(_("家长参加"), default=False)
    expected = models.IntegerField(
        _("预计人数"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_PEOPLE)],
    )
    participants = models.IntegerField(
        _("参加人数"),
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_PEOPLE)],
    )
    hours = models.DecimalField(
        _("时长（小时）"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999)],
    )
    summary = models.TextField(_("小结"), max_length=2000, blank=True)
    held_at = models.DateTimeField(_("确认举行的时间"), null=True, blank=True, editable=False)
    cancelled_at = models.DateTimeField(_("取消时间"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True, editable=False)
    invited_at = models.DateTimeField(_("邀请家庭的时间"), null=True, blank=True, editable=False)
    invitation = models.CharField(
        _("给家长的话"), max_length=200, blank=True, default="", db_default="", editable=False
    )
    shared_at = models.DateTimeField(_("小结给家长看的时间"), null=True, blank=True, editable=False)
    confirmed = models.BooleanField(_("家长确认"), null=True, editable=False)

    classified: ClassVar[dict[str, str]] = {
        "title": "personal",
        "summary": "personal",
        "cancel_reason": "personal",
        "invitation": "personal",
        "confirmed": "personal",
        **dict.fromkeys(
            "type starts_at ends_at place with_parents expected participants hours held_at cancelled_at "
            "invited_at shared_at".split(),
            "public",
        ),
        "by_staff": "personal",
        "version": "public",
    }

    class Meta:
        verbose_name = _("活动")
        ordering = ["-occurred_on", "-id"]
        indexes = [
            models.Index(fields=["org", "-occurred_on"], name="event_org_day"),
            models.Index(fields=["type", "occurred_on"], name="event_type_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["id", "org"], name="event_id_org"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=False, ends_at__gt=F("starts_at")),
                name="event_times_in_order",
            ),
            models.CheckConstraint(
                condition=Q(held_at__isnull=True) | Q(cancelled_at__isnull=True),
                name="event_held_or_cancelled",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancel_reason="")
                | (Q(cancelled_at__isnull=False) & ~Q(cancel_reason="")),
                name="event_cancelled_with_reason",
            ),
            models.CheckConstraint(
                condition=(Q(participants__isnull=True) | Q(participants__range=(0, MOST_PEOPLE)))
                & (Q(expected__isnull=True) | Q(expected__range=(0, MOST_PEOPLE))),
                name="event_people_in_range",
            ),
            models.CheckConstraint(
                condition=Q(invited_at__isnull=True) | Q(with_parents=True),
                name="event_invited_are_parents",
                violation_error_message=_("已经邀请了家长，不能改为家长不参加。"),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def status(self) -> Status:
        """Planned, held or cancelled."""
        if self.cancelled_at is not None:
            return Status.CANCELLED
        return Status.HELD if self.held_at is not None else Status.PLANNED

    @property
    def stands(self) -> bool:
        """Neither cancelled nor withdrawn."""
        return self.withdrawn_at is None and self.cancelled_at is None

    @property
    def type_name(self) -> str:
        """The type as people read it."""
        known = BY_KEY.get(self.type)
        return str(known.name) if known else self.type


class EventScope(models.Model):
    """A place the event was for: `[lo, hi)`. A class, a grade, a school, a township or the whole county."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="scopes")
    org = models.BigIntegerField()
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("event", "lo", "hi"), "public")

    class Meta:
        verbose_name = _("活动范围")
        ordering = ["lo"]
        indexes = [models.Index(fields=["lo", "hi"], name="eventscope_range")]
        constraints = [
            models.UniqueConstraint(fields=["event", "lo", "hi"], name="eventscope_once"),
            models.CheckConstraint(condition=Q(hi__gt=F("lo")), name="eventscope_not_empty"),
        ]

    def __str__(self) -> str:
        return f"{self.lo}–{self.hi}"


class EventOrganiser(models.Model):
    """A body that organised the event, as the first (`main`) or together with it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="organisers")
    org = models.BigIntegerField()
    body = models.BigIntegerField(_("组织单位"))
    word = models.CharField(_("身份"), max_length=16, choices=Organizer.choices)
    key = models.CharField(max_length=48)
    main = models.BooleanField(default=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("event", "body", "word", "key", "main"), "public")

    class Meta:
        verbose_name = _("组织单位")
        ordering = ["-main", "body"]
        indexes = [models.Index(fields=["body"], name="eventorganiser_body")]
        constraints = [
            models.UniqueConstraint(fields=["event", "body"], name="eventorganiser_once"),
            models.UniqueConstraint(fields=["event"], condition=Q(main=True), name="eventorganiser_one_main"),
        ]

    def __str__(self) -> str:
        return f"{self.body} {self.key}"
