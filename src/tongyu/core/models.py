"""The ground floor's tables that people see: how far a job has come, and a file that it made for its asker."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7


class JobState(models.TextChoices):
    """Where a job stands."""

    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")


class JobEnd(models.TextChoices):
    """Why a job was not done, in words that tell nothing about its contents."""

    REFUSED = "refused", _("条件不满足，没有执行；原因已告诉发起人")
    BROKEN = "broken", _("程序出错，已写入日志")
    GIVEN_UP = "given_up", _("工作进程多次中断，已放弃")


class JobProgress(models.Model):
    """A job that somebody asked for; visible to that account only (row-level security by `asked_by`)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("类别"), max_length=64)
    title = models.CharField(_("名称"), max_length=200)
    asked_by = models.CharField(_("发起账号"), max_length=32)
    org = models.BigIntegerField(_("发起单位"))
    done = models.IntegerField(_("已完成"), default=0)
    total = models.IntegerField(_("总数"), default=0)
    state = models.CharField(_("状态"), max_length=8, choices=JobState.choices, default=JobState.QUEUED)
    ended = models.CharField(_("没有完成的原因"), max_length=8, choices=JobEnd.choices, blank=True)
    message = models.CharField(_("说明"), max_length=300, blank=True)
    result = models.JSONField(_("结果"), default=dict, blank=True)
    queued_at = models.DateTimeField(_("排队时间"), auto_now_add=True)
    started_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("done", "total", "state", "ended", "queued_at", "started_at", "finished_at"), "public"
        ),
        **dict.fromkeys(("title", "asked_by", "message", "result"), "personal"),
    }

    class Meta:
        verbose_name = _("后台任务")
        indexes = [models.Index(fields=["asked_by", "-queued_at"], name="job_asked_by")]

    def __str__(self) -> str:
        return f"{self.title} {self.get_state_display()}"

    @property
    def finished(self) -> bool:
        """True when nothing more will happen."""
        return self.state in {JobState.DONE, JobState.FAILED}


class KeptFile(models.Model):
    """A file that a job makes for whoever asked, encrypted, for a week; opened by that account in that role only."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    job = models.OneToOneField(JobProgress, models.CASCADE, related_name="file", null=True)
    asked_by = models.CharField(_("发起账号"), max_length=32)
    org = models.BigIntegerField(_("发起单位"))
    role = models.CharField(_("发起职务"), max_length=32)
    name = models.CharField(_("文件名"), max_length=120)
    asked_text = EncryptedTextField(_("要什么"), editable=False)
    """The address that was asked for: it may hold a name that was searched for."""
    content = models.BinaryField(null=True, editable=False)
    size = models.IntegerField(_("大小（字节）"), default=0)
    kept_until = models.DateTimeField(_("保留至"))

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("role", "size", "kept_until"), "public"),
        **dict.fromkeys(("job", "asked_by", "name"), "personal"),
        **dict.fromkeys(("asked_text", "content"), "sensitive"),
    }

    class Meta:
        verbose_name = _("导出文件")
        indexes = [models.Index(fields=["kept_until"], name="kept_file_until")]

    def __str__(self) -> str:
        return self.name


class Attempt(models.Model):
    """Tries of one thing by one phone or address in one window of time; `key` is a keyed hash (see `limits`)."""

    key = models.BinaryField(editable=False)
    begun_at = models.DateTimeField()
    number = models.IntegerField(default=0)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("key", "begun_at", "number"), "personal")

    class Meta:
        verbose_name = _("尝试次数")
        constraints = [models.UniqueConstraint(fields=["key", "begun_at"], name="attempt_once_per_window")]
        indexes = [models.Index(fields=["begun_at"], name="attempt_begun")]

    def __str__(self) -> str:
        return f"{self.begun_at} {self.number}"
