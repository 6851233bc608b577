"""What is stored of the duties: derived standings and their counts, exemptions granted by people, the trend."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.duties.closing.models import ClosedDuty, ClosedStanding, Closing, Difference
from tongyu.duties.states import STATES
from tongyu.plan.models import Obligation, Plan

__all__ = [
    "ClosedDuty",
    "ClosedStanding",
    "Closing",
    "Difference",
    "Exemption",
    "Standing",
    "Tally",
    "TrendPoint",
]


class Standing(models.Model):
    """How one duty stands: one obligation, one period, one unit. Derived; nobody types it.

    Of what pupils' families are encouraged to do only those who have a record have a row (`units.keeps_only_done`).
    `unit_org` is the place of the unit: the body itself, or the class of the pupil `subject`. `as_of` is the day
    from which the row says what it says. Not audited: it can be recomputed from records that are.
    """

    id = models.BigAutoField(primary_key=True)
    # Written from the plan's own rules, 100,000 at a time: checking each against the plan costs as much as an index.
    obligation = models.ForeignKey(
        Obligation, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    period_key = models.CharField(max_length=16)
    start_on = models.DateField()
    end_on = models.DateField(help_text="exclusive")
    due_on = models.DateField()
    bearer_org = models.BigIntegerField()
    unit_kind = models.CharField(max_length=12)
    unit_org = models.BigIntegerField()
    subject = models.UUIDField(null=True)
    org = models.BigIntegerField()
    state = models.CharField(max_length=12)
    count = models.IntegerField()
    needed = models.IntegerField()
    met_on = models.DateField(null=True)
    why = models.CharField(max_length=24)
    detail = models.JSONField(null=True)
    as_of = models.DateField()
    changed_at = models.DateTimeField()

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            "obligation period_key start_on end_on due_on bearer_org unit_kind unit_org as_of changed_at".split(),
            "public",
        ),
        **dict.fromkeys("subject state count needed met_on why detail".split(), "personal"),
    }

    class Meta:
        verbose_name = _("履责项")
        indexes = [
            models.Index(fields=["org", "obligation", "period_key"], name="standing_org"),
            models.Index(fields=["bearer_org", "period_key"], name="standing_bearer"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["obligation", "period_key", "subject"],
                condition=Q(subject__isnull=False),
                name="standing_one_per_subject",
            ),
            models.UniqueConstraint(
                fields=["obligation", "period_key", "unit_org"],
                condition=Q(subject__isnull=True),
                name="standing_one_per_place",
            ),
            models.CheckConstraint(condition=Q(state__in=STATES), name="standing_state"),
            models.CheckConstraint(condition=Q(org=F("unit_org")), name="standing_org_is_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.period_key} {self.unit_org} {self.state}"


class Tally(models.Model):
    """How many units of one place stand in each state. The place is a class or larger; no person in it.

    A unit is counted once, at its own place: boards sum over a range of places. No row-level security: whoever
    may see a board may see its counts.
    """

    id = models.BigAutoField(primary_key=True)
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    period_key = models.CharField(max_length=16)
    place = models.BigIntegerField()
    bearer = models.BigIntegerField()
    met = models.IntegerField(default=0)
    met_late = models.IntegerField(default=0)
    in_progress = models.IntegerField(default=0)
    behind_pace = models.IntegerField(default=0)
    missing = models.IntegerField(default=0)
    not_due = models.IntegerField(default=0)
    exempt = models.IntegerField(default=0)
    unknown = models.IntegerField(default=0)

    class Meta:
        verbose_name = _("履责计数")
        constraints = [
            models.UniqueConstraint(fields=["obligation", "period_key", "place"], name="tally_once"),
        ]
        indexes = [models.Index(fields=["place", "period_key"], name="tally_place")]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.period_key} {self.place}"

    @property
    def counts(self) -> dict[str, int]:
        """State → how many."""
        return {state: getattr(self, state) for state in STATES}


class Exemption(models.Model):
    """A duty that is lifted: for one obligation or all, for a range of places or one pupil, for a time.

    Granted by people with a reason. `[lo, hi)` is the range of places, `org` its lower end; days are half-open.
    Never deleted: one that is ended early keeps who ended it and why, and one ended before its first day is empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    obligation = models.ForeignKey(
        Obligation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("责任事项")
    )
    org = models.BigIntegerField(_("适用单位"))
    lo = models.BigIntegerField(editable=False)
    hi = models.BigIntegerField(editable=False)
    subject = models.UUIDField(_("学生"), null=True, blank=True)
    reason = models.CharField(_("原因"), max_length=120)
    decided_by = models.CharField(_("批准单位"), max_length=40)
    approver = models.CharField(_("批准人"), max_length=60)
    by_account = models.BigIntegerField(null=True, editable=False)
    from_day = models.DateField(_("起"))
    until_day = models.DateField(_("止"), null=True, blank=True)
    entered_at = models.DateTimeField(_("填写时间"), auto_now_add=True)
    ended_by = models.BigIntegerField(null=True, editable=False)
    ended_reason = models.CharField(_("终止原因"), max_length=120, blank=True, default="")

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("obligation", "lo", "hi", "decided_by"), "public"),
        **dict.fromkeys(("subject", "approver", "ended_by", "ended_reason"), "personal"),
    }

    class Meta:
        verbose_name = _("不适用情形")
        indexes = [models.Index(fields=["org"], name="exemption_org")]
        constraints = [
            models.CheckConstraint(condition=Q(hi__gt=F("lo")), name="exemption_range"),
            models.CheckConstraint(
                condition=Q(until_day__isnull=True)
                | Q(until_day__gt=F("from_day"))
                | Q(ended_by__isnull=False, until_day=F("from_day")),
                name="exemption_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_by__isnull=True, ended_reason="")
                | (Q(ended_by__isnull=False, until_day__isnull=False) & ~Q(ended_reason="")),
                name="exemption_end_is_signed",
            ),
        ]

    def __str__(self) -> str:
        return self.reason


