"""Who was there: yes, no, or not recorded."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models import Guardian, Staff, Student
from tongyu.workbenches.gatherings.events.models.events import Event


class How(models.TextChoices):
    """By which way the sign-in came."""

    LIST = "list", _("名单")
    QR = "qr", _("扫码")
    PAPER = "paper", _("纸质名单")


class Participation(models.Model):
    """One person at one event. `org` is the pupil's class (also for the guardian), or the body of the staff member.

    `attended` is three-valued: None says that nobody recorded it, which is not an absence. A row of a pupil without
    a guardian is the pupil's own, or (`family`) says that somebody of the pupil's family was there, no matter who.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    event = models.ForeignKey(Event, models.CASCADE, related_name="participations")
    org = models.BigIntegerField()
    student = models.ForeignKey(Student, models.PROTECT, null=True, blank=True, related_name="+")
    guardian = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True, related_name="+")
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+")
    family = models.BooleanField(_("家里来人"), default=False, db_default=False)
    attended = models.BooleanField(_("到场"), null=True, blank=True)
    hours = models.DecimalField(
        _("时长（小时）"),
        max_digits=5,
        decimal_places=1,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(999)],
    )
    how = models.CharField(max_length=8, choices=How.choices, default=How.LIST)
    by_account = models.BigIntegerField()
    at = models.DateTimeField(auto_now=True)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("event", "family", "attended", "hours", "how"), "personal"
    )

    class Meta:
        verbose_name = _("参加情况")
        indexes = [
            models.Index(fields=["event", "org"], name="participation_event_org"),
            models.Index(fields=["org"], name="participation_org"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(student__isnull=False, staff__isnull=True)
                | Q(student__isnull=True, guardian__isnull=True, staff__isnull=False),
                name="participation_one_person",
            ),
            models.UniqueConstraint(
                fields=["event", "student"],
                condition=Q(guardian__isnull=True, family=False),
                name="participation_student_once",
            ),
            models.UniqueConstraint(
                fields=["event", "student"], condition=Q(family=True), name="participation_family_once"
            ),
            models.CheckConstraint(
                condition=Q(family=False) | Q(student__isnull=False, guardian__isnull=True),
                name="participation_family_is_of_pupil",
            ),
            models.UniqueConstraint(
                fields=["event", "student", "guardian"],
                condition=Q(guardian__isnull=False),
                name="participation_guardian_once",
            ),
            models.UniqueConstraint(
                fields=["event", "staff"], condition=Q(staff__isnull=False), name="participation_staff_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.student_id or self.staff_id)
