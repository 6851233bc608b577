"""What is kept of a home report: that it came, and apart from it what it says."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models.people import Relation
from tongyu.records.models import PupilRecord

LONGEST = 200


class Mood(models.TextChoices):
    """How the child feels."""

    BRIGHT = "bright", _("开心")
    CALM = "calm", _("平静")
    CROSS = "cross", _("烦躁")
    LOW = "low", _("低落")


class Health(models.TextChoices):
    """How the child is."""

    WELL = "well", _("健康")
    UNWELL = "unwell", _("有点不舒服")
    ILL = "ill", _("生病了")


class Sleep(models.TextChoices):
    """How the child sleeps."""

    GOOD = "good", _("睡得好")
    SHORT = "short", _("睡得少")
    POOR = "poor", _("睡不好")


class Devices(models.TextChoices):
    """How phone and tablet are used."""

    AGREED = "agreed", _("按约定")
    HARDLY = "hardly", _("很少用")
    MUCH = "much", _("用得多")


class HomeReport(PupilRecord):
    """That a guardian wrote. Offices and leaders see this row and no other."""

    kind_key = "home_report"

    relation = models.CharField(_("谁写的"), max_length=16, choices=Relation.choices, editable=False)
    answered_at = models.DateTimeField(_("老师了解时间"), null=True, editable=False)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("version", "answered_at"), "public"),
        **dict.fromkeys(("by_staff", "place"), "personal"),
    }

    class Meta:
        verbose_name = _("家庭反馈")
        ordering = ["-occurred_on", "-received_at", "id"]
        indexes = [
            models.Index(fields=["student", "occurred_on"], name="report_student_day"),
            models.Index(fields=["org", "occurred_on"], name="report_org_day"),
            models.Index(fields=["place"], name="report_place"),
            models.Index(fields=["by_account"], name="report_account"),
        ]


class Content(models.Model):
    """What a report says. The database shows it to the account that wrote it, and to the class teacher of its class.

    Everything is encrypted, so that neither a copy of the table nor the audit tells it.
    """

    report = models.OneToOneField(
        HomeReport, models.PROTECT, primary_key=True, db_constraint=False, related_name="content"
    )
    org = models.BigIntegerField(editable=False)
    by_account = models.BigIntegerField(editable=False)
    mood = EncryptedTextField(_("心情"))
    health = EncryptedTextField(_("身体"))
    sleep = EncryptedTextField(_("睡眠"))
    devices = EncryptedTextField(_("电子产品"))
    line = EncryptedTextField(_("想说的话"), null=True, blank=True, max_length=LONGEST)
    reply = EncryptedTextField(_("老师的话"), null=True, blank=True, max_length=LONGEST)

    classified: ClassVar[dict[str, str]] = {
        "report": "personal",
        **dict.fromkeys(("mood", "health", "sleep", "devices", "line", "reply"), "sensitive"),
    }

    class Meta:
        verbose_name = _("家庭反馈内容")

    def __str__(self) -> str:
        return str(self.report_id)

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was tapped, in words."""
        return [
            (str(_("心情")), str(Mood(self.mood).label)),
            (str(_("身体")), str(Health(self.health).label)),
            (str(_("睡眠")), str(Sleep(self.sleep).label)),
            (str(_("电子产品")), str(Devices(self.devices).label)),
        ]


STARTERS = (
    "不想活", "自杀", "轻生", "自残", "割腕", "跳楼", "遗书", "离家出走", "不敢上学", "不想上学", "害怕上学", "欺负",
    "霸凌", "勒索", "挨打", "打骂", "家暴", "猥亵", "不吃饭", "整夜不睡", "说话少了", "没人管",
)  # fmt: skip
"""In force until a county keeps its own list."""


class WordList(models.Model):
    """Words at which a class teacher is asked to look closely; one list a county, one word a line."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(unique=True)
    hi = models.BigIntegerField()
    words = models.TextField(_("请留意的词"))
    version = models.IntegerField(default=1)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("hi", "words", "version"), "public")

    class Meta:
        verbose_name = _("请留意的词")
        constraints = [models.CheckConstraint(condition=Q(hi__gt=models.F("org")), name="words_range")]

    def __str__(self) -> str:
        return str(self.org)
