"""The pages of the parent school: staff's, and the guardians'."""

from tongyu.workbenches.families.parent_school.views.courses import (
    course,
    course_lesson,
    courses,
    discard_course,
    publish_course,
    sample_course,
    upload_course,
    withdraw_course,
)
from tongyu.workbenches.families.parent_school.views.family import (
    family_course,
    family_courses,
    family_learn,
    family_lesson,
    family_needs,
    family_stations,
    finished,
)
from tongyu.workbenches.families.parent_school.views.media import media
from tongyu.workbenches.families.parent_school.views.needs import end_needs, needs
from tongyu.workbenches.families.parent_school.views.parts import (
    carry_over,
    correct_part,
    home,
    new_part,
    part,
)
from tongyu.workbenches.families.parent_school.views.stations import (
    correct_station,
    open_station,
    station,
    stations,
)

__all__ = [
    "carry_over",
    "correct_part",
    "correct_station",
    "course",
    "course_lesson",
    "courses",
    "discard_course",
    "end_needs",
    "family_course",
    "family_courses",
    "family_learn",
    "family_lesson",
    "family_needs",
    "family_stations",
    "finished",
    "home",
    "media",
    "needs",
    "new_part",
    "open_station",
    "part",
    "publish_course",
    "sample_course",
    "station",
    "stations",
    "upload_course",
    "withdraw_course",
]
