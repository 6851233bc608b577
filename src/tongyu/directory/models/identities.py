"""Identities at WeChat, WeCom and DingTalk that open an account, as its holder has linked them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from tongyu.core.encryption import EncryptedTextField
from tongyu.core.ids import uuid7
from tongyu.directory.models.accounts import Account


class Vendor(models.TextChoices):
    """Who vouches for the identity; the keys are those of django-allauth's providers."""

    WEIXIN = "weixin", _("微信")
    WECOM = "wecom", _("企业微信")
    DINGTALK = "dingtalk", _("钉钉")


class Identity(models.Model):
    """One person at one vendor, linked to one account by somebody who was signed in to it.

    Of the vendor only its id for the person is kept: no name, no picture, no token. `uid_index` finds it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(
        Account, models.CASCADE, related_name="identities", verbose_name=_("账号"), db_index=False
    )
    vendor = models.CharField(_("登录方式"), max_length=16, choices=Vendor.choices)
    uid = EncryptedTextField(_("对方的编号"))
    uid_index = models.BinaryField(editable=False)
    with_password = models.BooleanField(
        _("用密码登录时绑定"), help_text=_("只有这样绑定的，才能打开有工作身份的账号")
    )
    linked_at = models.DateTimeField(_("绑定时间"))

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("uid", "uid_index"), "sensitive"),
        **dict.fromkeys(("vendor", "with_password", "linked_at"), "personal"),
    }

    class Meta:
        verbose_name = _("绑定的登录方式")
        constraints = [
            models.UniqueConstraint(fields=["uid_index"], name="identity_once"),
            models.UniqueConstraint(fields=["account", "vendor"], name="identity_one_a_vendor"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} {self.vendor}"
