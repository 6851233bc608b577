"""The diary of a family: that something was done together, and apart from it what is remembered of it."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.records.models import PupilRecord

LONGEST = 200


class ActivityKind(models.TextChoices):
    """What a family did together."""

    PARENT_CHILD = "parent_child", _("亲子陪伴")
    OUTDOOR = "outdoor", _("户外活动")
    LIFE_SKILL = "life_skill", _("生活技能")
    LEARNING = "learning", _("共学互学")

    @property
    def hint(self) -> object:
        """What is meant, with examples."""
        return {
            "parent_child": _("聊天、做游戏、一起做饭"),
            "outdoor": _("爬山、散步、参观"),
            "life_skill": _("整理、洗衣、做家务"),
            "learning": _("一起读书、听讲、看展"),
        }[self.value]


class FamilyActivity(PupilRecord):
    """That the family did something with the child on that day. The school sees this and nothing else."""

    kind_key = "family_activity"

    kind = models.CharField(_("做了什么"), max_length=16, choices=ActivityKind.choices)

    classified: ClassVar[dict[str, str]] = {
        "version": "public",
        **dict.fromkeys(("by_staff", "place"), "personal"),
    }

    class Meta:
        verbose_name = _("家庭活动")
        ordering = ["-occurred_on", "-received_at", "id"]
        indexes = [
            models.Index(fields=["student", "occurred_on"], name="activity_student_day"),
            models.Index(fields=["org", "occurred_on"], name="activity_org_day"),
            models.Index(fields=["place"], name="activity_place"),
            models.Index(fields=["by_account"], name="activity_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=[*ActivityKind.values]), name="activity_kind_known"
            ),
        ]


class DiaryLine(models.Model):
    """What the family wants to remember. The database shows it to the account that wrote it and to nobody else."""

    activity = models.OneToOneField(
        FamilyActivity, models.PROTECT, primary_key=True, db_constraint=False, related_name="diary"
    )
    by_account = models.BigIntegerField(editable=False)
    line = EncryptedTextField(_("记一句"), max_length=LONGEST)

    class Meta:
        verbose_name = _("家庭日记")

    def __str__(self) -> str:
        return str(self.activity_id)
