"""What passes between the school and the families about one event: answers, taps at the door, who was told after."""

from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models import Guardian, Student
from tongyu.workbenches.gatherings.events.models.events import Event
from tongyu.workbenches.gatherings.events.models.participation import How


class Says(models.TextChoices):
    """What a guardian answers to an invitation."""

    COME = "come", _("我来")
    OTHER = "other", _("别的家人来")
    NO = "no", _("来不了")


class ToldBy(models.TextChoices):
    """How an answer reached the school when the guardian did not give it on the own phone."""

    SELF = "", _("家长自己回复")
    PHONE = "phone", _("电话")
    FACE = "face", _("当面")
    SLIP = "slip", _("回执")


class Way(models.TextChoices):
    """How a family that was not there was told what the meeting was about."""

    PHONE = "phone", _("电话")
    VISIT = "visit", _("上门")
    PAPER = "paper", _("纸质通知")


def of_event() -> Any:
    """The event of a row. `org` beside it is the class, at that time, of the pupil: it stays when the pupil moves."""
    return models.ForeignKey(Event, models.CASCADE, related_name="+")


def of_pupil() -> Any:
    """The pupil of a row."""
    return models.ForeignKey(Student, models.PROTECT, related_name="+")


class FamilyAnswer(models.Model):
    """What one guardian answered for one child. Two guardians' answers stand side by side, never one over the other."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = of_event()
    org = models.BigIntegerField()
    student = of_pupil()
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="+")
    says = models.CharField(_("回复"), max_length=8, choices=Says.choices)
    told_by = models.CharField(_("回复方式"), max_length=8, choices=ToldBy.choices, blank=True)
    by_account = models.BigIntegerField()
    at = models.DateTimeField()

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("event", "says", "told_by"), "personal")

    class Meta:
        verbose_name = _("家长回复")
        indexes = [models.Index(fields=["event", "org"], name="familyanswer_event_org")]
        constraints = [
            models.UniqueConstraint(fields=["event", "student", "guardian"], name="familyanswer_once")
        ]

    def __str__(self) -> str:
        return self.says


class SignInTap(models.Model):
    """One tap on the list at the door, under the id that the page made: sent twice, it counts once.

    A tap is never changed; what it changed is the pupil's `Participation`. `tapped_at` is what the phone's clock
    said and decides nothing.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    event = of_event()
    org = models.BigIntegerField()
    student = of_pupil()
    attended = models.BooleanField(_("到场"), null=True)
    how = models.CharField(max_length=8, choices=How.choices, default=How.LIST)
    tapped_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    by_account = models.BigIntegerField()

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("event", "attended", "how", "tapped_at"), "personal"
    )

    class Meta:
        verbose_name = _("签到点击")
        indexes = [models.Index(fields=["event", "org"], name="signintap_event_org")]

    def __str__(self) -> str:
        return f"{self.student_id} {self.attended}"


class FollowUp(models.Model):
    """A family that was not at the meeting and was told about it afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = of_event()
    org = models.BigIntegerField()
    student = of_pupil()
    way = models.CharField(_("告知方式"), max_length=8, choices=Way.choices)
    by_account = models.BigIntegerField()
    at = models.DateTimeField()

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("event", "way"), "personal")

    class Meta:
        verbose_name = _("会后告知")
        indexes = [models.Index(fields=["event", "org"], name="followup_event_org")]
        constraints = [models.UniqueConstraint(fields=["event", "student"], name="followup_once")]

    def __str__(self) -> str:
        return self.way
