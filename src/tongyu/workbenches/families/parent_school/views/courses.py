"""Courses as their keepers see them: the list, one course with its lessons, loading, publishing, taking down."""

import io
import zipfile
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.naming import PlaceNames
from tongyu.directory.roles import SchoolLeader
from tongyu.records.forms import first_message
from tongyu.workbenches.families.parent_school import rules
from tongyu.workbenches.families.parent_school.actions import courses as acts
from tongyu.workbenches.families.parent_school.actions.packages import MOST_PACKED, Fault, PackageRefused
from tongyu.workbenches.families.parent_school.actions.shipping import FOLDER
from tongyu.workbenches.families.parent_school.forms import UploadForm
from tongyu.workbenches.families.parent_school.models import Course, CourseState
from tongyu.workbenches.families.parent_school.queries import courses as queries
from tongyu.workbenches.families.parent_school.views.media import text_of

SAMPLE = "family-education-law"


@require_GET
@requires(rules.SEE_COURSES)
def courses(request: Any) -> HttpResponse:
    """What guardians of the asker's places may learn, and the own drafts before it."""
    name = PlaceNames(today(), request.asker.body_code)
    context = {
        "rows": [(one, name(one.org)) for one in queries.listed(request.asker)],
        "may_keep": rules.keeps_courses(request.asker),
    }
    return render(request, "parent_school/courses.html", context)


@require_http_methods(["GET", "POST"])
@requires(rules.KEEP_COURSES)
def upload_course(request: Any) -> HttpResponse:
    """Load a course from a file; every fault of it is shown, and nothing is kept until there is none."""
    acts.check_keeper(request.asker)
    form = UploadForm(request.POST or None, request.FILES or None)
    faults: list[Fault] = []
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            if upload.size > MOST_PACKED:
                raise _too_big(upload.name)
            made = acts.import_course(by=request.asker, data=upload.read(), filename=upload.name)
        except PackageRefused as refused:
            faults = refused.faults
        else:
            messages.success(request, _("课程已读入，没有问题。请看一遍，再点“发布”。"))
            return redirect("parent_school:course", made.pk)
    failed = bool(faults or form.errors)
    context = {"form": form, "faults": faults}
    return render(request, "parent_school/upload.html", context, status=422 if failed else 200)


@require_GET
@requires(rules.KEEP_COURSES)
def sample_course(request: Any) -> HttpResponse:
    """The shipped course as a package, to begin an own one from."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted((FOLDER / SAMPLE).iterdir()):
            archive.writestr(path.name, path.read_bytes())
    response = HttpResponse(target.getvalue(), content_type="application/zip")
    response["Content-Disposition"] = 'attachment; filename="course-sample.zip"'
    return response


@require_GET
@requires(rules.SEE_COURSES)
def course(request: Any, pk: UUID) -> HttpResponse:
    """One course with its lessons; by class how many guardians finished it, never who."""
    found, asker = _course(request.asker, pk), request.asker
    published = found.state == CourseState.PUBLISHED
    counted = published and asker.role is SchoolLeader
    context = {
        "course": found,
        "lessons": list(found.lessons.all()),
        "owner": PlaceNames(today(), asker.body_code)(found.org),
        "may_keep": rules.keeps_courses(asker) and rules.KEEP_COURSES.allows(asker, found),
        "draft": found.state == CourseState.DRAFT,
        "published": published,
        "replaces": _standing(found) if found.state == CourseState.DRAFT else None,
        "counts": queries.class_counts(asker, found, today()) if counted else [],
        "few": queries.FEW,
    }
    return render(request, "parent_school/course.html", context)


@require_GET
@requires(rules.SEE_COURSES)
def course_lesson(request: Any, pk: UUID, number: int) -> HttpResponse:
    """One lesson as guardians see it."""
    found = _course(request.asker, pk)
    lesson = found.lessons.filter(number=number).first()
    if lesson is None:
        raise Http404
    context = {"course": found, "lesson": lesson, **text_of(found, lesson)}
    return render(request, "parent_school/course_lesson.html", context)


@require_POST
@requires(rules.KEEP_COURSES)
def publish_course(request: Any, pk: UUID) -> HttpResponse:
    """Show the course to the guardians."""
    return _done(request, pk, acts.publish, _("课程已发布，家长现在可以学了。"))


@require_POST
@requires(rules.KEEP_COURSES)
def withdraw_course(request: Any, pk: UUID) -> HttpResponse:
    """Take the course from the guardians' list."""
    return _done(request, pk, acts.withdraw, _("课程已下架。家长学过的进度不受影响。"))


@require_POST
@requires(rules.KEEP_COURSES)
def discard_course(request: Any, pk: UUID) -> HttpResponse:
    """Throw a draft away."""
    found = _course(request.asker, pk)
    try:
        acts.discard(by=request.asker, course=found)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("parent_school:course", pk)
    messages.success(request, _("草稿已删除。"))
    return redirect("parent_school:courses")


def _done(request: Any, pk: UUID, act: Callable[..., Course], told: str) -> HttpResponse:
    found = _course(request.asker, pk)
    try:
        act(by=request.asker, course=found)
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, told)
    return redirect("parent_school:course", pk)


def _course(asker: Asker, pk: UUID) -> Course:
    found = queries.visible(asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _standing(draft: Course) -> Course | None:
    rows = Course.objects.filter(org=draft.org, key=draft.key, state=CourseState.PUBLISHED)
    return rows.first()


def _too_big(name: str) -> PackageRefused:
    text = _("文件超过 %d MB，不能上传。请缩小音频、视频或图片。") % (MOST_PACKED // 1024 // 1024)
    return PackageRefused([Fault(name[:80], 0, text)])
