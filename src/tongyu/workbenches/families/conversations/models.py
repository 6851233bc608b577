"""What is kept of a conversation: who may be in it, its messages, how far each account has read."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models import Guardian, Relation, Student


class Audience(models.TextChoices):
    """Which guardians of the child a conversation is with."""

    ALL = "all", _("和全体监护人")
    ONE = "one", _("只和这位监护人")


class Conversation(models.Model):
    """Teachers and the guardians of one child. `org` is the child's class and follows the child.

    `seats` are the hats that are in: `<account> <role>@<body>`, and `* <role>@<body>` for whoever holds the post. They
    are named once, when the conversation is opened: nobody who comes later reads what was said before. The guardians
    are in by right, not by a list: those who may see something of the child on the day.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = models.ForeignKey(
        Student, models.PROTECT, db_constraint=False, db_index=False, related_name="+", verbose_name=_("学生")
    )
    org = models.BigIntegerField(_("学生班级"))
    audience = models.CharField(_("和谁"), max_length=4, choices=Audience.choices)
    guardian = models.ForeignKey(
        Guardian, models.PROTECT, null=True, related_name="+", verbose_name=_("监护人")
    )
    seats = ArrayField(models.CharField(max_length=80), verbose_name=_("在场的教师"))
    topic = EncryptedTextField(_("事由"), max_length=60)
    last_number = models.IntegerField(_("最后一条"), default=0)
    last_at = models.DateTimeField(_("最后一条的时间"), null=True)
    by_account = models.BigIntegerField(_("发起账号"), editable=False)
    by_role = models.CharField(_("发起人职务"), max_length=32, editable=False)
    opened_at = models.DateTimeField(_("发起时间"))

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("audience", "seats", "last_number", "last_at", "opened_at"), "personal"),
        "topic": "sensitive",
    }

    class Meta:
        verbose_name = _("家校沟通")
        indexes = [
            models.Index(fields=["student"], name="conversation_student"),
            models.Index(fields=["org"], name="conversation_org"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience=Audience.ALL, guardian__isnull=True)
                | Q(audience=Audience.ONE, guardian__isnull=False),
                name="conversation_audience",
            ),
            models.CheckConstraint(condition=Q(seats__len__gt=0), name="conversation_has_a_teacher"),
        ]

    def __str__(self) -> str:
        return f"{self.student_id} {self.opened_at}"


class Message(models.Model):
    """One message, written once and never changed; taken back it stays as 已撤回.

    `number` is its place, given under the conversation's lock: neither ids nor clocks of clients order anything.
    `readers` are the guardians who were in when it was written: nobody else's right later opens it to them.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(
        Conversation, models.PROTECT, db_constraint=False, db_index=False, related_name="messages"
    )
    student = models.ForeignKey(
        Student, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    org = models.BigIntegerField()
    number = models.IntegerField(_("序号"))
    text = EncryptedTextField(_("内容"), max_length=1000)
    readers = ArrayField(models.UUIDField(), default=list, verbose_name=_("当时在场的监护人"))
    by_account = models.BigIntegerField(editable=False)
    by_role = models.CharField(max_length=32, editable=False)
    by_name = models.CharField(_("发送人"), max_length=60)
    by_relation = models.CharField(_("和孩子的关系"), max_length=16, choices=Relation.choices, blank=True)
    at = models.DateTimeField(_("时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("conversation", "number", "readers", "by_name", "by_relation"), "personal"),
        "text": "sensitive",
    }

    class Meta:
        verbose_name = _("消息")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "number"], name="message_number_once"),
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} {self.number}"


class MessageFile(models.Model):
    """A picture or document that somebody sent along. Never required."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, models.PROTECT, db_constraint=False, related_name="files")
    org = models.BigIntegerField()
    name = models.CharField(_("文件名"), max_length=120)
    path = models.CharField(max_length=200)
    media_type = models.CharField(max_length=80)
    size = models.IntegerField(_("大小（字节）"))

    classified: ClassVar[dict[str, str]] = {"message": "personal"}

    class Meta:
        verbose_name = _("消息附件")

    def __str__(self) -> str:
        return self.name


class ReadTo(models.Model):
    """How far an account has read a conversation: a number, no time. For its own count, and for the sender alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    conversation = models.ForeignKey(
        Conversation, models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    org = models.BigIntegerField()
    by_account = models.BigIntegerField()
    number = models.IntegerField(default=0)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(("conversation", "number"), "personal")

    class Meta:
        verbose_name = _("已读到")
        constraints = [
            models.UniqueConstraint(fields=["conversation", "by_account"], name="read_to_once"),
        ]

    def __str__(self) -> str:
        return f"{self.by_account} {self.number}"
