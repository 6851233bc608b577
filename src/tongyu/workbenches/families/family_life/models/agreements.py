"""An agreement of child and parent: that it exists, and apart from it what was agreed."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.records.models import PupilRecord

LONGEST, MOST = 60, 12

SUGGESTIONS = (
    "写完作业再用手机",
    "上学的日子每天不超过30分钟",
    "周末每天不超过1小时",
    "吃饭时全家都不看手机",
    "睡前一小时不用手机",
    "晚上手机放在客厅充电",
    "不玩年龄不合适的游戏",
    "不把手机带到学校",
    "不和不认识的人聊天、不透露家里的信息",
    "充值、下载先问家长",
    "家长陪孩子时也放下手机",
)


class AgreementKind(models.TextChoices):
    """What the agreement is about."""

    DEVICE_USE = "device_use", _("电子产品使用约定")


class FamilyAgreement(PupilRecord):
    """That a family agreed on something. The school sees this; what was agreed only when the family shows it."""

    kind_key = "family_agreement"

    kind = models.CharField(
        _("约定"), max_length=16, choices=AgreementKind.choices, default=AgreementKind.DEVICE_USE
    )

    classified: ClassVar[dict[str, str]] = {
        "version": "public",
        **dict.fromkeys(("by_staff", "place"), "personal"),
    }

    class Meta:
        verbose_name = _("家庭约定")
        ordering = ["-occurred_on", "-received_at", "id"]
        indexes = [
            models.Index(fields=["student", "occurred_on"], name="agreement_student_day"),
            models.Index(fields=["org", "occurred_on"], name="agreement_org_day"),
            models.Index(fields=["place"], name="agreement_place"),
            models.Index(fields=["by_account"], name="agreement_account"),
        ]


class AgreementText(models.Model):
    """What was agreed, and the two names under it. Seen by who wrote it; by the school while the family shows it."""

    agreement = models.OneToOneField(
        FamilyAgreement, models.PROTECT, primary_key=True, db_constraint=False, related_name="text"
    )
    org = models.BigIntegerField(editable=False)
    by_account = models.BigIntegerField(editable=False)
    shared = models.BooleanField(_("给学校看"), default=False)
    rules_text = EncryptedTextField(_("约定内容"))
    child_signed = EncryptedTextField(_("孩子签名"))
    parent_signed = EncryptedTextField(_("家长签名"))

    classified: ClassVar[dict[str, str]] = {
        "shared": "public",
        "agreement": "personal",
        **dict.fromkeys(("rules_text", "child_signed", "parent_signed"), "sensitive"),
    }

    class Meta:
        verbose_name = _("家庭约定内容")

    def __str__(self) -> str:
        return str(self.agreement_id)

    @property
    def rules(self) -> list[str]:
        """What was agreed, line by line."""
        return self.rules_text.splitlines()
