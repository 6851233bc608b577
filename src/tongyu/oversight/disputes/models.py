"""A contested figure, from the line that says what is wrong to the answer with its records."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.roles import ROLE_BY_KEY
from tongyu.plan.models import Obligation


class DisputeState(models.TextChoices):
    """Where a dispute stands. Only `open` is shown beside the figure."""

    OPEN = "open", _("待答复")
    CORRECTED = "corrected", _("已更正")
    UPHELD = "upheld", _("维持原数")
    WITHDRAWN = "withdrawn", _("已撤回")


class Dispute(models.Model):
    """A body says that a figure is wrong. It changes no figure: records do that, and the answer shows them.

    The figure is an obligation in one window at the places `[place, hi)`; of a single duty `bearer` and `subject`
    are set too. `was` keeps what it showed at that moment, `units` the duties that were ticked (no names).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("提出单位"), editable=False)
    by_account = models.BigIntegerField(editable=False)
    by_role = models.CharField(_("提出人职务"), max_length=32, editable=False)
    obligation = models.ForeignKey(Obligation, models.PROTECT, related_name="+", verbose_name=_("责任事项"))
    period_key = models.CharField(max_length=16, editable=False)
    place = models.BigIntegerField(editable=False)
    hi = models.BigIntegerField(editable=False)
    bearer = models.BigIntegerField(null=True, editable=False)
    subject = models.UUIDField(null=True, editable=False)
    line = models.CharField(_("哪里不对"), max_length=120)
    units: Any = models.JSONField(default=list, editable=False)
    was: Any = models.JSONField(editable=False)
    opened_at = models.DateTimeField(_("提出时间"), editable=False)
    asked_org = models.BigIntegerField(_("请谁说明"), null=True, editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)
    statement = models.CharField(_("说明"), max_length=200, blank=True, default="")
    stated_by = models.BigIntegerField(null=True, editable=False)
    stated_at = models.DateTimeField(null=True, editable=False)
    state = models.CharField(
        _("状态"), max_length=10, choices=DisputeState.choices, default=DisputeState.OPEN, editable=False
    )
    answer = models.CharField(_("答复"), max_length=200, blank=True, default="")
    proof: Any = models.JSONField(default=dict, editable=False)
    """What the answer rests on: `records`, `changed` standings, `gone` records, `now`: the figure at the answer."""
    closed_by = models.BigIntegerField(null=True, editable=False)
    closed_at = models.DateTimeField(_("办结时间"), null=True, editable=False)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            "obligation period_key place hi bearer opened_at asked_org asked_at stated_at state closed_at".split(),
            "public",
        ),
        **dict.fromkeys(
            "subject line units was statement stated_by answer proof closed_by".split(), "personal"
        ),
    }

    class Meta:
        verbose_name = _("异议")
        indexes = [
            models.Index(fields=["org", "-opened_at"], name="dispute_org"),
            models.Index(fields=["place", "obligation"], name="dispute_place"),
            models.Index(fields=["asked_org"], name="dispute_asked", condition=Q(asked_org__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "obligation", "period_key", "place", "bearer", "subject"],
                condition=Q(state="open"),
                nulls_distinct=False,
                name="dispute_open_once",
            ),
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="dispute_state"),
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None, closed_by=None)
                | (~Q(state="open") & Q(closed_at__isnull=False, closed_by__isnull=False)),
                name="dispute_end_is_signed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["corrected", "upheld"]) | ~Q(answer=""),
                name="dispute_answer_has_words",
            ),
            models.CheckConstraint(
                condition=Q(statement="", stated_at=None) | (~Q(statement="") & Q(asked_org__isnull=False)),
                name="dispute_statement_was_asked",
            ),
        ]

    def __str__(self) -> str:
        return self.line

    @property
    def is_open(self) -> bool:
        """True while nobody has answered it, nor taken it back."""
        return self.state == DisputeState.OPEN

    @property
    def role_name(self) -> Any:
        """Under which hat it was opened."""
        return ROLE_BY_KEY[self.by_role].name


class OpenDispute(models.Model):
    """That a figure is contested now, and by which body: no person, no words. Gone when the dispute is closed.

    No row-level security, as with tallies: whoever may see a figure may see that it is contested. Its id is the
    dispute's, without a foreign key, because the dispute itself is protected.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    obligation = models.ForeignKey(Obligation, models.CASCADE, related_name="+")
    period_key = models.CharField(max_length=16)
    place = models.BigIntegerField()
    bearer = models.BigIntegerField()
    single = models.BooleanField()
    subject = models.UUIDField(null=True)
    asker = models.BigIntegerField()
    since = models.DateField()

    class Meta:
        verbose_name = _("有异议的数字")
        indexes = [models.Index(fields=["obligation", "place"], name="open_dispute_figure")]

    def __str__(self) -> str:
        return f"{self.obligation_id} {self.period_key} {self.place}"
