"""What a closing keeps: the certificate, each duty's rule, hashes and frozen standings; and what differs since.

A restatement is a closing of a higher edition: it holds only what it changes. The application inserts and never
alters; that nobody else did is told by the chain (`closing.chain`).
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.duties.states import STATES
from tongyu.plan.models import Obligation


class Closing(models.Model):
    """One closed period of one county (edition 0), or restatement number `edition` of it.

    `[lo, hi)` is the county's range, `number` the place in the county's chain. `basis` holds what all duties rest on:
    plans, calendar, the engine's version, the audit's latest seal. `before` is the hash of the closing before.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lo = models.BigIntegerField()
    hi = models.BigIntegerField()
    number = models.IntegerField()
    period_key = models.CharField(max_length=16)
    edition = models.SmallIntegerField(default=0)
    first_on = models.DateField()
    end_on = models.DateField(help_text="exclusive")
    settled_on = models.DateField()
    closed_on = models.DateField(_("结账日期"))
    closed_at = models.DateTimeField()
    by_account = models.BigIntegerField()
    by_name = models.CharField(_("经办人"), max_length=60)
    reason = models.CharField(_("更正原因"), max_length=200, blank=True, default="")
    basis: Any = models.JSONField()
    counts: Any = models.JSONField()
    standings = models.IntegerField()
    changed = models.IntegerField(default=0)
    before = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("结账")
        ordering = ["lo", "number"]
        constraints = [
            models.UniqueConstraint(fields=["lo", "number"], name="closing_number"),
            models.UniqueConstraint(fields=["lo", "period_key", "edition"], name="closing_once"),
            models.CheckConstraint(condition=Q(edition=0) | ~Q(reason=""), name="closing_restated_why"),
            models.CheckConstraint(condition=Q(end_on__gt=F("first_on")), name="closing_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.period_key} {self.edition}"


class ClosedDuty(models.Model):
    """One obligation in one of its windows as it was closed or restated: the rule, and hashes of what it rests on.

    `lo` is the county. No person in it, so everybody may read it: the engine asks under every scope.
    """

    id = models.BigAutoField(primary_key=True)
    lo = models.BigIntegerField()
    closing = models.ForeignKey(Closing, models.PROTECT, related_name="duties")
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="+")
    period_key = models.CharField(max_length=16)
    period: Any = models.JSONField()
    rule: Any = models.JSONField()
    rule_hash = models.CharField(max_length=64)
    inputs: Any = models.JSONField()
    inputs_hash = models.CharField(max_length=64)
    counts: Any = models.JSONField()
    standings = models.IntegerField()
    standings_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("已结账的责任")
        constraints = [
            models.UniqueConstraint(fields=["closing", "obligation", "period_key"], name="closed_duty_once"),
        ]
        indexes = [models.Index(fields=["lo", "obligation", "period_key"], name="closed_duty_county")]

    def __str__(self) -> str:
        return f"{self.closing_id} {self.obligation_id} {self.period_key}"


class ClosedNumber(models.Model):
    """The numbers of one school with which a duty was closed there, where they were not the county's.

    `duty` is that of edition 0; the digest over all of a duty stands in its rule (`own`).
    """

    id = models.BigAutoField(primary_key=True)
    duty = models.ForeignKey(ClosedDuty, models.PROTECT, related_name="+")
    org = models.BigIntegerField()
    hi = models.BigIntegerField()
    parameters: Any = models.JSONField()

    classified: ClassVar[dict[str, str]] = dict.fromkeys("duty hi parameters".split(), "public")

    class Meta:
        verbose_name = _("结账时学校自己的数值")
        constraints = [
            models.UniqueConstraint(fields=["duty", "org"], name="closed_number_once"),
            models.CheckConstraint(condition=Q(hi__gt=F("org")), name="closed_number_range"),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.org}"


class Frozen(models.Model):
    """What a frozen standing and a difference from it have in common."""

    subject = models.UUIDField(null=True)
    org = models.BigIntegerField()
    bearer_org = models.BigIntegerField()
    gone = models.BooleanField(default=False)
    state = models.CharField(max_length=12)
    count = models.IntegerField()
    needed = models.IntegerField()
    met_on = models.DateField(null=True)
    why = models.CharField(max_length=24)
    detail = models.JSONField(null=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys("duty bearer_org gone seen_at".split(), "public"),
        **dict.fromkeys("subject state count needed met_on why detail".split(), "personal"),
    }

    class Meta:
        abstract = True


class ClosedStanding(Frozen):
    """A standing as it was closed; of a restatement only those that it changes, `gone` for a unit that fell away."""

    id = models.BigAutoField(primary_key=True)
    duty = models.ForeignKey(ClosedDuty, models.PROTECT, related_name="+", db_index=False)

    class Meta:
        verbose_name = _("已结账的履责项")
        indexes = [models.Index(fields=["duty", "org"], name="closed_standing_duty")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="closed_standing_state"),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.org} {self.state}"


class Difference(Frozen):
    """How a unit of a closed duty would stand by the records of today, where that is not how it was closed.

    Kept by the engine, gone when published or when it agrees again. `duty` is that of edition 0.
    """

    id = models.BigAutoField(primary_key=True)
    duty = models.ForeignKey(ClosedDuty, models.PROTECT, related_name="+", db_index=False)
    seen_at = models.DateTimeField()

    class Meta:
        verbose_name = _("结账后的变化")
        indexes = [models.Index(fields=["org"], name="difference_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["duty", "org", "subject"], nulls_distinct=False, name="difference_once"
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="difference_state"),
        ]

    def __str__(self) -> str:
        return f"{self.duty_id} {self.org} {self.state}"
