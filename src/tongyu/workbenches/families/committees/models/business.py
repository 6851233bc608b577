"""What a committee does between elections: meetings with an agenda, decisions as tasks, proposals with an answer."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.workbenches.families.committees.models.committee import Committee


class Meeting(models.Model):
    """A meeting of the committee: its agenda before, its minutes afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="meetings", db_constraint=False)
    org = models.BigIntegerField(editable=False)
    held_on = models.DateField(_("会议日期"))
    agenda = models.TextField(_("议题"), max_length=2000, help_text=_("一行一项"))
    minutes = models.TextField(_("会议纪要"), max_length=4000, blank=True)
    by_account = models.BigIntegerField(editable=False)
    entered_at = models.DateTimeField(editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("committee", "held_on", "agenda", "minutes"), "personal"
    )

    class Meta:
        verbose_name = _("家委会会议")
        ordering = ["-held_on", "-id"]
        indexes = [models.Index(fields=["org", "-held_on"], name="meeting_org")]
        constraints = [models.UniqueConstraint(fields=["id", "org"], name="meeting_id_org")]

    def __str__(self) -> str:
        return str(self.held_on)

    @property
    def items(self) -> list[str]:
        """The agenda, item by item."""
        return [line.strip() for line in self.agenda.splitlines() if line.strip()]


class Decision(models.Model):
    """What was decided, as a task: who does it, until when, and since when it is done.

    Of a member elected here it is known who that is: then the task stands on the member's own home page.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="decisions", db_constraint=False)
    meeting = models.ForeignKey(
        Meeting, models.CASCADE, null=True, related_name="decisions", db_constraint=False
    )
    org = models.BigIntegerField(editable=False)
    text = models.CharField(_("决定"), max_length=300)
    who = models.CharField(_("谁来办"), max_length=60, blank=True)
    due_on = models.DateField(_("什么时候前办好"), null=True, blank=True)
    done_on = models.DateField(_("办好日期"), null=True, blank=True)
    done_words = models.CharField(_("办理情况"), max_length=300, blank=True)
    guardian_id = models.UUIDField(null=True, editable=False)
    student_id = models.UUIDField(null=True, editable=False)
    by_account = models.BigIntegerField(editable=False)
    entered_at = models.DateTimeField(editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "committee meeting text who due_on done_on done_words guardian_id student_id".split(), "personal"
    )

    class Meta:
        verbose_name = _("家委会决定")
        ordering = ["-entered_at", "-id"]
        indexes = [models.Index(fields=["org", "done_on"], name="decision_org")]

    def __str__(self) -> str:
        return self.text


class Proposal(models.Model):
    """What a guardian proposes to the committee; the chair or the school answers, by `due_on`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="proposals", db_constraint=False)
    org = models.BigIntegerField(editable=False)
    name = models.CharField(_("提出人"), max_length=60)
    text = models.CharField(_("建议"), max_length=500)
    by_account = models.BigIntegerField(editable=False)
    entered_at = models.DateTimeField(editable=False)
    entered_on = models.DateField(editable=False)
    due_on = models.DateField(_("答复期限"), editable=False)
    answer = models.CharField(_("答复"), max_length=500, blank=True)
    answered_on = models.DateField(null=True, editable=False)
    answered_by = models.BigIntegerField(null=True, editable=False)
    answered_as = models.CharField(
        _("谁答复的"),
        max_length=8,
        blank=True,
        choices=[("chair", _("家委会主任")), ("school", _("学校"))],
        editable=False,
    )

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "committee text due_on answer answered_on answered_by answered_as".split(), "personal"
    )

    class Meta:
        verbose_name = _("给家委会的建议")
        ordering = ["-entered_at", "-id"]
        indexes = [models.Index(fields=["org", "answered_on"], name="proposal_org")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="")
                | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="proposal_answer_is_dated",
            )
        ]

    def __str__(self) -> str:
        return self.text
