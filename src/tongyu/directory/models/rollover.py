"""The roll-over of a county into a new school year: where it stands, what schools said, what it changed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.models.bodies import Body
from tongyu.directory.models.people import Student


class RollOverState(models.TextChoices):
    """Where a roll-over stands."""

    DRAFT = "draft", _("准备中")
    PREVIEWED = "previewed", _("已预览")
    RUNNING = "running", _("执行中")
    DONE = "done", _("已执行")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")


class Outcome(models.TextChoices):
    """What becomes of a pupil when the school year turns; each pupil has exactly one."""

    PROMOTED = "promoted", _("升级")
    RETAINED = "retained", _("留级")
    GRADUATED = "graduated", _("毕业")
    TRANSFERRED = "transferred", _("转学")
    LEFT = "left", _("离校")


SAID = (Outcome.RETAINED, Outcome.TRANSFERRED, Outcome.LEFT)
"""What a school says of a pupil; the others follow from the class."""


class RollOver(models.Model):
    """One county's step into the school year that starts in `start_year`, as of its first day. No person in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    county = models.ForeignKey(Body, models.PROTECT, related_name="roll_overs")
    start_year = models.SmallIntegerField(_("新学年"))
    day = models.DateField(_("生效日期"))
    state = models.CharField(
        _("状态"), max_length=10, choices=RollOverState.choices, default=RollOverState.DRAFT
    )
    summary = models.JSONField(_("预览或结果"), default=dict, blank=True)
    message = models.CharField(_("说明"), max_length=300, blank=True)
    job_id = models.UUIDField(null=True, editable=False)
    by_account = models.BigIntegerField(_("经办账号"), null=True, editable=False)
    previewed_at = models.DateTimeField(_("预览时间"), null=True, blank=True)
    done_at = models.DateTimeField(_("执行时间"), null=True, blank=True)
    done_on = models.DateField(_("执行日期"), null=True, blank=True)
    """The day of `done_at` as the county counts it: undoing is counted in days."""
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("升级结转")
        ordering = ["county", "-start_year"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "start_year"], condition=~Q(state="undone"), name="roll_over_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["done", "undoing"]) | Q(done_at__isnull=False, done_on__isnull=False),
                name="roll_over_done_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.county_id} {self.start_year} {self.state}"

    @property
    def open(self) -> bool:
        """True while schools may still say what becomes of their pupils."""
        return self.state in {RollOverState.DRAFT, RollOverState.PREVIEWED}


class RollOverSchool(models.Model):
    """What one school (`org`) chose for its classes, and whether it has said that all is right."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roll_over = models.ForeignKey(RollOver, models.PROTECT, related_name="schools")
    org = models.BigIntegerField(_("学校"))
    ready_at = models.DateTimeField(_("核对时间"), null=True, blank=True)
    by_account = models.BigIntegerField(_("经办账号"), null=True, editable=False)
    new_classes = models.JSONField(_("新开班数"), default=dict, blank=True)
    """Number of first classes by stage, `{"1": 3}`; a stage that is missing has the default."""
    released = models.JSONField(_("不随班的任课人员"), default=dict, blank=True)
    """Classes whose teachers do not go on with them, `{"<code>": "lead" or "all"}`."""

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("roll_over", "ready_at", "new_classes", "released"), "public"
    )

    class Meta:
        verbose_name = _("学校的升级准备")
        indexes = [models.Index(fields=["org"], name="roll_over_school_org")]
        constraints = [
            models.UniqueConstraint(fields=["roll_over", "org"], name="roll_over_school_once"),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.ready_at}"


class RollOverLine(models.Model):
    """What a school (`org`) says of one pupil who neither moves up nor graduates with the class."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    roll_over = models.ForeignKey(RollOver, models.PROTECT, related_name="lines")
    org = models.BigIntegerField(_("学校"))
    student = models.ForeignKey(Student, models.PROTECT, related_name="+", verbose_name=_("学生"))
    outcome = models.CharField(_("去向"), max_length=12, choices=[(one.value, one.label) for one in SAID])
    target = models.BigIntegerField(_("留到哪个班"), null=True, blank=True)
    to_school = models.CharField(_("转到哪所学校"), max_length=80, blank=True)
    reason = models.CharField(_("原因"), max_length=120)
    by_account = models.BigIntegerField(_("经办账号"), null=True, editable=False)
    entered_at = models.DateTimeField(_("填写时间"))

    classified: ClassVar[dict[str, str]] = {
        "roll_over": "public",
        **dict.fromkeys(("outcome", "target", "to_school"), "personal"),
    }

    class Meta:
        verbose_name = _("个别学生的去向")
        indexes = [models.Index(fields=["org"], name="roll_over_line_org")]
        constraints = [
            models.UniqueConstraint(fields=["roll_over", "student"], name="roll_over_line_once"),
            models.CheckConstraint(
                condition=Q(outcome="retained", target__isnull=False)
                | (~Q(outcome="retained") & Q(target__isnull=True)),
                name="roll_over_line_retained_has_class",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="transferred") | ~Q(to_school=""), name="roll_over_line_has_school"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.outcome}"


class RollOverChange(models.Model):
    """One row that a roll-over changed or (without `before`) made: what undoing it rests on."""

    id = models.BigAutoField(primary_key=True)
    roll_over = models.ForeignKey(RollOver, models.PROTECT, related_name="changes")
    org = models.BigIntegerField()
    subject = models.CharField(max_length=40)
    row_id = models.CharField(max_length=40)
    before = models.JSONField(null=True)
    after = models.JSONField()

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("roll_over", "subject", "row_id"), "public"),
        **dict.fromkeys(("before", "after"), "personal"),
    }

    class Meta:
        verbose_name = _("升级结转的改动")
        indexes = [models.Index(fields=["roll_over", "subject"], name="roll_over_change_subject")]

    def __str__(self) -> str:
        return f"{self.subject} {self.row_id}"
