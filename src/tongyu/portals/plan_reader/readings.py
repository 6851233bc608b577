"""How the paper's unclear words are read: the list for the office, one click to confirm, a form to write it anew."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.core.ids import uuid7
from tongyu.duties.queries.scope import county_of
from tongyu.plan import actions, labels, queries, wording
from tongyu.plan.models import Interpretation
from tongyu.plan.rights import SET_READINGS
from tongyu.portals.plan_reader.asking import plan_of
from tongyu.records.forms import attempt
from tongyu.shell.forms import Day, ShellForm

STALE = gettext_lazy("页面已过期，请刷新后重新填写。")


class ReadingForm(ShellForm):
    """The office's reading of some words, its paper, and from which day. `id` makes it one, however often sent."""

    id = forms.UUIDField(widget=forms.HiddenInput, error_messages={"required": STALE, "invalid": STALE})
    reading = forms.CharField(
        label=gettext_lazy("怎样理解"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("一句话说清楚。解释不改变怎样计算；要改次数，请改数值。"),
    )
    paper = forms.CharField(
        label=gettext_lazy("文号"), max_length=60, help_text=gettext_lazy("例如：永协办〔2026〕3号")
    )
    paper_date = forms.DateField(label=gettext_lazy("文件日期"), widget=Day)
    valid_from = forms.DateField(
        label=gettext_lazy("自哪天起"), widget=Day, help_text=gettext_lazy("以前的日子仍按以前的解释。")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["id"].initial = uuid7


@require_GET
@requires(SET_READINGS)
def listed(request: Any) -> HttpResponse:
    """Every doubt of the paper with its reading; what waits for the office first."""
    rows = queries.interpretations(plan_of(request.asker), county_of(request.asker), clock.today())
    waiting = [_shown(row) for row in rows if row.source["kind"] == "office"]
    settled = [_shown(row) for row in rows if row.source["kind"] != "office"]
    return render(request, "plan_reader/readings.html", {"waiting": waiting, "settled": settled})


@require_http_methods(["GET", "POST"])
@requires(SET_READINGS)
def write(request: Any, pk: int) -> HttpResponse:
    """Write, or replace, how the words are read."""
    doubt = _doubt(request, pk)
    form = ReadingForm(
        request.POST if request.method == "POST" else None,
        initial={"reading": doubt.reading, "valid_from": clock.today()},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if attempt(form, lambda: actions.write_reading(by=request.asker, doubt=doubt, **data)):
            messages.success(request, _("解释已保存，在方案里看得到。"))
            return redirect("plan_reader:readings")
    context = {"form": form, "one": _shown(doubt)}
    return render(request, "plan_reader/reading.html", context, status=422 if form.errors else 200)


@require_POST
@requires(SET_READINGS)
def confirm(request: Any, pk: int) -> HttpResponse:
    """The starting reading holds as it stands."""
    doubt = _doubt(request, pk)
    try:
        actions.confirm_reading(by=request.asker, doubt=doubt)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("已确认。"))
    return redirect("plan_reader:readings")


def _doubt(request: Any, pk: int) -> Interpretation:
    """The doubt as it is read today in the asker's county."""
    rows = queries.interpretations(plan_of(request.asker), county_of(request.asker), clock.today())
    found = next((row for row in rows if row.pk == pk), None)
    if found is None:
        raise Http404(_("方案里没有这一处疑点"))
    return found


def _shown(row: Interpretation) -> dict[str, Any]:
    return {
        "pk": row.pk,
        "kind": str(labels.DOUBTS.get(row.kind, row.kind)),
        "words": row.words,
        "clause": row.clause.key,
        "title": row.obligation.title if row.obligation else "",
        "key": row.obligation.key if row.obligation else "",
        "reading": row.reading,
        "ground": wording.ground(row.source),
        "valid_from": row.valid_from,
    }
