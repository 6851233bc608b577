"""Who of the class is not reachable and why, and mending it on the spot: one page, no way away from it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import segno
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.core.sheets.values import mask_phone
from tongyu.directory.families import deciding, inviting
from tongyu.directory.families import reach as reaching
from tongyu.directory.families.joining import folded
from tongyu.directory.families.rules import INVITE, MEND_REACH, SEE_REACH
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, ClassInvitation, JoinRequest
from tongyu.notices.queries import unreached_by_class
from tongyu.portals.families.forms import GuardianForm
from tongyu.records.forms import first_message


@require_GET
@requires(SEE_REACH)
def reach(request: Any, code: int | None = None) -> HttpResponse:
    """The own class, or one of the school's; a leader without a class chooses one."""
    asker = request.asker
    if code is None and asker.body_kind != BodyKind.SCHOOL_CLASS:
        return render(request, "families/reach_classes.html", {"classes": _classes(asker)})
    place = _class(asker, code or asker.body_code)
    families = reaching.families(asker, place.code)
    reached, opened = sum(family.reached for family in families), request.GET.get("open", "")
    context = {
        "base": "shell/phone.html" if asker.body_kind == BodyKind.SCHOOL_CLASS else "shell/base.html",
        "place": place,
        "class_name": place.grade_name_on(school_year_of(today())),
        "families": sorted(families, key=lambda one: (str(one.student.pk) != opened, one.reached)),
        "reached": reached,
        "missing": len(families) - reached,
        "waiting": [_asking(one, families) for one in reaching.waiting(asker, place.code)],
        "form": GuardianForm(),
        "opened": opened,
        "missed": unreached_by_class(asker).get(place.code, 0),
        "invitation": _shown(inviting.standing_of(place.code)),
    }
    return render(request, "families/reach.html", context)


@require_GET
@requires(INVITE)
def slips(request: Any, code: int) -> HttpResponse:
    """Slips to cut: one per child that is not reached, each with the class's code as QR and in letters."""
    place = _class(request.asker, code)
    invitation = inviting.standing_of(place.code)
    if invitation is None:
        messages.warning(request, _("这个班还没有邀请码，请先生成。"))
        return redirect("families:reach_of", code)
    url = request.build_absolute_uri(reverse("families:join_with", args=[invitation.code]))
    drawn = segno.make(url, error="m").svg_inline(omitsize=True, border=2, dark="#24312b", light="#ffffff")
    families = [one for one in reaching.families(request.asker, place.code) if not one.reached]
    context = {
        "place": place,
        "class_name": place.grade_name_on(school_year_of(today())),
        "children": [one.student.name for one in families],
        "drawn": mark_safe(drawn),  # noqa: S308 - drawn by segno from our own address
        "code": inviting.shown(invitation.code),
        "site": request.build_absolute_uri(reverse("families:join")),
        "expires_on": invitation.expires_on,
    }
    return render(request, "families/slips.html", context)


@require_POST
@requires(INVITE)
def renew(request: Any, code: int) -> HttpResponse:
    """A new code; slips with the one before are void."""
    inviting.renew(by=request.asker, school_class=_class(request.asker, code).code)
    return redirect("families:reach_of", code)


@require_POST
@requires(MEND_REACH)
def phone(request: Any, student: UUID) -> HttpResponse:
    """Correct the phone of one guardian."""
    chosen, number = request.POST.get("guardian", ""), request.POST.get("phone", "")

    def act() -> None:
        deciding.correct_phone(by=request.asker, student=student, guardian=_adult(chosen), phone=number)

    return _row(request, student, act)


@require_POST
@requires(MEND_REACH)
def guardian(request: Any, student: UUID) -> HttpResponse:
    """Add a guardian."""
    form = GuardianForm(request.POST)
    if not form.is_valid():
        return _row(request, student, None, form)
    given = form.cleaned_data
    return _row(
        request, student, lambda: deciding.add_guardian(by=request.asker, student=student, **given), form
    )


