"""School years, their two terms, and the days that differ from the week's rhythm."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.directory.models.bodies import Body


class SchoolYear(models.Model):
    """1 September to 31 August; named by the two years it touches."""

    county = models.ForeignKey(Body, models.PROTECT, related_name="school_years")
    start_year = models.SmallIntegerField(_("起始年份"))
    first_day = models.DateField(_("第一天"))
    last_day = models.DateField(_("最后一天"))

    class Meta:
        verbose_name = _("学年")
        ordering = ["county", "start_year"]
        constraints = [
            models.UniqueConstraint(fields=["county", "start_year"], name="school_year_once"),
            models.CheckConstraint(condition=Q(last_day__gt=F("first_day")), name="school_year_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.start_year}—{self.start_year + 1}学年"


class Term(models.Model):
    """One of the two terms of a school year; the county sets its dates."""

    school_year = models.ForeignKey(SchoolYear, models.PROTECT, related_name="terms")
    number = models.SmallIntegerField(_("学期"), choices=[(1, _("第一学期")), (2, _("第二学期"))])
    first_day = models.DateField(_("开学日期"))
    last_day = models.DateField(_("放假前最后一天"))

    class Meta:
        verbose_name = _("学期")
        ordering = ["school_year", "number"]
        constraints = [
            models.UniqueConstraint(fields=["school_year", "number"], name="term_once"),
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="term_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.school_year} {self.get_number_display()}"


class Holiday(models.Model):
    """A weekday without school, or a weekend day that is worked to make up for one."""

    county = models.ForeignKey(Body, models.PROTECT, related_name="holidays")
    day = models.DateField(_("日期"))
    worked = models.BooleanField(_("调休上课"), default=False)
    name = models.CharField(_("名称"), max_length=40)

    class Meta:
        verbose_name = _("节假日")
        ordering = ["county", "day"]
        constraints = [models.UniqueConstraint(fields=["county", "day"], name="holiday_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
