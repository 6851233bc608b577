"""The guardians' pages: courses, lessons, what they would like to hear about, stations nearby. Small pages."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tongyu.core.access import Asker, requires
from tongyu.core.clock import today
from tongyu.directory.hats import school_year_of
from tongyu.records.forms import first_message
from tongyu.workbenches.families.parent_school import rules
from tongyu.workbenches.families.parent_school.actions.learning import learn
from tongyu.workbenches.families.parent_school.actions.needs import answer_needs
from tongyu.workbenches.families.parent_school.models import Course, Topic
from tongyu.workbenches.families.parent_school.queries import learning, needs, stations
from tongyu.workbenches.families.parent_school.queries.learning import Progress
from tongyu.workbenches.families.parent_school.views.media import text_of


@require_GET
@requires(rules.LEARN)
def family_courses(request: Any) -> HttpResponse:
    """The courses with the guardian's own progress, and what the school asks."""
    asker, on = request.asker, today()
    courses = list(learning.offered(asker))
    progress = learning.progress_of(asker, courses)
    rows = []
    for course in courses:
        lessons, own = list(course.lessons.all()), progress[course.org, course.key]
        rows.append({"course": course, "total": len(lessons), "done": own.count(lessons), "own": own})
    surveys = needs.open_for(asker, on)
    context = {"rows": rows, "surveys": surveys, "stations": bool(stations.near(asker, on))}
    return render(request, "parent_school/family_courses.html", context)


@require_GET
@requires(rules.LEARN)
def family_course(request: Any, pk: UUID) -> HttpResponse:
    """One course: its lessons, which are learned, and where to go on."""
    course = _offered(request.asker, pk)
    own, again = _own(request, course)
    lessons = list(course.lessons.all())
    context = {
        "course": course,
        "lessons": [(one, bool(own.finished) or one.key in own.done) for one in lessons],
        "total": len(lessons),
        "done": own.count(lessons),
        "own": own,
        "next": own.next_of(lessons),
        "query": f"?round={own.round}" if own.round > 1 else "",
        "again": again,
    }
    return render(request, "parent_school/family_course.html", context)


@require_GET
@requires(rules.LEARN)
def family_lesson(request: Any, pk: UUID, number: int) -> HttpResponse:
    """One lesson: text, sound, a few questions with their answers, and the button to go on."""
    course = _offered(request.asker, pk)
    own, _again = _own(request, course)
    lessons = list(course.lessons.all())
    lesson = next((one for one in lessons if one.number == number), None)
    if lesson is None:
        raise Http404
    context = {
        "course": course,
        "lesson": lesson,
        "total": len(lessons),
        "learned": bool(own.finished) or lesson.key in own.done,
        "round": own.round,
        "last": number == len(lessons),
        "query": f"?round={own.round}" if own.round > 1 else "",
        **text_of(course, lesson),
    }
    return render(request, "parent_school/family_lesson.html", context)


@require_POST
@requires(rules.LEARN)
def family_learn(request: Any, pk: UUID, number: int) -> HttpResponse:
    """The guardian has learned the lesson; on to the next one, or to the end of the course."""
    course = _offered(request.asker, pk)
    lessons = list(course.lessons.all())
    lesson = next((one for one in lessons if one.number == number), None)
    if lesson is None:
        raise Http404
    round = _number(request.POST.get("round", "1"))
    query = f"?round={round}" if round > 1 else ""
    try:
        finished = learn(by=request.asker, course=course, lesson=lesson.key, round=round)
    except ValidationError as error:
        messages.error(request, first_message(error))
        return redirect("parent_school:family_course", pk)
    if finished:
        messages.success(request, _("这门课您学完了。谢谢您为孩子花的心思。"))
        return redirect("parent_school:family_course", pk)
    own = learning.progress_of(request.asker, [course])[course.org, course.key]
    following = own.next_of(lessons, after=number)
    if following is None:
        return redirect("parent_school:family_course", pk)
    return redirect(reverse("parent_school:family_lesson", args=[pk, following.number]) + query)


@require_http_methods(["GET", "POST"])
@requires(rules.LEARN)
def family_needs(request: Any, pk: UUID) -> HttpResponse:
    """What the guardian would like to hear about; may be changed while it is open."""
    asker = request.asker
    found = next(((one, mine) for one, mine in needs.open_for(asker, today()) if one.pk == pk), None)
    if found is None:
        if not needs.was_open_for(asker, pk):
            raise Http404
        messages.info(request, _("这次征集已经结束。"))
        return redirect("parent_school:family_courses")
    survey, chosen = found
    if request.method == "POST":
        try:
            answer_needs(by=asker, survey=survey, topics=request.POST.getlist("topics"))
        except ValidationError as error:
            messages.error(request, first_message(error))
        else:
            messages.success(request, _("已收到。学校只看到每个主题有几个人选，看不到是谁选的。"))
        return redirect("parent_school:family_courses")
    topics = [(key, Topic(key).label, key in chosen) for key in survey.topics]
    return render(request, "parent_school/family_needs.html", {"survey": survey, "topics": topics})


@require_GET
@requires(rules.LEARN)
def family_stations(request: Any) -> HttpResponse:
    """The guidance stations of the children's townships."""
    return render(
        request, "parent_school/family_stations.html", {"stations": stations.near(request.asker, today())}
    )


@require_GET
@requires(rules.LEARN)
def finished(request: Any, pk: UUID) -> HttpResponse:
    """The course that one's own record of having finished it speaks of."""
    record = learning.own_completions(request.asker).filter(pk=pk).first()
    if record is None:
        raise Http404
    course = learning.offered(request.asker).filter(org=record.course_org, key=record.course_key).first()
    if course is None:
        return redirect("parent_school:family_courses")
    return redirect("parent_school:family_course", course.pk)


def _offered(asker: Asker, pk: UUID) -> Course:
    """A course for the guardian's children; an older version leads to the one that stands."""
    found = learning.offered(asker).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _own(request: Any, course: Course) -> tuple[Progress, int]:
    """The progress in the round that runs, or in the next one when the guardian begins anew; and that next round
    when it may be begun: a course that was finished in an earlier school year."""
    own = learning.progress_of(request.asker, [course])[course.org, course.key]
    if own.finished is None:
        return own, 0
    if _number(request.GET.get("round", "")) == own.round + 1:
        return Progress(own.round + 1), 0
    earlier = school_year_of(own.finished) < school_year_of(today())
    return own, own.round + 1 if earlier else 0


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 1
