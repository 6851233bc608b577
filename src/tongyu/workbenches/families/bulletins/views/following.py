"""One bulletin for staff: how families answered, reminder, withdrawal, and answers entered on a family's behalf."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core import clock
from tongyu.core.access import Asker, requires
from tongyu.core.ids import uuid7
from tongyu.core.models import JobProgress
from tongyu.directory import codes
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.records.forms import attempt, first_message, sent_reason
from tongyu.workbenches.families.bulletins import actions, queries, rules
from tongyu.workbenches.families.bulletins.forms import STALE, EnterForm
from tongyu.workbenches.families.bulletins.models import Bulletin, BulletinChild, State
from tongyu.workbenches.families.bulletins.models.deciding import words_of
from tongyu.workbenches.families.bulletins.queries import Counted, Line
from tongyu.workbenches.families.bulletins.queries.coverage import adults_of
from tongyu.workbenches.families.bulletins.queries.folding import TO_TALK, TO_TALK_WORDS
from tongyu.workbenches.families.bulletins.queries.places import is_class


@require_GET
@requires(rules.SEE)
def detail(request: Any, pk: UUID) -> HttpResponse:
    """The words, and to whoever sent it how far it has come; to a class teacher who of the own class is open."""
    bulletin, asker, today = _found(request.asker, pk), request.asker, clock.today()
    follows = rules.FOLLOW.allows(asker, bulletin)
    context: dict[str, Any] = {"bulletin": bulletin, "follows": follows, "files": list(bulletin.files.all())}
    context["place_name"] = _place_name(bulletin)
    if follows:
        context |= _followed(asker, bulletin)
    elif asker.body_kind == BodyKind.SCHOOL_CLASS and bulletin.withdrawn_at is None:
        context["open"] = queries.open_in_class(asker, bulletin, today)
    context["may_enter"] = rules.ENTER.allows(asker) and bulletin.withdrawn_at is None
    return render(request, "bulletins/detail.html", context)


def _followed(asker: Asker, bulletin: Bulletin) -> dict[str, Any]:
    today, one_class = clock.today(), is_class(bulletin)
    width = codes.WIDTH[BodyKind.SCHOOL_CLASS if asker.body_kind == BodyKind.SCHOOL else BodyKind.SCHOOL]
    counted = queries.coverage(asker, bulletin, today, 1 if one_class else width)
    return {
        "lines": _lines(asker, bulletin) if one_class else [],
        "places": [] if one_class else _places(counted),
        "states": _states(bulletin, counted, one_class),
        "children": sum(one.children for one in counted),
        "settled": sum(one.settled for one in counted),
        "reminders": list(bulletin.reminders.order_by("at")),
        "job": JobProgress.objects.filter(pk=bulletin.job_id).first() if bulletin.job_id else None,
        "reminder_id": uuid7(),
    }


def _lines(asker: Asker, bulletin: Bulletin) -> list[Line]:
    """The children of one class; of a bulletin that was withdrawn only those whose families had done something."""
    lines = queries.own_class(asker, bulletin, clock.today())
    return lines if bulletin.withdrawn_at is None else [line for line in lines if line.said]


def _states(bulletin: Bulletin, counted: Sequence[Counted], one_class: bool) -> list[tuple[Any, int]]:
    """Each state that occurs with its number; above a class what says something of guardianship is one number."""
    found: dict[Any, int] = {}
    for state in State:
        words = TO_TALK_WORDS if state in TO_TALK and not one_class else words_of(state, bulletin.need)
        found[words] = found.get(words, 0) + sum(one.states[state] for one in counted)
    return [(words, count) for words, count in found.items() if count]


def _places(counted: Sequence[Counted]) -> list[tuple[Any, Counted]]:
    """The places by name, the small ones together."""
    folded, today = queries.folded(counted), clock.today()
    bodies = Body.objects.filter(code__in=[one.place for one in folded.shown])
    names = {body.code: queries.place_name(body, today) for body in bodies}
    rows: list[tuple[Any, Counted]] = [(names.get(one.place, ""), one) for one in folded.shown]
    if folded.together is not None:
        few = _("人数少的 %d 个单位合在一起") % folded.number
        rows.append((few, folded.together))
    return rows


@require_GET
@requires(rules.FOLLOW)
def progress(request: Any, pk: UUID) -> HttpResponse:
    """How far the sending is: the component alone, asked for each second."""
    bulletin = _found(request.asker, pk)
    rules.FOLLOW.check(request.asker, bulletin)
    job = JobProgress.objects.filter(pk=bulletin.job_id).first() if bulletin.job_id else None
    if job is None:
        raise Http404
    return render(request, "bulletins/progress.html", {"job": job, "bulletin": bulletin})


@require_POST
@requires(rules.FOLLOW)
def remind(request: Any, pk: UUID) -> HttpResponse:
    """Remind those who have not answered."""
    bulletin = _found(request.asker, pk)
    rules.FOLLOW.check(request.asker, bulletin)
    try:
        row = actions.remind(by=request.asker, bulletin=bulletin, id=_uuid(request.POST.get("id", "")))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        words = _("已提醒%(count)d个孩子的家长。没有加入的家庭收不到，请打印纸质回执，或打电话、当面告诉。")
        messages.success(request, words % {"count": row.children})
    return redirect("bulletins:detail", pk)


@require_POST
@requires(rules.FOLLOW)
def withdraw(request: Any, pk: UUID) -> HttpResponse:
    """Take the bulletin back, with a reason that families read."""
    bulletin = _found(request.asker, pk)
    try:
        actions.withdraw_bulletin(by=request.asker, bulletin=bulletin, reason=sent_reason(request))
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, _("已撤回，已告诉看过的家长。家长仍看得到标题和撤回原因，不用再答复。"))
    return redirect("bulletins:detail", pk)


@require_http_methods(["GET", "POST"])
@requires(rules.ENTER)
def enter(request: Any, pk: UUID) -> HttpResponse:
    """Enter what a family told on paper, by telephone or in person."""
    child = rules.ENTER.rows(request.asker, BulletinChild.objects.filter(pk=pk)).first()
    if child is None:
        raise Http404
    bulletin = child.bulletin
    adults = adults_of(child, clock.today(), signing=bulletin.need == "sign")
    form = EnterForm(request.POST or None, need=bulletin.need, adults=adults)
    if request.method == "POST" and form.is_valid():
        entered = attempt(form, lambda: actions.enter_for(by=request.asker, child=pk, **form.content()))
        if entered:
            messages.success(request, _("已登记。"))
            return redirect("bulletins:detail", bulletin.pk)
    context = {"form": form, "bulletin": bulletin, "child": child, "adults": adults, "writing": True}
    return render(request, "bulletins/enter.html", context, status=422 if form.errors else 200)


def _found(asker: Asker, pk: UUID) -> Bulletin:
    found = queries.visible(asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _place_name(bulletin: Bulletin) -> str:
    body = Body.objects.filter(code=bulletin.org).first()
    if body is None:
        return ""
    if body.kind not in (BodyKind.GRADE, BodyKind.SCHOOL_CLASS):
        return body.name
    school = Body.objects.filter(code=codes.containing(body.code, BodyKind.SCHOOL)).first()
    return f"{school.name if school else ''} {body.grade_name_on(school_year_of(bulletin.sent_at.date()))}".strip()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ValidationError(STALE) from None
