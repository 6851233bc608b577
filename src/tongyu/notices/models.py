"""A message, what each person was told of it, the children it is about, and each try to carry it outside."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7


class State(models.TextChoices):
    """Where a message to one person stands on its way outside. In the inbox it lies from the start."""

    INSIDE = "inside", _("只在消息里")
    QUEUED = "queued", _("等待发送")
    HELD = "held", _("静默时段，早上发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发出")
    FAILED = "failed", _("没有送达")
    UNSURE = "unsure", _("发送中断，不知是否送达")
    DROPPED = "dropped", _("不再发送")


WAITING = (State.QUEUED, State.HELD)


class Message(models.Model):
    """What is said, once for everybody who is told it. No child's name stands in it: see `Concern`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("发出单位"))
    topic = models.CharField(_("种类"), max_length=40)
    key = models.CharField(max_length=80)
    """Sent twice under the same key, it is one message."""
    title = models.CharField(_("标题"), max_length=120)
    body = models.TextField(_("内容"), blank=True)
    url = models.CharField(_("链接"), max_length=300, blank=True)
    words = models.JSONField(_("短信模板参数"), default=dict, blank=True)
    by_account = models.BigIntegerField(_("发送账号"), null=True, editable=False)
    sent_at = models.DateTimeField(_("发送时间"))
    expires_at = models.DateTimeField(_("过期时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys("topic key sent_at expires_at".split(), "public"),
        **dict.fromkeys("title body url words".split(), "personal"),
    }

    class Meta:
        verbose_name = _("消息")
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="message_once")]

    def __str__(self) -> str:
        return self.title


class Delivery(models.Model):
    """One message to one person: the line in the inbox, and how far it came outside."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    message = models.ForeignKey(Message, models.CASCADE, related_name="deliveries")
    org = models.BigIntegerField(_("单位或班级"))
    account_id = models.BigIntegerField(null=True, editable=False)
    guardian_id = models.UUIDField(null=True, editable=False)
    family = models.BooleanField(default=False)
    """Told as a guardian only: seen under that hat, as long as one of the children is a ward."""
    made_at = models.DateTimeField(_("时间"))
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    urgent = models.BooleanField(default=False)
    state = models.CharField(_("状态"), max_length=8, choices=State.choices)
    due_at = models.DateTimeField(_("何时发送"))
    channel = models.CharField(_("渠道"), max_length=12, blank=True, default="")
    tried = ArrayField(models.CharField(max_length=12), default=list)
    """Channels that have refused this person's address."""
    attempts = models.IntegerField(_("次数"), default=0)
    failures = models.SmallIntegerField(_("失败次数"), default=0)
    claim = models.UUIDField(null=True, editable=False)
    claimed_at = models.DateTimeField(null=True, editable=False)
    called_at = models.DateTimeField(null=True, editable=False)
    """Set before the vendor is called, cleared when it has answered: without it a killed worker has sent nothing."""
    code = models.CharField(_("原因"), max_length=60, blank=True, default="")
    sealed_text = EncryptedTextField(null=True, editable=False)
    """Of a one-time code its telephone number and parameters, until it has gone out or expired."""

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            "message family made_at urgent state due_at channel tried attempts failures claim claimed_at"
            " called_at code".split(),
            "public",
        ),
        **dict.fromkeys("guardian_id read_at".split(), "personal"),
        "sealed_text": "sensitive",
    }

    class Meta:
        verbose_name = _("收到的消息")
        indexes = [
            models.Index(fields=["account_id", "-made_at"], name="delivery_account"),
            models.Index(fields=["guardian_id"], name="delivery_guardian"),
            models.Index(fields=["org"], name="delivery_org"),
            models.Index(
                fields=["-urgent", "due_at"], condition=Q(state__in=["queued", "held"]), name="delivery_due"
            ),
            models.Index(fields=["claimed_at"], condition=Q(state="sending"), name="delivery_sending"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["message", "account_id"],
                condition=Q(account_id__isnull=False),
                name="delivery_once_an_account",
            ),
            models.UniqueConstraint(
                fields=["message", "guardian_id"],
                condition=Q(guardian_id__isnull=False),
                name="delivery_once_a_guardian",
            ),
            models.CheckConstraint(
                condition=Q(state="sending", claim__isnull=False) | ~Q(state="sending"),
                name="delivery_sending_is_claimed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class Concern(models.Model):
    """A child that a message to a guardian is about. `org` is the child's class."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="concerns")
    org = models.BigIntegerField(_("班级"))
    student_id = models.UUIDField(editable=False)
    guardian_id = models.UUIDField(editable=False)

    classified: ClassVar[dict[str, str]] = {
        "delivery": "public",
        **dict.fromkeys("student_id guardian_id".split(), "personal"),
    }

    class Meta:
        verbose_name = _("消息涉及的学生")
        indexes = [models.Index(fields=["org"], name="concern_org")]
        constraints = [models.UniqueConstraint(fields=["delivery", "student_id"], name="concern_once")]

    def __str__(self) -> str:
        return f"{self.delivery_id} {self.student_id}"


class Attempt(models.Model):
    """One call of a vendor for one person, and what came of it: the delivery log."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(Delivery, models.CASCADE, related_name="log")
    org = models.BigIntegerField(_("单位或班级"))
    channel = models.CharField(_("渠道"), max_length=12)
    at = models.DateTimeField(_("时间"))
    outcome = models.CharField(_("结果"), max_length=8)
    code = models.CharField(_("渠道返回"), max_length=60, blank=True)
    vendor_id = models.CharField(_("渠道编号"), max_length=80, blank=True)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        "delivery channel at outcome code vendor_id".split(), "public"
    )

    class Meta:
        verbose_name = _("发送记录")

    def __str__(self) -> str:
        return f"{self.channel} {self.outcome}"


class Address(models.Model):
    """Under which name a channel knows somebody: a WeCom or DingTalk user. Telephones stand in the directory."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("单位"))
    account_id = models.BigIntegerField(null=True, editable=False)
    guardian_id = models.UUIDField(null=True, editable=False)
    channel = models.CharField(_("渠道"), max_length=12)
    address_text = EncryptedTextField(_("渠道中的用户"))

    classified: ClassVar[dict[str, str]] = {
        "channel": "public",
        "guardian_id": "personal",
        "address_text": "sensitive",
    }

    class Meta:
        verbose_name = _("渠道地址")
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "channel"],
                condition=Q(account_id__isnull=False),
                name="address_of_account",
            ),
            models.UniqueConstraint(
                fields=["guardian_id", "channel"],
                condition=Q(guardian_id__isnull=False),
                name="address_of_guardian",
            ),
            models.CheckConstraint(
                condition=Q(account_id__isnull=False) | Q(guardian_id__isnull=False), name="address_has_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.channel


class Preference(models.Model):
    """The channels that somebody has turned off. Without a row all are on."""

    account_id = models.BigIntegerField(primary_key=True)
    off = ArrayField(models.CharField(max_length=12), default=list)
    changed_at = models.DateTimeField(_("修改时间"))

    class Meta:
        verbose_name = _("消息偏好")

    def __str__(self) -> str:
        return ",".join(self.off)
