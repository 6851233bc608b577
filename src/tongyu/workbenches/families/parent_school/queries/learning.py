"""What a guardian may learn and has learned. `finished_on` and `Progress` are pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from tongyu.core.access import Asker
from tongyu.workbenches.families.parent_school.models import (
    Completion,
    Course,
    CourseState,
    Lesson,
    LessonDone,
)

Done = Iterable[tuple[str, date]]


def finished_on(lessons: Sequence[str], done: Done) -> date | None:
    """The day on which the last of these lessons was learned first; None while one is open. Order is no matter."""
    first: dict[str, date] = {}
    for key, day in done:
        first[key] = min(day, first.get(key, day))
    days = [first[key] for key in lessons if key in first]
    return max(days) if days and len(days) == len(set(lessons)) else None


@dataclass(frozen=True)
class Progress:
    """Where one account stands in one course: which round, which lessons of it, finished when."""

    round: int = 1
    done: frozenset[str] = field(default_factory=frozenset)
    finished: date | None = None

    def count(self, lessons: Sequence[Lesson]) -> int:
        """How many of the course's lessons are learned; all of a finished one, whatever was added since."""
        return len(lessons) if self.finished else sum(one.key in self.done for one in lessons)

    def next_of(self, lessons: Sequence[Lesson], after: int = 0) -> Lesson | None:
        """The next lesson to learn, those after this number first; None when the course is finished.

        Where every lesson is learned and the course is not finished (it became shorter, or two accounts became one),
        it is the last one: learned again it finishes.
        """
        if self.finished or not lessons:
            return None
        waiting = [one for one in lessons if one.key not in self.done] or [lessons[-1]]
        return next((one for one in waiting if one.number > after), waiting[0])


def offered(asker: Asker) -> QuerySet[Course]:
    """The published courses for the children's places, with their lessons. Two queries."""
    places = {ward.org for ward in asker.wards}
    if not places:
        return Course.objects.none()
    here = reduce(or_, (Q(lo__lte=place, hi__gt=place) for place in places))
    return Course.objects.filter(here, state=CourseState.PUBLISHED).prefetch_related("lessons")


def own_completions(asker: Asker) -> QuerySet[Completion]:
    """The courses that the asker's account has finished."""
    return Completion.objects.filter(by_account=asker.account_id, withdrawn_at=None)


def progress_of(asker: Asker, courses: Iterable[Course]) -> dict[tuple[int, str], Progress]:
    """The asker's own progress by (owner, key) of these courses. Two queries for all of them."""
    wanted = {(course.org, course.key) for course in courses}
    done: dict[tuple[int, str, int], set[str]] = {}
    rows = LessonDone.objects.filter(by_account=asker.account_id)
    for org, key, round, lesson in rows.values_list("course_org", "course_key", "round", "lesson_key"):
        done.setdefault((org, key, round), set()).add(lesson)
    ended: dict[tuple[int, str], tuple[int, date]] = {}
    rounds = own_completions(asker).order_by("round")
    for org, key, round, day in rounds.values_list("course_org", "course_key", "round", "occurred_on"):
        ended[org, key] = (round, day)
    return {place: _progress(place, done, ended.get(place)) for place in wanted}


def _progress(
    place: tuple[int, str],
    done: dict[tuple[int, str, int], set[str]],
    ended: tuple[int, date] | None,
) -> Progress:
    round, day = ended or (0, None)
    begun = done.get((*place, round + 1))
    if begun or not round:
        return Progress(round + 1, frozenset(begun or ()))
    return Progress(round, frozenset(done.get((*place, round), ())), day)
