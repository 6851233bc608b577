"""From the pupil's row in the class list to a move: where to, the same once more to look at, done."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body, Student, Transfer, TransferKind, TransferState
from tongyu.directory.naming import PlaceNames
from tongyu.directory.rules import BEGIN_TRANSFER
from tongyu.directory.transfers import actions, queries
from tongyu.directory.transfers.actions import Wanted
from tongyu.portals.transfers.forms import WHY, AwayForm, BetweenForm, MoveForm, WithinForm
from tongyu.records.forms import attempt
from tongyu.shell.formatting import day

WAYS = {
    TransferKind.BETWEEN: gettext_lazy("本县其他学校"),
    TransferKind.WITHIN: gettext_lazy("本校其他班"),
    TransferKind.AWAY: gettext_lazy("县外"),
}
SHOWN = 6
"""So many schools are named when the words fit several."""


@require_http_methods(["GET", "POST"])
@requires(BEGIN_TRANSFER)
def new(request: Any, student: UUID) -> HttpResponse:
    """The form, then the same once more with what follows, then the move."""
    stood = _sent_before(request)
    if stood is not None:
        return _begun(request, stood)
    pupil = queries.pupil_to_move(request.asker, student)
    if pupil is None:
        raise Http404(_("没有这名学生，或已不在本校"))
    other = queries.open_by_pupil(request.asker, [pupil.pk]).get(pupil.pk)
    if other is not None:
        messages.error(request, _("该生已有一项转学正在办理，请先办完或撤回这一项。"))
        return redirect("transfers:detail", other.pk)
    asked = request.GET.get("to", "")
    kind = TransferKind(asked) if asked in WAYS else TransferKind.BETWEEN
    schools = queries.schools_besides(request.asker, clock.today()) if kind == TransferKind.BETWEEN else []
    form = _form(request, kind, pupil, schools)
    if request.method == "POST" and form.is_valid():
        answer = _answer(request, kind, pupil, form, schools)
        if answer is not None:
            return answer
    return _page(request, kind, pupil, form, schools)


def _answer(
    request: Any, kind: TransferKind, pupil: Student, form: MoveForm, schools: list[Body]
) -> HttpResponse | None:
    """The next step of a valid form; None when something is refused, or to be changed."""
    wanted = _wanted(kind, pupil, form, schools)
    if wanted is None or "change" in request.POST:
        return None
    given = {"by": request.asker, "id": form.cleaned_data["id"], "wanted": wanted}
    if "confirmed" not in request.POST:
        planned = attempt(form, lambda: actions.plan_transfer(**given))
        return _look_again(request, pupil, form, planned, schools) if planned else None
    made = attempt(form, lambda: actions.begin_transfer(**given))
    return _begun(request, made) if made else None


def _form(request: Any, kind: TransferKind, pupil: Student, schools: list[Body]) -> MoveForm:
    today, data = clock.today(), request.POST or None
    initial = {"day": today}
    if kind == TransferKind.WITHIN:
        school = codes.containing(pupil.org, BodyKind.SCHOOL)
        classes = [one for one in queries.classes_of(school, today, pupil.org) if one[0] != pupil.org]
        return WithinForm(data, classes=classes, initial=initial)
    if kind == TransferKind.AWAY:
        return AwayForm(data, initial=initial)
    chosen = queries.schools_called(schools, request.POST.get("to_school", ""))
    if "wish" in request.POST and len(chosen) == 1:
        return BetweenForm(
            data, classes=queries.classes_of(chosen[0].code, today, pupil.org), initial=initial
        )
    return BetweenForm(data, initial=initial)


def _wanted(kind: TransferKind, pupil: Student, form: MoveForm, schools: list[Body]) -> Wanted | None:
    """What the valid form says; None when its school is not one."""
    data = {name: value for name, value in form.cleaned_data.items() if name != "id"}
    if kind == TransferKind.BETWEEN:
        fitting = queries.schools_called(schools, data["to_school"])
        if len(fitting) != 1:
            form.add_error("to_school", _which(fitting))
            return None
        data["to_school"] = fitting[0].code
    return Wanted(kind=kind, student=pupil.pk, **data)


def _which(fitting: list[Body]) -> str:
    if not fitting:
        return _("本县没有叫这个名字的其他学校，请从列表里选。")
    names = "、".join(queries.full_name(one) for one in fitting[:SHOWN])
    return _("有 %(count)d 所学校符合，请写全校名：%(names)s") % {
        "count": len(fitting),
        "names": names + ("…" if len(fitting) > SHOWN else ""),
    }


def _look_again(
    request: Any, pupil: Student, form: MoveForm, planned: Transfer, schools: list[Body]
) -> HttpResponse:
    """The move in words, what follows from it, and of another school the class that is wished for."""
    today = clock.today()
    names = PlaceNames(today, request.asker.body_code)
    shown: MoveForm = form
    if planned.kind == TransferKind.BETWEEN and planned.to_school:
        classes = queries.classes_of(planned.to_school, today, pupil.org)
        chosen = {"to_school": _one_name(schools, planned.to_school)}
        shown = BetweenForm(initial={**request.POST.dict(), **chosen}, classes=classes)
    context = {
        "form": shown,
        "pupil": pupil,
        "planned": planned,
        "says": _says(pupil, planned, names),
        "follows": _follows(planned),
        "back": reverse("directory_pages:students"),
    }
    return render(request, "transfers/check.html", context)


def _one_name(schools: list[Body], code: int) -> str:
    """Words that mean this school and no other: its name, or its code where two bear the name."""
    name = next(queries.full_name(one) for one in schools if one.code == code)
    return name if len(queries.schools_called(schools, name)) == 1 else str(code)


def _says(pupil: Student, planned: Transfer, names: PlaceNames) -> str:
    told = {"name": pupil.name, "place": names(pupil.org), "day": day(planned.day)}
    if planned.kind == TransferKind.WITHIN:
        return _("%(name)s从%(place)s调到%(to)s，自%(day)s起。") % {
            **told,
            "to": names(planned.to_class or 0),
        }
    if planned.kind == TransferKind.AWAY:
        return _("%(name)s（%(place)s）转到%(to)s，自%(day)s起不在本校。") % {
            **told,
            "to": planned.elsewhere or _("县外"),
        }
    return _("%(name)s（%(place)s）转到%(to)s，自%(day)s起。") % {**told, "to": names(planned.to_school or 0)}


def _follows(planned: Transfer) -> list[str]:
    """What happens next, in short sentences."""
    if planned.kind == TransferKind.WITHIN:
        return [_("不用别人确认。本学年做过的家访等都算数，不用重做。")]
    if planned.kind == TransferKind.AWAY:
        return [
            _("不用别人确认。从那天起本校看不到这名学生的资料。"),
            _("以后回来，按学籍号转入即可，不会重复建档。"),
        ]
    return [
        _("接收学校确认并安排班级之后才转走；确认之前可以撤回。"),
        _("接收学校现在能看到学生姓名和本学年各项责任完成的次数，看不到记录内容。"),
        _("从转走那天起，本校看不到这名学生的资料；本学年做过的在新学校也算数。"),
    ]


def _page(
    request: Any, kind: TransferKind, pupil: Student, form: MoveForm, schools: list[Body]
) -> HttpResponse:
    here = reverse("transfers:begin", args=[pupil.pk])
    context = {
        "pupil": pupil,
        "place": PlaceNames(clock.today(), request.asker.body_code)(pupil.org),
        "form": form,
        "ways": [
            {"label": label, "href": f"{here}?to={way.value}", "current": way == kind}
            for way, label in WAYS.items()
        ],
        "schools": [queries.full_name(one) for one in schools],
        "reasons": WHY,
        "back": reverse("directory_pages:students"),
    }
    return render(request, "transfers/begin.html", context, status=422 if form.errors else 200)


def _sent_before(request: Any) -> Transfer | None:
    """The move that this very form has made already: after it the pupil may be out of reach."""
    if request.method != "POST" or "confirmed" not in request.POST:
        return None
    try:
        key = UUID(request.POST.get("id", ""))
    except ValueError:
        return None
    found = queries.one(request.asker, key)
    return found if found is not None and found.by_account == request.asker.account_id else None


def _begun(request: Any, row: Transfer) -> HttpResponse:
    told = {
        TransferState.PROPOSED: _("已发给接收学校，等对方确认。"),
        TransferState.AGREED: _("已登记，到日子自动办理，不用再办。"),
        TransferState.DONE: _("已办好。"),
    }
    messages.success(request, told.get(TransferState(row.state), row.get_state_display()))
    return redirect("transfers:list")