class TrendPoint(models.Model):
    """How an obligation stood on a day in one township, or (place 0 digits below) in the whole county."""

    id = models.BigAutoField(primary_key=True)
    day = models.DateField()
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    period_key = models.CharField(max_length=16)
    place = models.BigIntegerField()
    counts: Any = models.JSONField()

    class Meta:
        verbose_name = _("趋势")
        constraints = [
            models.UniqueConstraint(fields=["day", "obligation", "place"], name="trend_point_once"),
        ]
        indexes = [models.Index(fields=["place", "day"], name="trend_place")]

    def __str__(self) -> str:
        return f"{self.day} {self.obligation_id} {self.place}"


class DryRun(models.Model):
    """What would change if a number of the plan were another: asked for by the office, worked out by a job.

    `mark` names plan, numbers and calendar as they were; a number is set only from a run whose mark still holds.
    `summary` counts who would change, by duty, township and states; who it is stands in `DryRunChange`.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField()
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    value: Any = models.JSONField()
    valid_from = models.DateField(_("自哪天起"))
    by_account = models.BigIntegerField(editable=False)
    entered_at = models.DateTimeField(auto_now_add=True)
    job_id = models.UUIDField(null=True, editable=False)
    ran_at = models.DateTimeField(null=True)
    mark = models.CharField(max_length=36, blank=True, default="")
    summary: Any = models.JSONField(default=dict)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "plan key value valid_from job_id ran_at mark summary".split(), "public"
    )

    class Meta:
        verbose_name = _("试算")
        indexes = [models.Index(fields=["org", "-entered_at"], name="dry_run_place")]

    def __str__(self) -> str:
        return f"{self.key} = {self.value}"


class DryRunChange(models.Model):
    """One duty that would stand otherwise; an empty state: not counted. Not audited: derived, and kept for a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    run = models.ForeignKey(DryRun, models.CASCADE, related_name="changes")
    org = models.BigIntegerField()
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    period_key = models.CharField(max_length=16)
    subject = models.UUIDField(null=True)
    was = models.CharField(max_length=12, blank=True)
    becomes = models.CharField(max_length=12, blank=True)
    at_once = models.BooleanField()
    """True when setting the number changes it in the running period, False when this only shows how it would be"""

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys("run obligation period_key at_once".split(), "public"),
        **dict.fromkeys("subject was becomes".split(), "personal"),
    }

    class Meta:
        verbose_name = _("试算结果")
        indexes = [models.Index(fields=["run", "obligation", "org"], name="dry_run_change_place")]

    def __str__(self) -> str:
        return f"{self.org} {self.was} {self.becomes}"
