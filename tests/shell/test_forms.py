"""Forms: what a missing answer says, the look of the controls, chips."""

from django import forms
from django.utils import translation

from tongyu.shell.forms import Chips, ManyChips, ShellForm


class Meal(ShellForm):
    """Two questions."""

    name = forms.CharField(label="菜名")
    taste = forms.ChoiceField(label="口味", choices=[("a", "<辣>"), ("b", "甜")], widget=Chips)


class Dinner(Meal):
    """One more, and one that only some forms have."""

    guests = forms.MultipleChoiceField(choices=[("1", "甲"), ("2", "乙")], widget=ManyChips, required=False)

    def __init__(self, *args, wine=False, **kwargs):
        super().__init__(*args, **kwargs)
        if wine:
            self.fields["wine"] = forms.CharField()
            self.fields["name"].widget.attrs["class"] += " wide"


def test_a_missing_answer_names_its_field():
    assert dict(Meal({}).errors) == {"name": ["请填写菜名。"], "taste": ["请选择口味。"]}
    assert dict(Dinner({}).errors) == dict(Meal({}).errors)


def test_a_missing_answer_is_told_in_the_language_of_the_moment():
    with translation.override("en"):
        said = str(Meal({}).errors["name"][0])
    assert (said == "请填写菜名。", "菜名" in said) == (False, True)
    assert Meal({}).errors["name"] == ["请填写菜名。"]


def test_controls_have_their_class_once_however_many_forms_there_are():
    assert [Dinner()["name"].field.widget.attrs["class"] for _ in range(3)] == ["form-control"] * 3
    assert Dinner(wine=True)["name"].field.widget.attrs["class"] == "form-control wide"
    assert Dinner()["name"].field.widget.attrs["class"] == "form-control"


def test_chips_are_real_controls_and_escape_their_words():
    drawn = str(Dinner({"taste": "b", "guests": ["2"]})["taste"])
    assert drawn == (
        '<div class="chips" id="id_taste" tabindex="-1">'
        '<label class="chip"><input type="radio" name="taste" value="a" id="id_taste_0" required>'
        "<span>&lt;辣&gt;</span></label>"
        '<label class="chip"><input type="radio" name="taste" value="b" id="id_taste_1" checked required>'
        "<span>甜</span></label></div>"
    )
    guests = str(Dinner({"guests": ["2"]})["guests"])
    assert [part.split('"')[0] for part in guests.split('value="')[1:]] == ["1", "2"]
    assert (guests.count("checked"), guests.count('type="checkbox"')) == (1, 2)
