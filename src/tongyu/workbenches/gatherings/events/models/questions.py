"""What parents ask before or after a meeting, and what the teacher answers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models import Guardian
from tongyu.workbenches.gatherings.events.models.families import of_event, of_pupil


class FamilyQuestion(models.Model):
    """A question of one guardian to the class teacher. Only the two of them and the school's leader read it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = of_event()
    org = models.BigIntegerField()
    student = of_pupil()
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="+")
    text = EncryptedTextField(_("问题"))
    asked_at = models.DateTimeField()
    by_account = models.BigIntegerField()
    answer = EncryptedTextField(_("答复"), null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.BigIntegerField(null=True)

    classified: ClassVar[dict[str, str]] = {
        "text": "sensitive",
        "answer": "sensitive",
        **dict.fromkeys(("event", "asked_at", "answered_at", "answered_by"), "personal"),
    }

    class Meta:
        verbose_name = _("家长提问")
        ordering = ["asked_at"]
        indexes = [models.Index(fields=["event", "org"], name="familyquestion_event_org")]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer__isnull=True, answered_at__isnull=True, answered_by__isnull=True)
                | Q(answer__isnull=False, answered_at__isnull=False, answered_by__isnull=False),
                name="familyquestion_answered_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return str(self.pk)


class SharedAnswer(models.Model):
    """A question and its answer as the teacher shows them to all families of the class: without who asked.

    A row of its own, so that the database gives the other families nothing that names the asker.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = of_event()
    org = models.BigIntegerField()
    question = models.OneToOneField(FamilyQuestion, models.CASCADE, related_name="shared")
    text = models.CharField(_("问题"), max_length=300)
    answer = models.CharField(_("答复"), max_length=1000)
    by_account = models.BigIntegerField()
    at = models.DateTimeField()

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("event", "question", "text", "answer"), "personal")

    class Meta:
        verbose_name = _("给全班家长的答复")
        ordering = ["at"]
        indexes = [models.Index(fields=["event", "org"], name="sharedanswer_event_org")]

    def __str__(self) -> str:
        return self.text
