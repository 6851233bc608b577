"""Whether a password was given by somebody else. Those that stand are left alone: nobody knows who made them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("directory", "0010_reorganisations")]
    operations = [
        migrations.AddField(
            "account",
            "password_given",
            models.BooleanField(
                default=False, help_text="别人设的密码，下次登录后要改", verbose_name="初始密码"
            ),
        ),
    ]
