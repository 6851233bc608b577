"""A guardian's own pages: what is asked now, the child this week, consent, the own account."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, Ward, requires
from tongyu.core.clock import today
from tongyu.core.sheets.values import mask_phone
from tongyu.directory.families import consent_text, consenting
from tongyu.directory.families.rules import OWN_CHILDREN
from tongyu.directory.models import AccountPhone, Relation
from tongyu.portals.own_account import views as own_account
from tongyu.records import family
from tongyu.shell.addresses import address

LATER, LARGE = "consent_later", "large_type"


@dataclass(frozen=True)
class ChildWeek:
    """One child and what was told of it this week."""

    ward: Ward
    lines: Sequence[family.Told]


@require_GET
@requires(OWN_CHILDREN)
def home(request: Any) -> HttpResponse:
    """What is asked of me now, my children this week, and ways on. Consent is asked first, once a session."""
    asker, on = request.asker, today()
    if _unanswered(asker) and not request.session.get(LATER):
        return redirect("families:consent")
    with family.one_page():
        return render(request, "families/home.html", _of_today(request, asker, on))


def _of_today(request: Any, asker: Asker, on: date) -> dict[str, Any]:
    chosen = asker.ward(request.GET.get("child", ""))
    wards = [chosen] if chosen else list(asker.wards)
    keep = {ward.student_id for ward in wards}
    said = family.home_of(asker, on)
    tasks = [task for task in said.tasks if task.student_id in keep or task.student_id is None]
    return {
        "wards": wards,
        "chosen": chosen,
        "names": {ward.student_id: ward.name for ward in asker.wards},
        "tasks": tasks,
        "weeks": _weeks(wards, said.told),
        "tiles": [
            {"label": tile.label, "icon": tile.icon, "url": url, "line": said.lines[tile.key]}
            for tile in sorted(family.tiles, key=lambda one: one.order)
            if (url := address(tile.url_name))
        ],
    }


@require_http_methods(["GET", "POST"])
@requires(OWN_CHILDREN)
def consent(request: Any) -> HttpResponse:
    """The text, and for which children; nothing is ticked beforehand, and one may go on without."""
    asker = request.asker
    if request.method == "POST":
        if "later" in request.POST:
            request.session[LATER] = True
            return redirect("families:home")
        chosen = [ward for ward in asker.wards if str(ward.student_id) in request.POST.getlist("child")]
        for ward in chosen:
            consenting.give(by=asker, student=ward.student_id)
        if chosen:
            request.session[LATER] = True
            messages.success(request, _("已记下您的同意，可以随时在“我”里撤回。"))
            return redirect("families:home")
        messages.warning(request, _("请先勾选孩子，再点同意；也可以先不同意。"))
    own = consenting.own(asker)
    context = {
        "paragraphs": consent_text.PARAGRAPHS,
        "version": consent_text.VERSION,
        "rows": [(ward, own.get(ward.student_id)) for ward in asker.wards],
    }
    return render(request, "families/consent.html", context)


@require_POST
@requires(OWN_CHILDREN)
def withdraw_consent(request: Any) -> HttpResponse:
    """Withdraw for one child."""
    try:
        student = UUID(request.POST.get("child", ""))
    except ValueError:
        return redirect("families:me")
    if request.asker.ward(student) is not None and consenting.withdraw(by=request.asker, student=student):
        request.session[LATER] = True
        messages.success(request, _("已撤回同意。学校的通知、家访和家长会照常。"))
    return redirect("families:me")


@require_GET
@requires(OWN_CHILDREN)
def me(request: Any) -> HttpResponse:
    """The own phone, children, consents, type size, signing out."""
    own = consenting.own(request.asker)
    held = AccountPhone.objects.filter(account_id=request.asker.account_id).first()
    labels = dict(Relation.choices)
    context = {
        **own_account.shown(request),
        "phone": mask_phone(held.phone) if held else "",
        "rows": [
            {"ward": ward, "relation": labels[ward.relation], "consent": own.get(ward.student_id)}
            for ward in request.asker.wards
        ],
        "large": request.session.get(LARGE, False),
    }
    return render(request, "families/me.html", context)


@require_POST
@requires(OWN_CHILDREN)
def large_type(request: Any) -> HttpResponse:
    """Large type on this device, or not."""
    request.session[LARGE] = not request.session.get(LARGE, False)
    return redirect("families:me")


def _weeks(wards: Sequence[Ward], told: Sequence[family.Told]) -> list[ChildWeek]:
    """The children of whom something was told; of one child alone also when nothing was."""
    weeks = [ChildWeek(ward, [line for line in told if line.student_id == ward.student_id]) for ward in wards]
    return [week for week in weeks if week.lines or len(wards) == 1]


def _unanswered(asker: Asker) -> bool:
    return not consenting.agreed_for_all(asker)
