"""What documents say about a child's guardians, for the school's leader: standing, rights, blocks."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.families import guarding, reach
from tongyu.directory.families.entitled import ties_on
from tongyu.directory.families.rules import STATE_GUARDIANSHIP
from tongyu.directory.models import GuardianBlock, Guardianship
from tongyu.portals.families.forms import BlockForm, LiftForm, StateForm
from tongyu.records.forms import attempt


@require_GET
@requires(STATE_GUARDIANSHIP)
def guardianships(request: Any, student: UUID) -> HttpResponse:
    """The adults of one child, with what holds and what it rests on."""
    family = reach.family_of(request.asker, student)
    if family is None:
        raise Http404
    blocks = GuardianBlock.objects.filter(student_id=student, lifted_at=None)
    standing = {row.guardian_id: row for row in blocks}
    context = {
        "rows": [_shown(adult, standing.get(adult.guardianship.guardian_id)) for adult in family.adults],
        "family": family,
        "kept_but_seeing": [
            (one.guardianship.guardian.name, other.guardianship.guardian.name)
            for one, other in family.kept_but_seeing()
        ],
    }
    return render(request, "families/guardianships.html", context)


@require_http_methods(["GET", "POST"])
@requires(STATE_GUARDIANSHIP)
def state(request: Any, pk: UUID) -> HttpResponse:
    """Say what a document says."""
    tie = _tie(request.asker, pk)
    now_holds = {
        "capacity": tie.capacity,
        "may_see": tie.may_see,
        "may_decide": tie.may_decide,
        "may_pick_up": tie.may_pick_up,
        "source": tie.source,
        "until_day": _last_day(tie.until_day),
    }
    form = StateForm(request.POST or None, initial=now_holds)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "until_day": _day_after(form.cleaned_data["until_day"])}
        if attempt(form, lambda: guarding.state(by=request.asker, guardianship=tie, **given)):
            messages.success(request, _("已按文件登记。"))
            return redirect("families:guardianships", tie.student_id)
    return _form(request, tie, form, _("监护关系"), _("按文件登记"))


@require_http_methods(["GET", "POST"])
@requires(STATE_GUARDIANSHIP)
def block(request: Any, pk: UUID) -> HttpResponse:
    """Keep this adult from the child."""
    tie = _tie(request.asker, pk)
    form = BlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, "until_day": _day_after(form.cleaned_data["until_day"])}
        if attempt(form, lambda: guarding.block(by=request.asker, guardianship=tie, **given)):
            messages.success(request, _("限制已经生效。"))
            return redirect("families:guardianships", tie.student_id)
    hint = _("限制后，这位家长马上看不到孩子在校的任何情况，也收不到通知；其他家长不受影响。")
    return _form(request, tie, form, _("限制查看"), _("从现在起限制"), hint)


@require_http_methods(["GET", "POST"])
@requires(STATE_GUARDIANSHIP)
def lift(request: Any, pk: UUID) -> HttpResponse:
    """End a block."""
    standing = get_object_or_404(STATE_GUARDIANSHIP.rows(request.asker, GuardianBlock.objects.all()), pk=pk)
    tie = Guardianship.objects.filter(
        student_id=standing.student_id, guardian_id=standing.guardian_id
    ).first()
    if tie is None:
        raise Http404
    form = LiftForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        why = form.cleaned_data["why"]
        if attempt(form, lambda: guarding.lift(by=request.asker, block=standing, why=why)):
            messages.success(request, _("限制已解除。"))
            return redirect("families:guardianships", standing.student_id)
    return _form(request, tie, form, _("解除限制"), _("解除"))


def _shown(adult: reach.Adult, block: GuardianBlock | None) -> dict[str, Any]:
    """One adult with what holds until which day."""
    tie = adult.guardianship
    ends = {"last_day": _last_day(tie.until_day), "block_ends": _last_day(block.until_day) if block else None}
    return {"adult": adult, "tie": tie, "block": block, **ends}


def _day_after(last: date | None) -> date | None:
    """What is stored of a last day, which documents count in."""
    return last + timedelta(days=1) if last else None


def _last_day(until: date | None) -> date | None:
    """The last day of what is stored as a half-open range."""
    return until - timedelta(days=1) if until else None


def _tie(asker: Asker, pk: UUID) -> Guardianship:
    rows = ties_on(today()).select_related("guardian", "student")
    return get_object_or_404(STATE_GUARDIANSHIP.rows(asker, rows), pk=pk)


def _form(
    request: Any, tie: Guardianship, form: Any, title: str, button: str, hint: str = ""
) -> HttpResponse:
    context = {"tie": tie, "form": form, "title": title, "button": button, "hint": hint}
    return render(request, "families/guardianship_form.html", context, status=422 if form.errors else 200)
