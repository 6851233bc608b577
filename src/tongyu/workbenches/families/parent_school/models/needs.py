"""What guardians would like to hear about: chips, counted without names."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7


class Topic(models.TextChoices):
    """Topics of family education that a parent school may take up."""

    TALKING = "talking", _("怎么和孩子说话")
    HABITS = "habits", _("学习和生活习惯")
    PHONES = "phones", _("手机和网络")
    FEELINGS = "feelings", _("情绪和心理")
    ADOLESCENCE = "adolescence", _("青春期")
    SAFETY = "safety", _("防溺水等安全")
    GRANDPARENTS = "grandparents", _("老人带孩子")
    AWAY = "away", _("外出打工怎么陪孩子")
    HEALTH = "health", _("饮食、睡眠和运动")
    LAW = "law", _("家长要懂的法律")
    FUTURE = "future", _("升学和将来")
    CHORES = "chores", _("家务和劳动")
    TWO = "two", _("家里不止一个孩子")
    SPECIAL = "special", _("孩子有特殊需要")


class NeedsSurvey(models.Model):
    """The question of one school or township, open `[opened_on, closes_on)`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(editable=False)
    hi = models.BigIntegerField(editable=False)
    topics = ArrayField(models.CharField(max_length=16, choices=Topic.choices))
    opened_on = models.DateField(_("开始日期"))
    closes_on = models.DateField(_("截止日期"))
    by_account = models.BigIntegerField(editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("hi", "topics", "opened_on", "closes_on"), "public")

    class Meta:
        verbose_name = _("需求征集")
        ordering = ["-opened_on", "-id"]
        indexes = [models.Index(fields=["org", "-opened_on"], name="needs_org_day")]
        constraints = [
            models.CheckConstraint(condition=Q(closes_on__gte=F("opened_on")), name="needs_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.opened_on}"


class NeedsAnswer(models.Model):
    """One account's choice; it may change it. The account alone can read it: the school gets counts."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    survey = models.ForeignKey(NeedsSurvey, models.CASCADE, related_name="answers")
    by_account = models.BigIntegerField(editable=False)
    topics = ArrayField(models.CharField(max_length=16, choices=Topic.choices))

    class Meta:
        verbose_name = _("需求选择")
        constraints = [models.UniqueConstraint(fields=["survey", "by_account"], name="needs_answer_once")]

    def __str__(self) -> str:
        return str(self.survey_id)
