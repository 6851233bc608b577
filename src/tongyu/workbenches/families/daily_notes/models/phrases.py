"""Lines to choose from: what the product starts with, what a county keeps, what a teacher keeps."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.workbenches.families.daily_notes.models.notes import Category

STARTERS: dict[str, tuple[str, ...]] = {
    Category.PRAISE: (
        "主动打扫教室卫生角",
        "上课积极举手发言",
        "作业书写工整",
        "乐于帮助同学",
        "劳动认真负责",
        "对人有礼貌",
        "课间守秩序",
        "敢于承认错误并改正",
    ),
    Category.LEARNING: (
        "课文背诵进步明显",
        "计算又快又准",
        "坚持每天阅读",
        "作业按时完成",
        "遇到难题肯动脑筋",
        "单元练习有进步",
    ),
    Category.REMINDER: (
        "午休精神不好，请留意睡眠",
        "请提醒带齐学习用品",
        "作业没有完成，请了解原因",
        "请提醒按时到校",
        "请帮助孩子练习朗读",
        "最近话少，请多陪孩子说说话",
    ),
}
"""In force until a county writes its own."""


class PhraseBook(models.Model):
    """The lines that one teacher keeps (`by_account`), or that a county keeps for all its teachers (without one).

    Lines of a category are one text, one line each. Encrypted, because a teacher may keep a line with a name in it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField()
    hi = models.BigIntegerField()
    by_account = models.BigIntegerField(null=True)
    praise = EncryptedTextField(_("表扬"))
    learning = EncryptedTextField(_("学习"))
    reminder = EncryptedTextField(_("提醒"))
    version = models.IntegerField(default=1)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("hi", "version"), "public"),
        **dict.fromkeys(Category.values, "personal"),
    }

    class Meta:
        verbose_name = _("常用语")
        constraints = [
            models.UniqueConstraint(
                fields=["by_account"], condition=Q(by_account__isnull=False), name="phrases_one_each"
            ),
            models.UniqueConstraint(
                fields=["org"], condition=Q(by_account__isnull=True), name="phrases_one_county"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.by_account or ''}"

    def lines(self, category: str) -> list[str]:
        """The lines of that category in their order."""
        text: str = getattr(self, category)
        return text.splitlines()
