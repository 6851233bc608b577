"""An uploaded roster on its way from upload to import."""

from typing import ClassVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tongyu.core.ids import uuid7


class RosterKind(models.TextChoices):
    """What a roster lists."""

    STUDENTS = "students", _("学生和监护人")
    STAFF = "staff", _("教职工")
    BODIES = "bodies", _("学校")


class RosterState(models.TextChoices):
    """Where an uploaded roster stands."""

    CHECKING = "checking", _("检查中")
    COLUMNS = "columns", _("待指定各列")
    UNREADABLE = "unreadable", _("读不出来")
    FAULTY = "faulty", _("有问题，待修改")
    READY = "ready", _("可以导入")
    IMPORTING = "importing", _("导入中")
    IMPORTED = "imported", _("已导入")
    UNDOING = "undoing", _("撤销中")
    UNDONE = "undone", _("已撤销")
    CANCELLED = "cancelled", _("已取消")
    EXPIRED = "expired", _("已过期")


class RosterImport(models.Model):
    """One upload: the file (encrypted, dropped once imported, cancelled or left alone) and what it would change."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("发起单位"))
    kind = models.CharField(_("名册"), max_length=16, choices=RosterKind.choices)
    filename = models.CharField(_("文件名"), max_length=120)
    complete = models.BooleanField(_("完整名册"), default=False)
    state = models.CharField(
        _("状态"), max_length=16, choices=RosterState.choices, default=RosterState.CHECKING
    )
    content = models.BinaryField(null=True, editable=False)
    kept = models.BinaryField(null=True, editable=False)
    """What the check read, for the import; the file itself stays until then, so that its columns can be told anew."""
    layout = models.CharField(max_length=64, blank=True, editable=False)
    """Names the header row of the file."""
    message = models.CharField(_("说明"), max_length=300, blank=True)
    summary = models.JSONField(_("变更摘要"), default=dict, blank=True)
    faults = models.JSONField(_("问题"), default=list, blank=True)
    job_id = models.UUIDField(null=True, editable=False)
    asked_by = models.CharField(_("发起账号"), max_length=32)
    uploaded_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    touched_at = models.DateTimeField(_("最近处理时间"), default=timezone.now)
    """When the file was last uploaded, read, downloaded or refused: left alone for a week, it is dropped."""
    imported_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            (
                "complete",
                "state",
                "summary",
                "job_id",
                "layout",
                "uploaded_at",
                "touched_at",
                "imported_at",
                "undone_at",
            ),
            "public",
        ),
        **dict.fromkeys(("filename", "message", "asked_by"), "personal"),
        **dict.fromkeys(("content", "kept", "faults"), "sensitive"),
    }

    class Meta:
        verbose_name = _("名册导入")
        ordering = ["-uploaded_at"]
        indexes = [models.Index(fields=["org", "-uploaded_at"], name="roster_import_org")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.filename}"
