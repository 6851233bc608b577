"""The forms of coming in, of mending, and of guardianship."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from tongyu.core.sheets import values
from tongyu.directory.models import Capacity, Relation
from tongyu.shell.forms import Chips, Day, ShellForm


class PhoneField(forms.CharField):
    """A mainland mobile number; the cleaned value is E.164."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("手机号"))
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel", "maxlength": 20})
        )
        super().__init__(max_length=20, **kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        found = values.phone(text)
        if found.fault:
            raise forms.ValidationError(found.fault.reason)
        number = str(found.value)
        if not number.startswith("+861") or len(number) != 14:
            raise forms.ValidationError(_("请填写手机号，座机收不到验证码。"))
        return number


class CodeField(forms.CharField):
    """The one-time code: six digits, full-width ones as well."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "maxlength": 8}
        super().__init__(
            label=_("短信验证码"), max_length=8, required=False, widget=forms.TextInput(attrs=attrs), **kwargs
        )

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return "".join(str(int(each)) for each in text if each.isdecimal())


class JoinForm(ShellForm):
    """Who the guardian is and whose; the code of the class comes from the slip."""

    code = forms.CharField(
        label=_("班级邀请码"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        help_text=_("在班主任发的纸条上，8位字母和数字。"),
    )
    child_name = forms.CharField(label=_("孩子姓名"), max_length=60)
    relation = forms.ChoiceField(label=_("您是孩子的"), choices=Relation.choices, widget=Chips)
    name = forms.CharField(
        label=_("您的姓名"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    phone = PhoneField(help_text=_("填学校登记的手机号；不一致时由班主任核对。"))
    one_time = CodeField()


class SignInForm(ShellForm):
    """The phone, then the code that was sent to it."""

    phone = PhoneField()
    one_time = CodeField()


class PasswordForm(ShellForm):
    """The phone and the password that the guardian has set."""

    phone = PhoneField()
    password = forms.CharField(
        label=_("密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class GuardianForm(ShellForm):
    """One more adult of a child."""

    name = forms.CharField(label=_("姓名"), max_length=60)
    relation = forms.ChoiceField(label=_("关系"), choices=Relation.choices, widget=Chips)
    phone = PhoneField()


class StateForm(ShellForm):
    """What a document says about an adult and a child."""

    capacity = forms.ChoiceField(label=_("身份"), choices=Capacity.choices, widget=Chips)
    may_see = forms.BooleanField(label=_("可以查看孩子在校情况"), required=False)
    may_decide = forms.BooleanField(label=_("可以代孩子签字、作主"), required=False)
    may_pick_up = forms.BooleanField(label=_("可以接送"), required=False)
    source = forms.CharField(
        label=_("依据的文件"), max_length=120, help_text=_("如离婚协议、法院判决书、委托照护协议及日期。")
    )
    until_day = forms.DateField(label=_("到哪天为止（含当天）"), widget=Day, required=False)


class BlockForm(ShellForm):
    """Keep an adult from a child."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    document = forms.CharField(
        label=_("依据的文件"), max_length=120, help_text=_("如人身安全保护令、撤销监护资格判决及编号。")
    )
    until_day = forms.DateField(label=_("到哪天为止（含当天）"), widget=Day, required=False)


class LiftForm(ShellForm):
    """End a block."""

    why = forms.CharField(label=_("解除的依据"), max_length=120)
