"""The bulletin itself, its files, and the reminders that were sent."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.workbenches.families.bulletins.models.deciding import Need, Whose


class Bulletin(models.Model):
    """Words to the families of every child in `[org, hi)` on the day it was sent. Written once, never changed.

    `spread_at` says that every family has it; a large one takes the job queue a while. A withdrawn one stays visible.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("发给"))
    hi = models.BigIntegerField(editable=False)
    title = models.CharField(_("标题"), max_length=60)
    text = EncryptedTextField(_("正文"), max_length=3000)
    need = models.CharField(_("请家长"), max_length=8, choices=Need.choices)
    whose = models.CharField(_("谁签字"), max_length=4, choices=Whose.choices, default=Whose.ANY)
    deadline = models.DateField(_("截止日期"), null=True, blank=True)
    by_account = models.BigIntegerField(editable=False)
    by_role = models.CharField(max_length=32, editable=False)
    by_body = models.BigIntegerField(editable=False)
    by_name = models.CharField(_("发送人"), max_length=60)
    body_name = models.CharField(_("发送单位"), max_length=120)
    sent_at = models.DateTimeField(_("发送时间"))
    spread_at = models.DateTimeField(_("送完时间"), null=True)
    children = models.IntegerField(_("孩子"), default=0)
    job_id = models.UUIDField(null=True, editable=False)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)
    withdrawn_why = models.CharField(_("撤回原因"), max_length=200, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            ("hi", "need", "whose", "deadline", "sent_at", "spread_at", "children", "job_id", "body_name"),
            "public",
        ),
        **dict.fromkeys(("title", "text", "by_name", "withdrawn_why"), "personal"),
    }

    class Meta:
        verbose_name = _("通知")
        ordering = ["-sent_at"]
        indexes = [
            models.Index(fields=["by_body", "-sent_at"], name="bulletin_by_body"),
            models.Index(fields=["org"], name="bulletin_org"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(hi__gt=F("org")), name="bulletin_range"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_why=""), name="bulletin_withdrawn_why"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BulletinFile(models.Model):
    """A picture, a document, or the sender's voice (≤ 60 s). Never required."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, db_constraint=False, related_name="files")
    org = models.BigIntegerField()
    name = models.CharField(_("文件名"), max_length=120)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField(_("大小（字节）"))
    seconds = models.SmallIntegerField(_("时长（秒）"), null=True, blank=True, help_text=_("只有录音才有"))

    classified: ClassVar[dict[str, str]] = {"bulletin": "public", "seconds": "public"}

    class Meta:
        verbose_name = _("通知附件")

    def __str__(self) -> str:
        return self.name


class Reminder(models.Model):
    """That those who had not answered were reminded: at most twice in seven days."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bulletin = models.ForeignKey(Bulletin, models.PROTECT, db_constraint=False, related_name="reminders")
    org = models.BigIntegerField()
    by_account = models.BigIntegerField(editable=False)
    at = models.DateTimeField(_("时间"))
    children = models.IntegerField(_("提醒的孩子"))

    classified: ClassVar[dict[str, str]] = {"bulletin": "public", "children": "public"}

    class Meta:
        verbose_name = _("提醒")

    def __str__(self) -> str:
        return f"{self.bulletin_id} {self.at}"
