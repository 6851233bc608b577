"""The shape of course.yaml. Imported only while a course is read: web workers do not load pydantic for it."""

from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr, model_validator

Slug = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
Short = Annotated[StrictStr, Field(min_length=1, max_length=60)]
Line = Annotated[StrictStr, Field(min_length=1, max_length=200)]
Name = Annotated[StrictStr, Field(min_length=1, max_length=120)]


class Shape(BaseModel):
    """No key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Question(Shape):
    """A question that teaches: the right choice, counted from 1, and why."""

    ask: Line
    choices: Annotated[tuple[Line, ...], Field(min_length=2, max_length=6)]
    right: StrictInt
    why: Annotated[StrictStr, Field(min_length=1, max_length=400)]

    @model_validator(mode="after")
    def _one_of_them(self) -> "Question":
        if not 1 <= self.right <= len(self.choices):
            raise ValueError(_("right 是第几个选项，从 1 数起，不能超过选项的个数"))
        return self


class LessonShape(Shape):
    """One lesson: its text file, perhaps a sound or a film, and two to four questions."""

    key: Slug
    title: Short
    text: Name
    audio: Annotated[StrictStr, Field(max_length=120)] = ""
    video: Annotated[StrictStr, Field(max_length=120)] = ""
    quiz: Annotated[tuple[Question, ...], Field(max_length=4)] = ()


class CourseFile(Shape):
    """The whole file."""

    key: Slug
    title: Short
    intro: Annotated[StrictStr, Field(max_length=300)] = ""
    source: Annotated[StrictStr, Field(max_length=200)] = ""
    lessons: Annotated[tuple[LessonShape, ...], Field(min_length=1, max_length=40)]
