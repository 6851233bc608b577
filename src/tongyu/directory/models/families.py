"""How a guardian comes in: invitations, what did not match, blocks, phones, one-time codes, consent."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models.accounts import Account
from tongyu.directory.models.people import Guardian, Relation, Student


def of_student(**more: Any) -> Any:
    """The pupil of a row whose `org` follows the pupil: the scoped foreign key on both says more than one."""
    return models.ForeignKey(
        Student, models.PROTECT, db_constraint=False, related_name="+", verbose_name=_("学生"), **more
    )


class GuardianBlock(models.Model):
    """A guardian who is kept from one child for a time, `[from_day, until_day)`, on the strength of a document.

    Nothing of the child is in that guardian's reach from the moment the row is committed. `org` follows the child.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = of_student(db_index=False)
    org = models.BigIntegerField(_("学生班级"))
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="blocks")
    from_day = models.DateField(_("起"))
    until_day = models.DateField(_("止"), null=True, blank=True)
    document = models.CharField(_("依据文件"), max_length=120)
    reason = EncryptedTextField(_("原因"), max_length=300)
    by_account = models.BigIntegerField(_("登记账号"), editable=False)
    entered_at = models.DateTimeField(_("登记时间"))
    lifted_at = models.DateTimeField(_("解除时间"), null=True, editable=False)
    lifted_by = models.BigIntegerField(_("解除账号"), null=True, editable=False)
    lifted_why = models.CharField(_("解除依据"), max_length=120, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("document", "reason", "lifted_why", "from_day", "until_day"), "sensitive"),
        "lifted_at": "personal",
        "lifted_by": "personal",
    }

    class Meta:
        verbose_name = _("限制")
        indexes = [
            models.Index(fields=["student", "guardian"], name="block_student_guardian"),
            models.Index(fields=["org"], name="block_org"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(until_day__isnull=True) | Q(until_day__gt=F("from_day")), name="block_in_order"
            ),
            models.UniqueConstraint(
                fields=["student", "guardian"], condition=Q(lifted_at__isnull=True), name="block_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_day} {self.document}"


class ClassInvitation(models.Model):
    """The code with which the families of one class join. `org` is the class; one that holds at a time."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("班级"))
    code = EncryptedTextField(_("邀请码"))
    code_index = models.BinaryField(editable=False)
    made_at = models.DateTimeField(_("生成时间"))
    expires_on = models.DateField(_("有效至"))
    withdrawn_at = models.DateTimeField(_("停用时间"), null=True, blank=True)
    by_account = models.BigIntegerField(_("生成账号"), editable=False)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("code", "code_index"), "sensitive"),
        **dict.fromkeys(("made_at", "expires_on"), "public"),
    }

    class Meta:
        verbose_name = _("班级邀请码")
        constraints = [
            models.UniqueConstraint(fields=["code_index"], name="invitation_code_once"),
            models.UniqueConstraint(
                fields=["org"], condition=Q(withdrawn_at__isnull=True), name="invitation_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.expires_on}"


class JoinState(models.TextChoices):
    """What became of somebody who asked to join and whom the roster does not know like this."""

    OPEN = "open", _("待核对")
    ACCEPTED = "accepted", _("已确认")
    DECLINED = "declined", _("不是本班家长")


class JoinRequest(models.Model):
    """Somebody with a valid invitation and a proven phone whose words the roster does not know.

    The class teacher decides, and sets `student_id` and `guardian_id`. `org` is the class of the invitation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    org = models.BigIntegerField(_("班级"))
    account = models.ForeignKey(Account, models.CASCADE, related_name="join_requests", verbose_name=_("账号"))
    name = models.CharField(_("家长姓名"), max_length=60)
    child_name = models.CharField(_("孩子姓名"), max_length=60)
    relation = models.CharField(_("关系"), max_length=16, choices=Relation.choices)
    phone = EncryptedTextField(_("手机"))
    state = models.CharField(_("状态"), max_length=16, choices=JoinState.choices, default=JoinState.OPEN)
    asked_at = models.DateTimeField(_("提交时间"))
    decided_at = models.DateTimeField(_("处理时间"), null=True, blank=True)
    decided_by = models.BigIntegerField(_("处理账号"), null=True, editable=False)
    student_id = models.UUIDField(_("学生"), null=True, editable=False)
    guardian_id = models.UUIDField(_("监护人"), null=True, editable=False)

    classified: ClassVar[dict[str, str]] = dict.fromkeys(
        (
            "child_name",
            "relation",
            "state",
            "asked_at",
            "decided_at",
            "decided_by",
            "student_id",
            "guardian_id",
        ),
        "personal",
    )

    class Meta:
        verbose_name = _("加入申请")
        indexes = [models.Index(fields=["org", "state"], name="join_request_org")]
        constraints = [
            models.UniqueConstraint(
                fields=["org", "account", "child_name"],
                condition=Q(state=JoinState.OPEN),
                name="join_request_one_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.state}"


class AccountPhone(models.Model):
    """The phone that an account has proven with a one-time code. One phone, one account."""

    account = models.OneToOneField(Account, models.CASCADE, primary_key=True, related_name="phone")
    phone = EncryptedTextField(_("手机"))
    phone_index = models.BinaryField(editable=False)
    proven_at = models.DateTimeField(_("验证时间"))

    class Meta:
        verbose_name = _("登录手机")
        constraints = [models.UniqueConstraint(fields=["phone_index"], name="account_phone_once")]

    def __str__(self) -> str:
        return str(self.account_id)


class OneTimeCode(models.Model):
    """A code sent to a phone, for one browser and one purpose (check C13): a few minutes, five tries, once.

    Neither the phone nor the code stands here: `phone_index` and `code_hash` are keyed hashes.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    phone_index = models.BinaryField(editable=False)
    browser = models.CharField(max_length=64, editable=False)
    purpose = models.CharField(max_length=16, editable=False)
    code_hash = models.BinaryField(editable=False)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.SmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("code_hash", "browser"), "sensitive"),
        **dict.fromkeys(("purpose", "tries", "expires_at", "made_at", "used_at"), "personal"),
    }

    class Meta:
        verbose_name = _("一次性验证码")
        indexes = [models.Index(fields=["phone_index", "made_at"], name="one_time_code_phone")]
        constraints = [
            models.CheckConstraint(condition=Q(tries__gte=0, tries__lte=5), name="one_time_code_tries")
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.made_at}"


class Consent(models.Model):
    """A guardian's consent to the processing of one child's data, by the version of the text that was shown.

    A withdrawal is a time on the row; a new consent is a new row. `org` follows the child.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    student = of_student(db_index=False)
    org = models.BigIntegerField(_("学生班级"))
    guardian = models.ForeignKey(Guardian, models.PROTECT, related_name="consents")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    text_version = models.CharField(_("文本版本"), max_length=16)
    text_hash = models.CharField(_("文本摘要"), max_length=64)
    decides = models.BooleanField(_("代表孩子同意"), help_text=_("由可以代孩子作主的监护人作出"))
    given_at = models.DateTimeField(_("同意时间"))
    withdrawn_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("text_version", "text_hash"), "public"),
        **dict.fromkeys(("decides", "given_at"), "personal"),
    }

    class Meta:
        verbose_name = _("知情同意")
        indexes = [
            models.Index(fields=["student", "guardian"], name="consent_student_guardian"),
            models.Index(fields=["org"], name="consent_org"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["student", "guardian", "text_version"],
                condition=Q(withdrawn_at__isnull=True),
                name="consent_one_standing",
            )
        ]

    def __str__(self) -> str:
        return f"{self.text_version} {self.given_at}"
