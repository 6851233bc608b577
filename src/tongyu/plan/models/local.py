"""What a county adds to its edition: its office numbers of its own, and how it reads words that are not clear; a
school stricter numbers for itself."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.plan.models.edition import Clause, Obligation, Plan


class LocalNumber(models.Model):
    """An own value of one number of the plan, days `[valid_from, until_day)`. Never overwritten or deleted.

    One that is withdrawn before its first day, or from it, is empty. The places are `[org, hi)`: the county, set by its
    office; or one school, set by its leader, which holds only while it asks more than what holds there without.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField()
    hi = models.BigIntegerField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="local_numbers")
    key = models.CharField(max_length=60)
    value: Any = models.JSONField()
    valid_from = models.DateField(_("自哪天起"))
    until_day = models.DateField(_("到哪天止"), null=True, blank=True)
    paper = models.CharField(_("文号"), max_length=60)
    paper_date = models.DateField(_("文件日期"))
    reason = models.CharField(_("理由"), max_length=200)
    by_account = models.BigIntegerField(editable=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    ended_by = models.BigIntegerField(null=True, editable=False)
    ended_reason = models.CharField(_("撤回原因"), max_length=200, blank=True, default="")
    carried_from = models.UUIDField(null=True, editable=False)
    """the row of the edition before that this one goes on from"""

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            "hi plan key value valid_from paper paper_date reason carried_from ended_reason".split(), "public"
        ),
        "ended_by": "personal",
    }

    class Meta:
        verbose_name = _("本县数值")
        indexes = [models.Index(fields=["org", "plan", "key"], name="local_number_place")]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "plan", "key", "valid_from"],
                condition=Q(until_day__isnull=True) | Q(until_day__gt=F("valid_from")),
                name="local_number_day",
            ),
            models.CheckConstraint(condition=Q(hi__gt=F("org")), name="local_number_range"),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_reason="", until_day__isnull=True)
                | (
                    Q(ended_by__isnull=False, until_day__isnull=False, until_day__gte=F("valid_from"))
                    & ~Q(ended_reason="")
                ),
                name="local_number_end_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"

    @property
    def of_school(self) -> bool:
        """True when a school has set it for itself."""
        return self.org != codes.containing(self.org, BodyKind.COUNTY)


class OfficeReading(models.Model):
    """How the county's office reads words that are not clear, from a day until its next reading of the same words.

    It confirms the edition's reading as it stands (then it needs no paper), or writes its own. Never overwritten.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField()
    hi = models.BigIntegerField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="office_readings")
    clause = models.ForeignKey(Clause, models.PROTECT, related_name="+")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="+", null=True)
    kind = models.CharField(max_length=20)
    words = models.TextField()
    reading = models.CharField(_("怎样理解"), max_length=300)
    confirmed = models.BooleanField(default=False)
    paper = models.CharField(_("文号"), max_length=60, blank=True, default="")
    paper_date = models.DateField(_("文件日期"), null=True, blank=True)
    valid_from = models.DateField(_("自哪天起"))
    by_account = models.BigIntegerField(editable=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    carried_from = models.UUIDField(null=True, editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "hi plan clause obligation words reading confirmed paper paper_date valid_from carried_from".split(),
        "public",
    )

    class Meta:
        verbose_name = _("办公室的解释")
        indexes = [models.Index(fields=["org", "plan"], name="office_reading_place")]
        constraints = [
            models.CheckConstraint(condition=Q(hi__gt=F("org")), name="office_reading_range"),
            models.CheckConstraint(
                condition=Q(confirmed=True, paper="", paper_date__isnull=True)
                | (Q(confirmed=False, paper_date__isnull=False) & ~Q(paper="")),
                name="office_reading_has_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.reading
