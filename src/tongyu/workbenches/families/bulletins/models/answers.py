"""The children a bulletin went to, and what their guardians did about it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models import Enrolment, Guardian, Student
from tongyu.workbenches.families.bulletins.models.bulletins import Bulletin
from tongyu.workbenches.families.bulletins.models.deciding import Act


class BulletinChild(models.Model):
    """One child whose family has the bulletin. `org` is the class on the day it was sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, db_index=False, related_name="rows")
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    student = models.ForeignKey(
        Student, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("学生")
    )
    org = models.BigIntegerField(_("班级"))

    classified: ClassVar[dict[str, str]] = {"bulletin": "public", "enrolment": "personal"}

    class Meta:
        verbose_name = _("通知的孩子")
        indexes = [models.Index(fields=["org"], name="bulletin_child_org")]
        constraints = [
            models.UniqueConstraint(fields=["bulletin", "student"], name="bulletin_child_once"),
        ]

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.student_id}"


class How(models.TextChoices):
    """How a family's answer reached the teacher who entered it."""

    PAPER = "paper", _("纸质回执")
    PHONE = "phone", _("电话")
    IN_PERSON = "in_person", _("当面")


class Answer(models.Model):
    """One thing one guardian did about one child's bulletin; inserted once, never changed (the application cannot).

    `number` is the guardian's own order; the latest decision stands. `how` says that a teacher entered it on the
    family's behalf, and how the family had told it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bulletin = models.ForeignKey(
        Bulletin, models.PROTECT, db_constraint=False, db_index=False, related_name="answers"
    )
    child = models.ForeignKey(BulletinChild, models.PROTECT, db_constraint=False, related_name="answers")
    student = models.ForeignKey(
        Student, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    org = models.BigIntegerField()
    guardian = models.ForeignKey(Guardian, models.PROTECT, db_index=False, related_name="+")
    number = models.SmallIntegerField()
    act_done = models.CharField(_("答复"), max_length=12, choices=Act.choices)
    how = models.CharField(_("代为登记"), max_length=12, choices=How.choices, blank=True)
    note = models.CharField(_("说明"), max_length=120, blank=True)
    by_account = models.BigIntegerField(editable=False)
    by_role = models.CharField(max_length=32, editable=False)
    at = models.DateTimeField(_("时间"))

    classified: ClassVar[dict[str, str]] = {
        "bulletin": "public",
        **dict.fromkeys(("child", "number", "act_done", "how", "note"), "personal"),
    }

    class Meta:
        verbose_name = _("通知答复")
        ordering = ["number"]
        indexes = [models.Index(fields=["bulletin", "org"], name="answer_bulletin_org")]
        constraints = [
            models.UniqueConstraint(fields=["child", "guardian", "number"], name="answer_in_order"),
            models.UniqueConstraint(
                fields=["child", "guardian", "act_done"],
                condition=Q(act_done__in=[Act.READ, Act.CONFIRM]),
                name="answer_read_and_confirmed_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.child_id} {self.act_done}"
