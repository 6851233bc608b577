"""One note to the parents of one child."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models import Enrolment
from tongyu.records.models import PupilRecord

LONGEST = 100


class Category(models.TextChoices):
    """What the note is for; the positive stands first wherever they are listed."""

    PRAISE = "praise", _("表扬")
    LEARNING = "learning", _("学习")
    REMINDER = "reminder", _("提醒")

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return {"praise": "green", "learning": "blue", "reminder": "amber"}[self.value]

    @property
    def place(self) -> int:
        """Its place in the order of reading."""
        return list(Category).index(self)


class DailyNote(PupilRecord):
    """One line about one child on one day. Lines that were saved with one tap share their `batch`."""

    kind_key = "daily_note"

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    category = models.CharField(_("类别"), max_length=10, choices=Category.choices)
    line = EncryptedTextField(_("内容"), max_length=LONGEST)
    batch = models.UUIDField(default=uuid7, editable=False)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("version", "batch"), "public"),
        **dict.fromkeys(("by_staff", "enrolment", "place", "category", "line"), "personal"),
    }

    class Meta:
        verbose_name = _("日常表现")
        ordering = ["-occurred_on", "-received_at", "id"]
        indexes = [
            models.Index(fields=["student", "occurred_on"], name="note_student_day"),
            models.Index(fields=["org", "occurred_on"], name="note_org_day"),
            models.Index(fields=["place"], name="note_place"),
            models.Index(fields=["batch"], name="note_batch"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(category__in=[*Category.values]), name="note_category_known"
            ),
        ]

    @property
    def tone(self) -> str:
        """The colour of the category's badge."""
        return Category(self.category).tone
