"""The family's own pages: the diary, the agreements, and the call of a parent who is away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Ward, requires
from tongyu.core.clock import today
from tongyu.directory.families import consenting
from tongyu.records.forms import attempt, first_message
from tongyu.workbenches.families.family_life import actions, queries, rules
from tongyu.workbenches.families.family_life.forms import ActivityForm, AgreementForm
from tongyu.workbenches.families.family_life.models import (
    ActivityKind,
    FamilyActivity,
    FamilyAgreement,
    FamilyContact,
)

PAGE = 30


@require_http_methods(["GET", "POST"])
@requires(rules.OWN)
def diary(request: Any) -> HttpResponse:
    """The diary of one child, with the form to add to it."""
    ward = _ward(request)
    form = ActivityForm(request.POST or None, on=today(), initial={"student": ward.student_id})
    valid = request.method == "POST" and form.is_valid()
    if valid and attempt(form, lambda: actions.record_activity(by=request.asker, **form.cleaned_data)):
        messages.success(request, _("记下了。"))
        return _home(ward)
    agreed = consenting.given(ward.student_id)
    absent = agreed and ward.student_id in queries.absent_from(request.asker)
    told = absent and queries.told_this_month(request.asker, [ward.student_id], today())
    context = {
        **_of(request, ward),
        "form": form,
        "agreed": agreed,
        "hints": [(one.label, one.hint) for one in ActivityKind],
        "entries": _page(request, queries.own_activities(request.asker).filter(student_id=ward.student_id)),
        "absent": absent,
        "told": bool(told),
    }
    return render(request, "family_life/diary.html", context, status=422 if form.errors else 200)


@require_POST
@requires(rules.OWN)
def tell_contact(request: Any) -> HttpResponse:
    """One tap: I was in touch with my child today."""
    ward = _ward(request)
    try:
        actions.tell_contact(by=request.asker, student=ward.student_id)
        messages.success(request, _("记下了，孩子一定很高兴。"))
    except ValidationError as error:
        messages.error(request, first_message(error))
    return _home(ward)


@require_POST
@requires(rules.OWN)
def take_back(request: Any, pk: UUID) -> HttpResponse:
    """Take back what the asker entered, whichever of the three it is."""
    for model in (FamilyActivity, FamilyAgreement, FamilyContact):
        found = queries.own(request.asker, model).filter(pk=pk).first()
        if found is not None:
            actions.take_back(by=request.asker, record=found)
            messages.success(request, _("已收回，内容已删除。"))
            return _home(request.asker.ward(found.student_id))
    raise Http404


@require_GET
@requires(rules.OWN)
def own_agreements(request: Any) -> HttpResponse:
    """The agreements of one child."""
    ward = _ward(request)
    rows = _page(request, queries.own_agreements(request.asker).filter(student_id=ward.student_id))
    return render(request, "family_life/agreements.html", {**_of(request, ward), "agreements": rows})


@require_http_methods(["GET", "POST"])
@requires(rules.OWN)
def sign(request: Any) -> HttpResponse:
    """Agree on something and sign it, child and parent."""
    ward = _ward(request)
    form = AgreementForm(request.POST or None, initial={"student": ward.student_id})
    if request.method == "POST" and form.is_valid():
        signed = attempt(form, lambda: actions.sign_agreement(by=request.asker, **form.content()))
        if signed:
            messages.success(request, _("约定好了。可以打印出来贴在家里。"))
            return redirect("family_life:own_agreement", signed.pk)
    context = {
        **_of(request, ward),
        "form": form,
        "agreed": consenting.given(ward.student_id),
        "writing": True,
    }
    return render(request, "family_life/sign.html", context, status=422 if form.errors else 200)


@require_GET
@requires(rules.OWN)
def own_agreement(request: Any, pk: UUID) -> HttpResponse:
    """One agreement, to read and to print."""
    found = get_object_or_404(queries.own_agreements(request.asker), pk=pk)
    context = {"agreement": found, "text": found.text, "ward": request.asker.ward(found.student_id)}
    return render(request, "family_life/own_agreement.html", context)


@require_POST
@requires(rules.OWN)
def share(request: Any, pk: UUID) -> HttpResponse:
    """Show it to the school, or no longer."""
    found = get_object_or_404(queries.own_agreements(request.asker), pk=pk)
    shared = request.POST.get("shared") == "1"
    actions.share_agreement(by=request.asker, agreement=found, shared=shared)
    messages.success(request, _("班主任能看到约定内容了。") if shared else _("学校不再看到约定内容。"))
    return redirect("family_life:own_agreement", pk)


def _page(request: Any, rows: QuerySet[Any]) -> Page[Any]:
    return Paginator(rows, PAGE).get_page(request.GET.get("page"))


def _home(ward: Ward) -> HttpResponse:
    response = redirect("family_life:family")
    response["Location"] += f"?student={ward.student_id}"
    return response


def _of(request: Any, ward: Ward) -> dict[str, Any]:
    """The child of the page and the others to change to."""
    others = [one for one in request.asker.wards if one.student_id != ward.student_id]
    return {"ward": ward, "others": others}


def _ward(request: Any) -> Ward:
    """The child of the form or the address, the first one without; 404 for a child of others."""
    wanted = request.POST.get("student") or request.GET.get("student")
    try:
        found: Ward | None = (
            request.asker.ward(UUID(wanted)) if wanted else next(iter(request.asker.wards), None)
        )
    except ValueError:
        found = None
    if found is None:
        raise Http404
    return found
