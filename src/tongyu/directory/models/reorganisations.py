"""What the office has decided about schools: merged, split, or moved to another township."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7


class ReorganisationKind(models.TextChoices):
    """What becomes of a school."""

    MERGE = "merge", _("并入另一所学校")
    SPLIT = "split", _("分出一所新学校")
    TOWNSHIP = "township", _("划到另一个乡镇")


class Reorganisation(models.Model):
    """One decision, carried out on its day. Past rows keep the codes of the closed bodies, and so their figures."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("类型"), max_length=8, choices=ReorganisationKind.choices)
    org = models.BigIntegerField(_("原学校"))
    to_school = models.BigIntegerField(_("新学校"))
    day = models.DateField(_("生效日期"))
    paper = models.CharField(_("批准文件"), max_length=80)
    classes = models.IntegerField(_("班级数"))
    pupils = models.IntegerField(_("学生数"))
    by_account = models.BigIntegerField(_("经办账号"), editable=False)
    entered_at = models.DateTimeField(_("办理时间"))

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        ("to_school", "day", "paper", "classes", "pupils"), "public"
    )

    class Meta:
        verbose_name = _("学校调整")
        ordering = ["-entered_at"]
        indexes = [models.Index(fields=["org"], name="reorganisation_org")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.day}"
