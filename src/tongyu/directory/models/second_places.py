"""A pupil's second place beside the class: not an enrolment, so that the pupil counts once."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models.people import Student


class SecondPlaceMode(models.TextChoices):
    """Why a pupil is in two places at once."""

    INCLUSIVE_CLASS = "inclusive_class", _("随班就读")
    HOME_TEACHING = "home_teaching", _("送教上门")
    BOARDING = "boarding", _("寄宿")


class SecondPlace(models.Model):
    """A second place of a pupil for a time, `[from_day, until_day)`; decision 0006.

    `org` is the pupil's own class and follows the pupil. `place` is a class where its teacher needs to know the
    child (inclusive class, home teaching), and a school where only its leaders do (boarding). `name` is all that the
    second place is told, and follows the pupil's name.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = models.ForeignKey(
        Student, models.PROTECT, db_constraint=False, related_name="second_places", verbose_name=_("学生")
    )
    org = models.BigIntegerField(_("学籍班级"))
    place = models.BigIntegerField(_("第二就读地"))
    mode = models.CharField(_("方式"), max_length=16, choices=SecondPlaceMode.choices)
    name = models.CharField(_("姓名"), max_length=60)
    from_day = models.DateField(_("起"))
    until_day = models.DateField(_("止"), null=True, blank=True)
    by_account = models.BigIntegerField(_("登记账号"), editable=False)
    entered_at = models.DateTimeField(_("登记时间"))
    ended_by = models.BigIntegerField(_("结束账号"), null=True, editable=False)

    classified: ClassVar[dict[str, str]] = {
        "place": "personal",
        "mode": "sensitive",
        "ended_by": "personal",
    }

    class Meta:
        verbose_name = _("第二就读地")
        indexes = [
            models.Index(fields=["place"], name="second_place_place"),
            models.Index(fields=["org"], name="second_place_org"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gte=F("from_day")),
                name="second_place_in_order",
            ),
            models.UniqueConstraint(
                fields=["student", "mode"], condition=Q(until_day__isnull=True), name="second_place_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_mode_display()} {self.place}"
