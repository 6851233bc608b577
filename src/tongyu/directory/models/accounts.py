"""The account one signs in with, and its sessions. They say nothing about rights: those come from appointments."""

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _


class AccountManager(BaseUserManager["Account"]):
    """Creates accounts; Django's and allauth's entry point."""

    def create_user(self, username: str, password: str | None = None, **fields: object) -> "Account":
        """A new account with that user name; without a password it cannot sign in by password."""
        account = self.model(username=username, **fields)
        account.set_password(password)
        account.save(using=self._db)
        return account


class Account(AbstractBaseUser):
    """Sign-in name and password hash, nothing personal."""

    username = models.CharField(_("用户名"), max_length=64, unique=True)
    email = models.EmailField(_("电子邮箱"), blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    password_given = models.BooleanField(
        _("初始密码"), default=False, help_text=_("别人设的密码，下次登录后要改")
    )
    created_at = models.DateTimeField(_("开通时间"), auto_now_add=True)
    guardian = models.BooleanField(
        _("家长账号"), default=False, db_default=False, help_text=_("有监护人用它登录，登录时要读孩子")
    )

    objects = AccountManager()

    classified: ClassVar[dict[str, str]] = {"password_given": "personal", "guardian": "personal"}

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("账号")

    def __str__(self) -> str:
        return self.username


class Session(AbstractBaseSession):
    """One browser that is signed in. The account stands beside the data, so that one query finds both.

    `session_key` is the digest of the key that the browser holds.
    """

    session_key = models.CharField("session key", max_length=64, primary_key=True)
    account = models.ForeignKey(Account, models.CASCADE, null=True, blank=True, related_name="sessions")
    device = models.CharField(_("设备"), max_length=16, blank=True, db_default="")
    begun_at = models.DateTimeField(_("登录时间"), null=True)

    classified: ClassVar[dict[str, str]] = {
        **dict.fromkeys(("session_key", "session_data"), "sensitive"),
        **dict.fromkeys(("expire_date", "device", "begun_at"), "personal"),
    }

    class Meta(AbstractBaseSession.Meta):
        verbose_name = "登录会话"

    @classmethod
    def get_session_store_class(cls) -> type[SessionBase]:
        """The engine that keeps these rows."""
        from tongyu.directory.sessions import SessionStore

        return SessionStore
