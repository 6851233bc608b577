"""A pupil who moves: to another class, another school of the county, out of the county, or into it."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models.people import Student


class TransferKind(models.TextChoices):
    """Where the pupil goes."""

    WITHIN = "within", _("校内调班")
    BETWEEN = "between", _("县内转学")
    AWAY = "away", _("转出县外")
    ARRIVAL = "arrival", _("县外转入")


class TransferState(models.TextChoices):
    """Where the move stands. Only `proposed` and `agreed` are open."""

    PROPOSED = "proposed", _("等接收学校确认")
    AGREED = "agreed", _("已确认，到日子办理")
    DONE = "done", _("已办好")
    DECLINED = "declined", _("接收学校退回")
    WITHDRAWN = "withdrawn", _("已撤回")
    STOPPED = "stopped", _("没有办成")


OPEN = (TransferState.PROPOSED, TransferState.AGREED)
ENDED = (TransferState.DECLINED, TransferState.WITHDRAWN, TransferState.STOPPED)
SCHOOL = codes.WIDTH[BodyKind.SCHOOL]


class Transfer(models.Model):
    """One move of one pupil. The place itself changes on `day`, and only there (`directory.transfers.carrying`).

    `org` is the class that has the pupil when the move begins (of an arrival the class it comes to), so that the
    school that proposed it keeps seeing it. `name` is there only while the move is open, for the school that does
    not see the pupil yet: afterwards whoever has the pupil sees the name, and nobody else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("去向"), max_length=8, choices=TransferKind.choices)
    org = models.BigIntegerField(_("原班级"))
    student = models.ForeignKey(Student, models.PROTECT, related_name="transfers", verbose_name=_("学生"))
    name = models.CharField(_("姓名"), max_length=60, blank=True)
    to_school = models.BigIntegerField(_("转入学校"), null=True, blank=True)
    to_class = models.BigIntegerField(_("转入班级"), null=True, blank=True)
    wish = models.BigIntegerField(_("希望的班级"), null=True, blank=True)
    elsewhere = models.CharField(_("县外学校"), max_length=80, blank=True)
    day = models.DateField(_("转学日期"))
    reason = models.CharField(_("原因"), max_length=120)
    state = models.CharField(
        _("状态"), max_length=12, choices=TransferState.choices, default=TransferState.PROPOSED
    )
    by_account = models.BigIntegerField(_("发起账号"), editable=False)
    entered_at = models.DateTimeField(_("发起时间"))
    confirmed_by = models.BigIntegerField(_("确认账号"), null=True, editable=False)
    confirmed_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("办好时间"), null=True, blank=True)
    ended_by = models.BigIntegerField(_("终止账号"), null=True, editable=False)
    """Who declined or withdrew; nobody when the day's work itself found an obstacle."""
    ended_at = models.DateTimeField(_("终止时间"), null=True, blank=True)
    ended_reason = models.CharField(_("终止原因"), max_length=200, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("to_school", "to_class", "wish", "day", "state"), "public"),
        **dict.fromkeys(("confirmed_at", "done_at", "ended_at"), "public"),
        **dict.fromkeys(("elsewhere", "confirmed_by", "ended_by", "ended_reason"), "personal"),
    }

    class Meta:
        verbose_name = _("转学")
        indexes = [
            models.Index(fields=["org"], name="transfer_org"),
            models.Index(fields=["to_school", "state"], name="transfer_to_school"),
            models.Index(fields=["to_class"], name="transfer_to_class"),
            models.Index(fields=["day"], condition=Q(state="agreed"), name="transfer_due"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student"], condition=Q(state__in=["proposed", "agreed"]), name="transfer_one_open"
            ),
            models.CheckConstraint(
                condition=Q(kind="away", to_school__isnull=True, to_class__isnull=True)
                | (~Q(kind="away") & Q(to_school__isnull=False)),
                name="transfer_leads_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(to_class__isnull=True)
                | Q(to_class__gt=F("to_school"), to_class__lt=F("to_school") + SCHOOL),
                name="transfer_class_of_school",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "done"]) | Q(kind="away") | Q(to_class__isnull=False),
                name="transfer_agreed_has_class",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_at__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="transfer_confirmed_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | (~Q(state="done") & Q(done_at__isnull=True)),
                name="transfer_done_is_dated",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state__in=["declined", "withdrawn", "stopped"], ended_at__isnull=False)
                    & ~Q(ended_reason="")
                )
                | Q(state__in=["proposed", "agreed", "done"], ended_at__isnull=True, ended_reason=""),
                name="transfer_end_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["proposed", "agreed"]) | Q(name=""), name="transfer_name_while_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"

    @property
    def open(self) -> bool:
        """True while something is still to happen."""
        return self.state in OPEN
