"""A parents' committee for one term of office, and its members."""

import json
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7
from tongyu.directory.kinds import BodyKind
from tongyu.records.models import Record


class Level(models.TextChoices):
    """At which level the committee stands; follows from the kind of its body."""

    SCHOOL = "school", _("校级")
    GRADE = "grade", _("年级")
    CLASS = "class", _("班级")


LEVEL_OF = {
    BodyKind.SCHOOL: Level.SCHOOL,
    BodyKind.GRADE: Level.GRADE,
    BodyKind.SCHOOL_CLASS: Level.CLASS,
}


class Office(models.TextChoices):
    """What a member does in the committee."""

    CHAIR = "chair", _("主任")
    DEPUTY = "deputy", _("副主任")
    SECRETARY = "secretary", _("秘书")
    TREASURER = "treasurer", _("财务委员")
    MEMBER = "member", _("委员")


class Committee(Record):
    """A committee at the body `org`, in office `[occurred_on, until_day)` unless dissolved before.

    `occurred_on` is the day of its election. A new term of office is a new record.
    """

    kind_key: ClassVar[str] = "committee"

    level = models.CharField(_("级别"), max_length=8, choices=Level.choices, editable=False)
    hi = models.BigIntegerField(editable=False)
    until_day = models.DateField(_("任期止"), help_text=_("自该日起任期届满"))
    dissolved_on = models.DateField(_("提前终止日期"), null=True, blank=True)
    charter = models.CharField(_("章程文号或链接"), max_length=200, blank=True)
    seats = models.SmallIntegerField(
        _("席位"), null=True, blank=True, editable=False, help_text=_("未登记时按选举当天的人数")
    )

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("level", "hi", "dissolved_on", "charter", "seats", "version"), "public"),
        "by_staff": "personal",
    }

    class Meta:
        verbose_name = _("家委会")
        ordering = ["org", "-occurred_on"]
        indexes = [models.Index(fields=["org", "-occurred_on"], name="committee_org_day")]
        constraints = [
            models.UniqueConstraint(fields=["id", "org"], name="committee_id_org"),
            models.CheckConstraint(
                condition=Q(until_day__gt=F("occurred_on")), name="committee_term_in_order"
            ),
            models.CheckConstraint(
                condition=Q(dissolved_on__isnull=True) | Q(dissolved_on__gte=F("occurred_on")),
                name="committee_dissolved_after_election",
            ),
            models.CheckConstraint(condition=Q(hi__gt=F("org")), name="committee_range_not_empty"),
        ]

    @property
    def ends_on(self) -> Any:
        """The exclusive end of its time in office: the term's end, or its dissolution before."""
        if self.dissolved_on is not None and self.dissolved_on < self.until_day:
            return self.dissolved_on
        return self.until_day

    def snapshot_text(self) -> str:
        """With the members, because they change far more often than the rest."""
        members = self.members.order_by("from_day", "id").values(
            "name", "relation", "office", "from_day", "until_day"
        )
        content = {**model_to_dict(self), "members": list(members)}
        return json.dumps(content, cls=DjangoJSONEncoder, ensure_ascii=False)


class Member(models.Model):
    """One member for a time, `[from_day, until_day)`; without an end as long as the committee is in office.

    Of one elected here it is known who that is (`guardian_id`) and through which child the member belongs to the
    place (`student_id`): when the child leaves, the seat is shown as vacant.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    committee = models.ForeignKey(Committee, models.CASCADE, related_name="members")
    org = models.BigIntegerField(editable=False)
    name = models.CharField(_("姓名"), max_length=60)
    relation = models.CharField(_("与学生关系"), max_length=40, blank=True, help_text=_("例如：马某某的母亲"))
    office = models.CharField(_("职务"), max_length=12, choices=Office.choices, default=Office.MEMBER)
    from_day = models.DateField(_("任职起"))
    until_day = models.DateField(_("任职止"), null=True, blank=True)
    guardian_id = models.UUIDField(null=True, editable=False)
    student_id = models.UUIDField(null=True, editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("committee", "office", "guardian_id", "student_id"), "personal"
    )

    class Meta:
        verbose_name = _("家委会成员")
        ordering = ["from_day", "id"]
        indexes = [models.Index(fields=["org"], name="member_org")]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gte=F("from_day")), name="member_in_order"
            )
        ]

    def __str__(self) -> str:
        return self.name