@require_POST
@requires(MEND_REACH)
def accept(request: Any, pk: UUID) -> HttpResponse:
    """This applicant belongs to that child: `who` is `<pupil>/<guardian>`, or `<pupil>/` for one not on file; `moved`
    says that the parent has another number now."""
    asked = _request(request.asker, pk)
    pupil, _slash, adult = request.POST.get("who", "").partition("/")
    if not pupil:
        return _asked(request, asked, _("请先选这是谁的家长。"))
    try:
        deciding.accept(
            by=request.asker,
            request=asked,
            student=_uuid(pupil),
            guardian=_uuid(adult) if adult else None,
            moved="moved" in request.POST,
        )
    except ValidationError as error:
        return _asked(request, asked, first_message(error))
    return redirect("families:reach_of", asked.org)


@require_POST
@requires(MEND_REACH)
def decline(request: Any, pk: UUID) -> HttpResponse:
    """Not a family of this class."""
    asked = _request(request.asker, pk)
    try:
        deciding.decline(by=request.asker, request=asked)
    except ValidationError as error:
        return _asked(request, asked, first_message(error))
    return redirect("families:reach_of", asked.org)


def _row(
    request: Any, student: UUID, act: Callable[[], object] | None, form: GuardianForm | None = None
) -> HttpResponse:
    """Do it, and answer with the child's row as it is now; a refusal says why in the row."""
    fault = ""
    if act is not None:
        try:
            act()
            form = None
        except ValidationError as error:
            fault = first_message(error)
    family = reaching.family_of(request.asker, student)
    if family is None:
        raise Http404
    if form is not None and not fault:
        fault = next((str(errors[0]) for errors in form.errors.values()), "")
    context = {"family": family, "fault": fault, "form": form or GuardianForm(), "open": bool(fault)}
    return render(request, "families/reach_row.html", context, status=422 if fault else 200)


def _asking(one: JoinRequest, families: Sequence[reaching.Family]) -> dict[str, Any]:
    """Who asks, with the families of the class to choose from: children of the name that was said come first."""
    said = folded(one.child_name)
    first = sorted(families, key=lambda family: folded(family.student.name) != said)
    return {"one": one, "phone": mask_phone(one.phone), "families": first}


def _asked(request: Any, asked: JoinRequest, fault: str) -> HttpResponse:
    messages.warning(request, fault)
    return redirect("families:reach_of", asked.org)


def _request(asker: Asker, pk: UUID) -> JoinRequest:
    return get_object_or_404(MEND_REACH.rows(asker, JoinRequest.objects.all()), pk=pk)


def _class(asker: Asker, code: int) -> Body:
    found = Body.objects.standing_on(today()).filter(code=code, kind=BodyKind.SCHOOL_CLASS).first()
    if found is None or not asker.reaches(code):
        raise Http404
    return found


def _classes(asker: Asker) -> list[dict[str, Any]]:
    on = today()
    standing = Body.objects.within(asker.lo, asker.hi).standing_on(on).filter(kind=BodyKind.SCHOOL_CLASS)
    counts, missed = reaching.reached_by_class(asker, on), unreached_by_class(asker)
    rows = [(one, *counts.get(one.code, (0, 0))) for one in standing]
    return [
        {
            "code": one.code,
            "name": one.grade_name_on(school_year_of(on)),
            "children": children,
            "reached": reached,
            "missed": missed.get(one.code, 0),
        }
        for one, children, reached in rows
    ]


def _shown(invitation: ClassInvitation | None) -> dict[str, Any] | None:
    if invitation is None:
        return None
    return {"code": inviting.shown(invitation.code), "expires_on": invitation.expires_on}


def _adult(text: str) -> UUID:
    """The guardian that a form names; one that names none is told so in the row."""
    try:
        return UUID(text)
    except ValueError:
        raise ValidationError(_("请先选监护人。")) from None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
