"""A box to tick stands before its words; that it may stay empty needs no saying."""

from django import forms

from tongyu.shell.forms import ShellForm


class Sample(ShellForm):
    may_see = forms.BooleanField(label="可以查看", required=False, help_text="照料人也可以")


def test_the_words_belong_to_the_box():
    drawn = Sample()["may_see"].as_field_group()
    assert '<label class="check-row"><input type="checkbox"' in drawn
    assert "可以查看" in drawn
    assert "可不填" not in drawn
    assert "照料人也可以" in drawn
