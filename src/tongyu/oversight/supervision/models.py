"""What the office sent, to whom it went on, how it ended; and the lines of a body's daily digest."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.plan.models import Obligation


class SupervisionNotice(models.Model):
    """A notice to one body about duties that lag. `begins_on` is a school day; before it nobody hears of it."""

    id = models.UUIDField(primary_key=True, editable=False)
    org = models.BigIntegerField(_("督办对象"), editable=False)
    batch = models.UUIDField(editable=False)
    by_account = models.BigIntegerField(editable=False)
    sent_at = models.DateTimeField(_("发出时间"), editable=False)
    begins_on = models.DateField(_("送达日期"), editable=False)
    deadline = models.DateField(_("期限"), editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys("batch sent_at begins_on deadline".split(), "public")

    class Meta:
        verbose_name = _("督办")
        indexes = [
            models.Index(fields=["org", "-begins_on"], name="notice_org"),
            models.Index(fields=["batch"], name="notice_batch"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(deadline__gt=F("begins_on")), name="notice_gives_time"),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.deadline}"


class Ending(models.TextChoices):
    """How an item ended; always found by the engine's standings, never ticked."""

    CLEARED = "cleared", _("已办结")
    LAPSED = "lapsed", _("期满未落实")
    GONE = "gone", _("不再要求")


class NoticeItem(models.Model):
    """One obligation in one window that the body bears. `org` is who is addressed, `bearer` whose duties they are.

    They differ for what the county itself owes: the office speaks for it. The steps are days: to the body when the
    notice begins, to the `accountables`, to the `supervisor`.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    notice = models.ForeignKey(SupervisionNotice, models.PROTECT, related_name="items")
    org = models.BigIntegerField(editable=False)
    bearer = models.BigIntegerField(editable=False)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="+", verbose_name=_("责任事项"))
    period_key = models.CharField(max_length=16, editable=False)
    missing_then = models.IntegerField(editable=False)
    behind_then = models.IntegerField(editable=False)
    done_then = models.IntegerField(editable=False)
    accountables = ArrayField(models.BigIntegerField(), default=list, editable=False)
    accountable_on = models.DateField(null=True, editable=False)
    supervisor = models.BigIntegerField(null=True, editable=False)
    supervisor_on = models.DateField(null=True, editable=False)
    answered_on = models.DateField(_("开始有记录"), null=True, editable=False)
    closed_on = models.DateField(_("办结日期"), null=True, editable=False)
    ending = models.CharField(max_length=8, choices=Ending.choices, blank=True, default="", editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "notice bearer obligation period_key missing_then behind_then done_then accountables accountable_on"
        " supervisor supervisor_on answered_on closed_on ending".split(),
        "public",
    )

    class Meta:
        verbose_name = _("督办事项")
        indexes = [models.Index(fields=["org", "obligation"], name="notice_item_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["bearer", "obligation", "period_key"],
                condition=Q(closed_on=None),
                name="notice_item_open_once",
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, ending="")
                | (Q(closed_on__isnull=False) & Q(ending__in=Ending.values)),
                name="notice_item_ending",
            ),
            models.CheckConstraint(
                condition=Q(supervisor_on=None)
                | Q(accountable_on=None)
                | Q(supervisor_on__gt=F("accountable_on")),
                name="notice_item_steps_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.obligation_id} {self.period_key}"

    @property
    def lagged(self) -> int:
        """How many duties lagged when the notice was sent."""
        return self.missing_then + self.behind_then

    @property
    def chain(self) -> list[str]:
        """The steps after the body itself, in order: those for which there is somebody."""
        return [
            name
            for name, there in (("accountable", self.accountables), ("supervisor", self.supervisor))
            if there
        ]


class WordKind(models.TextChoices):
    """Why a body is told something."""

    NOTICE = "notice", _("督办")
    ACCOUNTABLE = "accountable", _("逾期，请督促")
    SUPERVISOR = "supervisor", _("逾期，已到督办部门")
    PACE = "pace", _("落后于进度")


class DigestWord(models.Model):
    """One thing that a body is to be told, once; a digest carries it (`told_on`).

    Found by the engine's counts and the items of notices, so it can be made again: not audited. `item` and `notice`
    are no foreign keys: those who answer for a body are told of items that are not theirs.
    """

    id = models.BigAutoField(primary_key=True)
    org = models.BigIntegerField()
    kind = models.CharField(max_length=12, choices=WordKind.choices)
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    period_key = models.CharField(max_length=16)
    bearer = models.BigIntegerField()
    item = models.UUIDField(null=True)
    notice = models.UUIDField(null=True)
    due_on = models.DateField()
    since = models.DateField()
    told_on = models.DateField(null=True)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "obligation period_key bearer item notice due_on since told_on".split(), "public"
    )

    class Meta:
        verbose_name = _("待告知事项")
        indexes = [models.Index(fields=["org", "told_on"], name="digest_word_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "org"], condition=Q(item__isnull=False), name="digest_word_of_item"
            ),
            models.UniqueConstraint(
                fields=["org", "obligation", "period_key", "since"],
                condition=Q(kind="pace"),
                name="digest_word_of_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.kind} {self.since}"


class Digest(models.Model):
    """That a body was told on a day, at most once; its words are those told on it. A channel may carry it further."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField()
    day = models.DateField()
    made_at = models.DateTimeField()

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("day", "made_at"), "public")

    class Meta:
        verbose_name = _("每日提醒")
        constraints = [models.UniqueConstraint(fields=["org", "day"], name="digest_once_a_day")]

    def __str__(self) -> str:
        return f"{self.org} {self.day}"
