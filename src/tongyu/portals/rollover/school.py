"""A school's page: its pupils who neither move up nor graduate, its classes, and that all is right."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import requires
from tongyu.directory.calendar import school_year_name
from tongyu.directory.kinds import grades_taught
from tongyu.directory.models import RollOver
from tongyu.directory.rollover import exceptions
from tongyu.directory.rollover.preview import make_preview
from tongyu.directory.rollover.shape import read_shape
from tongyu.directory.rules import PREPARE_ROLL_OVER, RUN_ROLL_OVER
from tongyu.portals.rollover import queries, showing
from tongyu.portals.rollover.asking import latest, school_of, standing
from tongyu.portals.rollover.forms import ExceptionForm, classes_form
from tongyu.records.forms import attempt


@require_GET
@requires(PREPARE_ROLL_OVER)
def page(request: Any, year: int, code: int) -> HttpResponse:
    """The school in the roll-over: sums, what it said, its classes; a pupil is found by name."""
    body, row = school_of(request.asker, code), latest(request.asker, year)
    context: dict[str, Any] = {"year": year, "label": school_year_name(year), "school": body, "row": row}
    context["office"] = RUN_ROLL_OVER.allows(request.asker)
    if row is None or not row.open:
        return render(request, "rollover/school_closed.html", context)
    found = make_preview(row, body.code, body.hi)
    said = row.schools.filter(org=body.code).first()
    old = showing.old_names(row, body.code)
    q = request.GET.get("q", "").replace("\x00", "").strip()[:30]
    context |= {
        "tiles": showing.tiles(found.sums.total, found.sums.enrolled),
        "blocks": showing.findings([one for one in found.blocks if one.places], old),
        "ready": bool(said and said.ready_at),
        "lines": queries.lines_of(row, body, old),
        "classes": queries.classes_of(found, body.code, said, row),
        "q": q,
        "pupils": queries.pupils_named(request.asker, body, row, q, old) if q else [],
    }
    return render(request, "rollover/school.html", context)


@require_http_methods(["GET", "POST"])
@requires(PREPARE_ROLL_OVER)
def pupil(request: Any, year: int, code: int, student: UUID) -> HttpResponse:
    """What becomes of one pupil, and why."""
    body, row = school_of(request.asker, code), standing(request.asker, year)
    child = queries.pupil_of(request.asker, body, row, student)
    if child is None:
        raise Http404(_("没有这名学生，或不在您的管理范围"))
    if answer := _closed(request, row, year, code):
        return answer
    shape = read_shape(row, body.code, body.hi, queries.chosen(row, body.code))
    targets = [(one, queries.new_name(one, row)) for one in exceptions.targets_of(shape, child.org)]
    line = row.lines.filter(student_id=student).first()
    names = ("outcome", "target", "to_school", "reason")
    initial = (
        {name: getattr(line, name) for name in names}
        if line
        else {"target": queries.likely(targets, child.org)}
    )
    form = ExceptionForm(request.POST or None, classes=targets, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = {"by": request.asker, "roll_over": row, "student": student, "said": form.said()}
        if attempt(form, lambda: exceptions.set_exception(**given)) is not None:
            messages.success(request, _("已登记：%(name)s。") % {"name": child.name})
            return redirect("rollover:school", year, code)
    old = showing.old_names(row, body.code)
    context = {
        "form": form,
        "child": child,
        "place": old(child.org),
        "year": year,
        "school": body,
        "line": line,
    }
    return render(request, "rollover/pupil.html", context, status=422 if form.errors else 200)


@require_POST
@requires(PREPARE_ROLL_OVER)
def remove(request: Any, year: int, code: int, student: UUID) -> HttpResponse:
    """The pupil goes with the class after all."""
    school_of(request.asker, code)
    row = standing(request.asker, year)
    _said(request, lambda: exceptions.remove_exception(by=request.asker, roll_over=row, student=student))
    return redirect("rollover:school", year, code)


@require_http_methods(["GET", "POST"])
@requires(PREPARE_ROLL_OVER)
def classes(request: Any, year: int, code: int) -> HttpResponse:
    """How many first classes open, and which teachers go on with which class."""
    body, row = school_of(request.asker, code), standing(request.asker, year)
    if answer := _closed(request, row, year, code):
        return answer
    shape = read_shape(row, body.code, body.hi, queries.chosen(row, body.code))
    own = shape.schools.get(body.code)
    openings = [(one, grades_taught(body.school_kind, one.stage)[0]) for one in (own.openings if own else [])]
    moving = [(one.code, queries.both_names(one.code, row)) for one in (own.moving if own else [])]
    said = row.schools.filter(org=body.code).first()
    initial: dict[str, Any] = {f"new_{int(one.stage)}": one.chosen for one, _name in openings}
    initial |= {f"way_{key}": way for key, way in (said.released if said else {}).items()}
    form = classes_form(openings, moving)(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: exceptions.set_classes(
                by=request.asker,
                roll_over=row,
                school=body,
                new_classes=form.new_classes(),
                released=form.released(),
            ),
        )
        if done is not None:
            messages.success(request, _("已保存。"))
            return redirect("rollover:school", year, code)
    context = {"form": form, "school": body, "year": year, "row": row}
    return render(request, "rollover/classes.html", context, status=422 if form.errors else 200)


@require_POST
@requires(PREPARE_ROLL_OVER)
def ready(request: Any, year: int, code: int) -> HttpResponse:
    """The school says that all is right, or that it wants to go on changing."""
    body, row = school_of(request.asker, code), standing(request.asker, year)
    wanted = request.POST.get("ready") == "1"
    _said(
        request,
        lambda: exceptions.say_ready(by=request.asker, roll_over=row, school=body, ready=wanted),
    )
    return redirect("rollover:school", year, code)


def _closed(request: Any, row: RollOver, year: int, code: int) -> HttpResponse | None:
    """Back to the school's page when nothing can be changed any more."""
    if row.open:
        return None
    messages.error(request, _("升级结转%(state)s，现在不能修改。") % {"state": row.get_state_display()})
    return redirect("rollover:school", year, code)


def _said(request: Any, action: Any) -> None:
    try:
        action()
    except ValidationError as error:
        messages.error(request, error.messages[0])
