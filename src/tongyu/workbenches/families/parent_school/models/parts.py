"""What a parent school is given for a school year: team, place, teaching plan, activities."""

from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.records.models import Record


class PartKind(models.TextChoices):
    """The four parts that the plan names."""

    TEAM = "team", _("队伍")
    PLACE = "place", _("场所")
    PLAN = "plan", _("教学计划")
    ACTIVITY = "activity", _("活动")


class Part(Record):
    """One part of the parent school at the body `org` (a school, or a township), for the school year of its day.

    The same part again in the same school year is a new record beside the first; a person need not be named.
    """

    kind_key: ClassVar[str] = "parent_school"

    hi = models.BigIntegerField(editable=False)
    part = models.CharField(_("哪一项"), max_length=8, choices=PartKind.choices)
    line = models.TextField(_("内容"), max_length=1000)
    amount = models.IntegerField(
        _("数量"), null=True, blank=True, validators=[MinValueValidator(0), MaxValueValidator(9999)]
    )
    topics = models.JSONField(_("主题"), default=list, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("hi", "part", "amount", "topics", "version"), "public"),
        **dict.fromkeys(("line", "by_staff"), "personal"),
    }

    class Meta:
        verbose_name = _("家长学校保障")
        ordering = ["-occurred_on", "-id"]
        indexes = [models.Index(fields=["org", "-occurred_on"], name="parent_school_org_day")]
        constraints = [
            models.UniqueConstraint(fields=["id", "org"], name="parent_school_part_id_org"),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__range=(0, 9999)), name="parent_school_amount"
            ),
        ]

    def __str__(self) -> str:
        return self.get_part_display()
