"""What every record has, and what is kept about its changes and its files."""

import json
from typing import Any, ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7


class Record(models.Model):
    """Something that happened, entered once where the work is done.

    Three times: `occurred_on` (the day it happened), `entered_at` (when somebody wrote it down, on whatever
    device), `received_at` (when this server had it). `org` is the body at which it was done. The id may come from
    the client, so that the same record sent twice is one record.
    """

    kind_key: ClassVar[str] = ""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("记录单位"), editable=False)
    by_role = models.CharField(_("记录人职务"), max_length=32, editable=False)
    by_staff = models.UUIDField(_("记录人"), null=True, editable=False)
    by_account = models.BigIntegerField(_("记录账号"), null=True, editable=False)
    occurred_on = models.DateField(_("日期"))
    entered_at = models.DateTimeField(_("填写时间"), null=True, editable=False)
    received_at = models.DateTimeField(_("收到时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True, editable=False)
    version = models.IntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def snapshot(self) -> dict[str, Any]:
        """The record's editable fields as plain JSON, for the revision."""
        return json.loads(self.snapshot_text())

    def snapshot_text(self) -> str:
        """The same as text, as the revision keeps it."""
        return json.dumps(model_to_dict(self), cls=DjangoJSONEncoder, ensure_ascii=False)


class Revision(models.Model):
    """Why a record was corrected or withdrawn, and what stood there before (encrypted: it may hold anything)."""

    CORRECTED, WITHDRAWN = "corrected", "withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    record_id = models.UUIDField()
    org = models.BigIntegerField()
    act = models.CharField(_("操作"), max_length=16, choices=[(CORRECTED, _("更正")), (WITHDRAWN, _("撤回"))])
    reason = models.CharField(_("原因"), max_length=200)
    before_text = EncryptedTextField(_("原内容"), editable=False)
    by_account = models.BigIntegerField(_("经办账号"))
    by_role = models.CharField(_("经办人职务"), max_length=32)
    at = models.DateTimeField(_("时间"), auto_now_add=True)

    classified: ClassVar[dict[str, str]] = {"before_text": "sensitive"}

    class Meta:
        verbose_name = _("更正与撤回")
        ordering = ["at"]
        indexes = [models.Index(fields=["kind", "record_id"], name="revision_record")]

    def __str__(self) -> str:
        return f"{self.act} {self.kind} {self.record_id}"

    @property
    def before(self) -> dict[str, Any]:
        """What stood there before, by field name."""
        return json.loads(self.before_text)


class Attachment(models.Model):
    """A photo or file that somebody chose to add. Never required."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    record_id = models.UUIDField()
    org = models.BigIntegerField()
    name = models.CharField(_("文件名"), max_length=120)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField(_("大小（字节）"))
    by_account = models.BigIntegerField()
    at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("附件")
        ordering = ["at"]
        indexes = [models.Index(fields=["kind", "record_id"], name="attachment_record")]

    def __str__(self) -> str:
        return self.name


class Confirmation(models.Model):
    """What a guardian says about a record of the own child: it took place, or it did not.

    Two guardians' answers stand beside each other; an own new answer supersedes the one before, which is kept.
    `org` is the record's. A "no" waits until the school has looked at it (`looked_at`).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=32)
    record_id = models.UUIDField()
    org = models.BigIntegerField()
    student_id = models.UUIDField(_("学生"))
    guardian_id = models.UUIDField(_("监护人"))
    by_account = models.BigIntegerField(_("答复账号"))
    took_place = models.BooleanField(_("情况属实"))
    words = EncryptedTextField(_("说明"), max_length=200, null=True, blank=True)
    at = models.DateTimeField(_("答复时间"))
    replaced_at = models.DateTimeField(null=True, editable=False)
    looked_at = models.DateTimeField(_("核实时间"), null=True, editable=False)
    looked_by = models.BigIntegerField(_("核实账号"), null=True, editable=False)
    outcome = models.CharField(_("核实情况"), max_length=200, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("kind", "record_id"), "public"),
        **dict.fromkeys(
            ("student_id", "guardian_id", "took_place", "at", "replaced_at", "looked_at", "looked_by"),
            "personal",
        ),
        **dict.fromkeys(("words", "outcome"), "sensitive"),
    }

    class Meta:
        verbose_name = _("家长确认")
        indexes = [
            models.Index(fields=["kind", "record_id"], name="confirmation_record"),
            models.Index(fields=["org", "kind"], name="confirmation_org"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "record_id", "student_id", "by_account"],
                condition=models.Q(replaced_at__isnull=True),
                name="confirmation_one_standing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.record_id} {self.took_place}"
