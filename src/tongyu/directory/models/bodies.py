"""The dated tree of bodies."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.directory.kinds import NAMES_OF_GRADES, BodyKind, SchoolKind, Stage


class BodyQuerySet(models.QuerySet["Body"]):
    """Named narrowings of the tree."""

    def standing_on(self, day: date) -> "BodyQuerySet":
        """Bodies that exist on `day`."""
        return self.filter(opened_on__lte=day).filter(Q(closed_on__isnull=True) | Q(closed_on__gt=day))

    def within(self, lo: int, hi: int) -> "BodyQuerySet":
        """Bodies whose code lies in `[lo, hi)`."""
        return self.filter(code__gte=lo, code__lt=hi)


class Body(models.Model):
    """A place in the tree. Its code never changes; a body that moves is closed and succeeded by a new one."""

    code = models.BigIntegerField(_("组织代码"), primary_key=True)
    hi = models.BigIntegerField(_("代码上界"))
    kind = models.CharField(_("类别"), max_length=16, choices=BodyKind.choices)
    name = models.CharField(_("名称"), max_length=80)
    name_key = models.CharField(_("名称排序键"), max_length=200, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    key = models.CharField(_("部门标识"), max_length=32, blank=True)
    school_code = models.CharField(_("学校标识码"), max_length=10, blank=True)
    school_kind = models.CharField(_("学校类别"), max_length=16, choices=SchoolKind.choices, blank=True)
    stage = models.SmallIntegerField(_("学段"), choices=Stage.choices, null=True, blank=True)
    entry_year = models.SmallIntegerField(_("入学年份"), null=True, blank=True)
    number = models.SmallIntegerField(_("班号"), null=True, blank=True)
    opened_on = models.DateField(_("设立日期"))
    closed_on = models.DateField(_("撤销日期"), null=True, blank=True, help_text=_("自该日起不再存在"))
    succeeded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="predecessors", verbose_name=_("并入")
    )

    objects = BodyQuerySet.as_manager()

    class Meta:
        verbose_name = _("机构")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(hi__gt=F("code")), name="body_range_not_empty"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(closed_on__gte=F("opened_on")),
                name="body_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["school_code"],
                condition=Q(closed_on__isnull=True) & ~Q(school_code=""),
                name="body_school_code_once",
            ),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="body_kind_code")]

    def __str__(self) -> str:
        return self.name

    @property
    def org(self) -> int:
        """The body's own code, under the name that rules read on every row."""
        return self.code

    def grade_name_on(self, school_year: int) -> str:
        """What a grade or class is called in the school year that starts in September of `school_year`.

        A cohort past its last grade is named by its entry year (级).
        """
        if self.entry_year is None or self.stage is None:
            return self.name
        names = NAMES_OF_GRADES[Stage(self.stage)]
        step = school_year - self.entry_year
        grade = names[step] if 0 <= step < len(names) else f"{self.entry_year}级"
        return f"{grade}{self.number}班" if self.number else grade
