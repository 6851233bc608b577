"""What is kept of a home visit."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.directory.models import Enrolment, Student
from tongyu.records.models import Record


class Visitor(models.TextChoices):
    """Who of the school went; each is a fact of its own."""

    CLASS_TEACHER = "class_teacher", _("班主任")
    LEADER = "leader", _("学校领导")
    SUBJECT_TEACHER = "subject_teacher", _("任课教师")


class Met(models.TextChoices):
    """Whom the visitors met."""

    FATHER = "father", _("父亲")
    MOTHER = "mother", _("母亲")
    GRANDPARENT = "grandparent", _("祖父母")
    GUARDIAN = "guardian", _("其他监护人")
    PUPIL = "pupil", _("学生本人")


class Topic(models.TextChoices):
    """What is usually talked about; own words are stored as they are."""

    STUDY = "study", _("学习习惯")
    DEVICES = "devices", _("手机使用")
    MOOD = "mood", _("心理情绪")
    SAFETY = "safety", _("安全")
    HARDSHIP = "hardship", _("家庭困难")
    HEALTH = "health", _("身体健康")


class HomeVisit(Record):
    """One visit to one pupil's home, however many went along.

    `org` is the class the pupil was in on that day; `place` is the class the pupil is in now and follows the pupil
    (scoped foreign key), so that the receiving school sees that the visit was made.
    """

    kind_key = "home_visit"

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    student = models.ForeignKey(
        Student, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name=_("学生")
    )
    place = models.BigIntegerField(_("现在班级"), editable=False)
    visitors = ArrayField(models.CharField(max_length=16, choices=Visitor.choices), verbose_name=_("谁去的"))
    met = ArrayField(models.CharField(max_length=16, choices=Met.choices), verbose_name=_("见到了谁"))
    topics = ArrayField(models.CharField(max_length=20), blank=True, default=list, verbose_name=_("谈了什么"))
    co_bodies = ArrayField(models.BigIntegerField(), blank=True, default=list, verbose_name=_("一起去的单位"))
    line = EncryptedTextField(_("一句话记录"), max_length=300)
    follow_up = EncryptedTextField(_("需要跟进"), max_length=300, null=True, blank=True)
    follow_up_done_on = models.DateField(_("跟进完成日期"), null=True, blank=True)
    confirmed = models.BooleanField(_("家长确认"), null=True, editable=False)

    classified: ClassVar[dict[str, str]] = {
        "version": "public",
        **dict.fromkeys(
            ("by_staff", "enrolment", "place", "visitors", "co_bodies", "follow_up_done_on", "confirmed"),
            "personal",
        ),
        **dict.fromkeys(("met", "topics", "line", "follow_up"), "sensitive"),
    }

    class Meta:
        verbose_name = _("家访")
        ordering = ["-occurred_on", "-received_at"]
        indexes = [
            models.Index(fields=["student", "occurred_on"], name="visit_student_day"),
            models.Index(fields=["org", "occurred_on"], name="visit_org_day"),
            models.Index(fields=["place"], name="visit_place"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(visitors__len__gt=0) & Q(visitors__contained_by=[*Visitor.values]),
                name="visit_has_visitor",
            ),
            models.CheckConstraint(
                condition=Q(met__len__gt=0) & Q(met__contained_by=[*Met.values]), name="visit_met_somebody"
            ),
            models.CheckConstraint(
                condition=Q(follow_up_done_on__isnull=True) | Q(follow_up__isnull=False),
                name="visit_follow_up_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.occurred_on} {self.student_id}"

    @property
    def follow_up_open(self) -> bool:
        """True while something agreed at the visit is still to be done."""
        return self.follow_up is not None and self.follow_up_done_on is None

    @property
    def pupil_name(self) -> str:
        """The pupil's name; one who moved out of the reader's reach has none here."""
        try:
            return self.student.name
        except Student.DoesNotExist:
            return gettext("（已转出）")

    @property
    def topic_labels(self) -> list[str]:
        """What was talked about, known topics by their labels."""
        labels = dict(Topic.choices)
        return [str(labels.get(topic, topic)) for topic in self.topics]
