"""The office merges, splits, or moves a school: choose, look at what would change, confirm."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Reorganisation, ReorganisationKind
from tongyu.directory.naming import PlaceNames
from tongyu.directory.reorganising.actions import reorganise
from tongyu.directory.reorganising.planning import Change, Decision, plan_reorganisation
from tongyu.directory.rules import REORGANISE
from tongyu.directory.transfers.queries import classes_of
from tongyu.portals.directory.forms import MergeForm, ReorganiseForm, SplitForm, TownshipForm
from tongyu.records.forms import attempt
from tongyu.shell.listing import Column, Listing

WAYS = {
    ReorganisationKind.MERGE: gettext_lazy("并入另一所学校"),
    ReorganisationKind.SPLIT: gettext_lazy("分出新学校"),
    ReorganisationKind.TOWNSHIP: gettext_lazy("划到别的乡镇"),
}


@require_GET
@requires(REORGANISE)
def listed(request: Any) -> HttpResponse:
    """What has been decided."""
    names = PlaceNames(clock.today(), request.asker.body_code)
    listing = Listing(
        columns=[
            Column(_("原学校"), lambda row: names(row.org), phone="title"),
            Column(_("类型"), lambda row: row.get_kind_display()),
            Column(_("新学校"), lambda row: names(row.to_school)),
            Column(_("生效日期"), "day", kind="day"),
            Column(_("批准文件"), "paper"),
            Column(_("班级数"), "classes", kind="count"),
            Column(_("学生数"), "pupils", kind="count"),
        ],
        order=["-day", "-entered_at"],
        empty_title=_("还没有学校调整"),
        empty_text=_("在“学校和机构”里点学校后面的“调整”。"),
        empty_icon="building",
        exports=False,
    )
    lo, hi = request.asker.lo, request.asker.hi
    page = listing.page(request, Reorganisation.objects.filter(org__gte=lo, org__lt=hi))
    return render(request, "directory_pages/reorganisations.html", {"page": page})


@require_http_methods(["GET", "POST"])
@requires(REORGANISE)
def new(request: Any, code: int) -> HttpResponse:
    """The form, then what would change, then the change."""
    done = _sent_before(request, code)
    if done is not None:
        return _told(request, done)
    standing = Body.objects.standing_on(clock.today()).filter(kind=BodyKind.SCHOOL)
    school = REORGANISE.rows(request.asker, standing.filter(code=code)).first() if code < 10**18 else None
    if school is None:
        raise Http404(_("没有这所学校，或已经撤并"))
    asked = request.GET.get("to", "")
    kind = ReorganisationKind(asked) if asked in WAYS else ReorganisationKind.MERGE
    form = _form(request, kind, school)
    if request.method == "POST" and form.is_valid():
        answer = _answer(request, kind, school, form)
        if answer is not None:
            return answer
    context = {
        "form": form,
        "school": school,
        "ways": [
            {"label": label, "href": f"?to={way.value}", "current": way == kind}
            for way, label in WAYS.items()
        ],
        "back": reverse("directory_pages:bodies"),
    }
    return render(request, "directory_pages/reorganise.html", context, status=422 if form.errors else 200)


def _answer(
    request: Any, kind: ReorganisationKind, school: Body, form: ReorganiseForm
) -> HttpResponse | None:
    """The next step of a valid form; None when something is refused, or to be changed."""
    data = {name: value for name, value in form.cleaned_data.items() if name != "id"}
    decision = Decision(kind=kind, school=school.code, day=clock.today(), **data)
    if "change" in request.POST:
        return None
    if "confirmed" not in request.POST:
        change = attempt(form, lambda: plan_reorganisation(by=request.asker, decision=decision))
        return _look_again(request, school, form, change) if change else None
    made = attempt(form, lambda: reorganise(by=request.asker, id=form.cleaned_data["id"], decision=decision))
    return _told(request, made) if made else None


def _form(request: Any, kind: ReorganisationKind, school: Body) -> ReorganiseForm:
    data, today = request.POST or None, clock.today()
    inside = REORGANISE.rows(request.asker, Body.objects.standing_on(today)).order_by("code")
    if kind == ReorganisationKind.MERGE:
        others = inside.filter(kind=BodyKind.SCHOOL).exclude(code=school.code)
        return MergeForm(data, schools=[(one.code, one.name) for one in others])
    townships = [(one.code, one.name) for one in inside.filter(kind=BodyKind.TOWNSHIP)]
    own = codes.containing(school.code, BodyKind.TOWNSHIP)
    if kind == ReorganisationKind.TOWNSHIP:
        return TownshipForm(data, townships=[one for one in townships if one[0] != own])
    classes = classes_of(school.code, today)
    return SplitForm(data, townships=townships, classes=classes, initial={"township": own})


def _look_again(request: Any, school: Body, form: ReorganiseForm, change: Change) -> HttpResponse:
    names = PlaceNames(clock.today(), request.asker.body_code)
    context = {
        "form": form,
        "school": school,
        "change": change,
        "target": change.target.name,
        "moves": [(names(old), _named(change, new)) for old, new in change.renamed],
        "back": reverse("directory_pages:bodies"),
    }
    return render(request, "directory_pages/reorganise_check.html", context)


def _named(change: Change, code: int) -> str:
    """The class that opens, as it will be called."""
    names = PlaceNames(change.decision.day, code)
    return f"{change.target.name}{names(code)}"


def _sent_before(request: Any, code: int) -> Reorganisation | None:
    """The change that this very form has made already: after it the school may be gone."""
    if request.method != "POST" or "confirmed" not in request.POST:
        return None
    try:
        key = UUID(request.POST.get("id", ""))
    except ValueError:
        return None
    mine = Reorganisation.objects.filter(pk=key, by_account=request.asker.account_id)
    return next((row for row in mine if row.org == code), None)


def _told(request: Any, row: Reorganisation) -> HttpResponse:
    told = _("已办好：%(classes)d 个班、%(pupils)d 名学生。全县数字正在后台重新计算。")
    messages.success(request, told % {"classes": row.classes, "pupils": row.pupils})
    return redirect("directory_pages:reorganisations")
