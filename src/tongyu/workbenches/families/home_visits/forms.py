"""The form of a home visit: chips with sensible answers already chosen, and one line of text."""

from datetime import date
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.directory.models import Guardianship
from tongyu.directory.models.people import Relation
from tongyu.records.forms import ReasonForm
from tongyu.shell.forms import Day, ManyChips, ShellForm
from tongyu.workbenches.families.home_visits.models import HomeVisit, Met, Topic, Visitor
from tongyu.workbenches.families.home_visits.queries import partner_codes
from tongyu.workbenches.families.home_visits.rules import OWN_VISITOR

MET_BY_RELATION: dict[str, Met] = {
    Relation.FATHER: Met.FATHER,
    Relation.MOTHER: Met.MOTHER,
    Relation.GRANDPARENT: Met.GRANDPARENT,
}
STALE = _("页面已过期，请刷新后重新填写。")


class VisitFields(ShellForm):
    """What is asked of a visit, new or corrected."""

    visitors = forms.MultipleChoiceField(label=_("谁去的"), widget=ManyChips)
    met = forms.MultipleChoiceField(label=_("见到了谁"), choices=lambda: Met.choices, widget=ManyChips)
    topics = forms.MultipleChoiceField(
        label=_("谈了什么"), choices=lambda: Topic.choices, widget=ManyChips, required=False
    )
    line = forms.CharField(
        label=_("一句话记录"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "enterkeyhint": "done"}),
    )
    own_topics = forms.CharField(
        label=_("别的话题"), max_length=100, required=False, help_text=_("多个话题用顿号隔开。")
    )
    follow_up = forms.CharField(
        label=_("需要跟进"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    co_bodies = forms.TypedMultipleChoiceField(
        label=_("一起去的单位"), coerce=int, widget=ManyChips, required=False
    )
    occurred_on = forms.DateField(label=_("家访日期"), widget=Day)

    more = ("occurred_on", "own_topics", "co_bodies")
    """Fields that stand folded away: rarely changed."""

    def __init__(self, *args: Any, asker: Asker, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = OWN_VISITOR.get(asker.role, Visitor.LEADER)
        # Choices are given as callables: a form that is only checked copies and translates none of them.
        self.fields["visitors"].choices = lambda: _visitors(own, get_language() or "")  # type: ignore[attr-defined]
        self.fields["co_bodies"].choices = lambda: partner_codes(asker).items()  # type: ignore[attr-defined]
        self.fields["occurred_on"].widget.attrs["max"] = on.isoformat()
        self.fields["visitors"].initial = [own]
        self.fields["occurred_on"].initial = on

    def content(self) -> dict[str, Any]:
        """The answers as the actions take them."""
        data = {
            name: self.cleaned_data[name] for name in ("visitors", "met", "line", "follow_up", "occurred_on")
        }
        own = [text.strip() for text in self.cleaned_data["own_topics"].replace("，", "、").split("、")]
        topics = [*self.cleaned_data["topics"], *(text for text in own if text)]
        return {**data, "topics": topics, "co_bodies": self.cleaned_data["co_bodies"]}

    @property
    def has_more(self) -> bool:
        """True when something folded away is filled in or wrong."""
        asked = any(self[name].value() for name in ("own_topics", "co_bodies"))
        return asked or any(name in self.errors for name in self.more)


class VisitForm(VisitFields):
    """A new visit; its id is made with the form, so that a second click sends the same record."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    student = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, carers: list[Guardianship], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7
        at_home = next(
            (MET_BY_RELATION[one.relation] for one in carers if one.relation in MET_BY_RELATION), None
        )
        if at_home and carers[0].lives_together:
            self.fields["met"].initial = [at_home]


class CorrectionForm(VisitFields, ReasonForm):
    """The same questions with the answers that stand, and why they change."""

    field_order = ("visitors", "met", "topics", "line", "follow_up")

    def __init__(self, *args: Any, visit: HomeVisit, **kwargs: Any) -> None:
        known = [topic for topic in visit.topics if topic in Topic.values]
        kwargs["initial"] = {
            "visitors": visit.visitors,
            "met": visit.met,
            "topics": known,
            "own_topics": "、".join(topic for topic in visit.topics if topic not in known),
            "line": visit.line,
            "follow_up": visit.follow_up or "",
            "co_bodies": visit.co_bodies,
            "occurred_on": visit.occurred_on,
            "version": visit.version,
        }
        super().__init__(*args, **kwargs)


@lru_cache(maxsize=32)
def _visitors(own: Visitor, _language: str) -> list[tuple[str, str]]:
    """Who may have gone, the asker's own kind marked as such; words, which forms take in faster than lazy ones."""
    me = _("%(role)s（我）") % {"role": own.label}
    return [(value, str(me if value == own else label)) for value, label in Visitor.choices]


class DoneForm(ShellForm):
    """When the follow-up was done."""

    done_on = forms.DateField(label=_("完成日期"), widget=Day)


class AnswerForm(ShellForm):
    """A guardian's word about a visit."""

    took_place = forms.ChoiceField(choices=[("yes", _("情况属实")), ("no", _("没有来过"))])
    words = forms.CharField(
        label=_("想说明的话"), max_length=200, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class OutcomeForm(ShellForm):
    """What a leader found."""

    outcome = forms.CharField(label=_("核实情况"), max_length=200)
