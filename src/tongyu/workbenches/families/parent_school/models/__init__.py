"""Parent schools and stations; courses; progress; needs."""

from tongyu.workbenches.families.parent_school.models.courses import Course, CourseState, Lesson, Media
from tongyu.workbenches.families.parent_school.models.needs import NeedsAnswer, NeedsSurvey, Topic
from tongyu.workbenches.families.parent_school.models.parts import Part, PartKind
from tongyu.workbenches.families.parent_school.models.progress import Completion, CompletionOf, LessonDone
from tongyu.workbenches.families.parent_school.models.stations import Station

__all__ = [
    "Completion",
    "CompletionOf",
    "Course",
    "CourseState",
    "Lesson",
    "LessonDone",
    "Media",
    "NeedsAnswer",
    "NeedsSurvey",
    "Part",
    "PartKind",
    "Station",
    "Topic",
]
