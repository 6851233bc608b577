"""Identities at WeChat, WeCom and DingTalk; what django-allauth would keep of them itself cannot be written."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tongyu.core.encryption
import tongyu.core.ids
from tongyu.core.rls import APP_ROLE, PERSON, Audit, Protect, ReadOnlyForApp, in_range

# Of a person and no place: the system, or the person itself.
OWN = f"{in_range('0')} OR account_id::text = {PERSON}"
# Deleting stays allowed: Django asks for it when an account is deleted.
UNWRITTEN = ("socialaccount_socialaccount", "socialaccount_socialtoken")


class Migration(migrations.Migration):
    dependencies = [
        ("directory", "0015_families_protected"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
    ]

    operations = [
        migrations.CreateModel(
            name="Identity",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=tongyu.core.ids.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "vendor",
                    models.CharField(
                        choices=[("weixin", "微信"), ("wecom", "企业微信"), ("dingtalk", "钉钉")],
                        max_length=16,
                        verbose_name="登录方式",
                    ),
                ),
                ("uid", tongyu.core.encryption.EncryptedTextField(verbose_name="对方的编号")),
                ("uid_index", models.BinaryField()),
                (
                    "with_password",
                    models.BooleanField(
                        help_text="只有这样绑定的，才能打开有工作身份的账号",
                        verbose_name="用密码登录时绑定",
                    ),
                ),
                ("linked_at", models.DateTimeField(verbose_name="绑定时间")),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="identities",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="账号",
                    ),
                ),
            ],
            options={
                "verbose_name": "绑定的登录方式",
                "constraints": [
                    models.UniqueConstraint(fields=("uid_index",), name="identity_once"),
                    models.UniqueConstraint(fields=("account", "vendor"), name="identity_one_a_vendor"),
                ],
            },
        ),
        Protect("directory_identity", OWN),
        Audit("directory_identity"),
        *(
            migrations.RunSQL(
                f"REVOKE INSERT, UPDATE, TRUNCATE ON {table} FROM {APP_ROLE}",
                f"GRANT INSERT, UPDATE ON {table} TO {APP_ROLE}",
            )
            for table in UNWRITTEN
        ),
        ReadOnlyForApp("socialaccount_socialapp"),
    ]
