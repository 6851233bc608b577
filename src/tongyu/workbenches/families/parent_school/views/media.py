"""A lesson's text with its pictures, sound and film; and these files themselves."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from tongyu.core import files
from tongyu.core import media as kept
from tongyu.core.access import Anywhere, Rule, requires
from tongyu.core.markdown import render
from tongyu.directory.roles import GuardianRole
from tongyu.workbenches.families.parent_school.models import Course, Lesson, Media
from tongyu.workbenches.families.parent_school.queries import courses, learning
from tongyu.workbenches.families.parent_school.rules import STAFF

OPEN_MEDIA = Rule("parent_school.media", (*STAFF, GuardianRole), Anywhere())


@require_GET
@requires(OPEN_MEDIA)
def media(request: Any, pk: UUID) -> HttpResponse | HttpResponseBase:
    """A picture, sound or film of a course that the asker may see."""
    asker = request.asker
    seen = learning.offered(asker) if asker.role is GuardianRole else courses.visible(asker)
    found = Media.objects.filter(pk=pk, course__in=seen.values("pk")).first()
    if found is None:
        raise Http404
    try:
        if kept.is_media(found.path):
            return kept.answer(request, found.path)
        return files.answer(found.path, found.name)
    except (FileNotFoundError, ValueError):
        raise Http404 from None


def text_of(course: Course, lesson: Lesson) -> dict[str, Any]:
    """What a lesson's page shows beside its title: safe HTML, addresses of sound and film, the questions."""
    own = {one.name: reverse("parent_school:media", args=[one.pk]) for one in course.media.all()}
    return {
        "body": render(lesson.text, lambda name: own.get(name, "")),
        "audio": own.get(lesson.audio, ""),
        "video": own.get(lesson.video, ""),
        "questions": [
            {
                "ask": one["ask"],
                "choices": [
                    (number == one["right"], text) for number, text in enumerate(one["choices"], start=1)
                ],
                "why": one["why"],
            }
            for one in lesson.quiz
        ],
    }
