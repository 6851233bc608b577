"""The shape of the file that `tongyu county found` reads."""

import datetime as dt
from typing import Annotated

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StrictInt, StrictStr

from tongyu.directory.founding import FirstPerson, NewCounty
from tongyu.directory.kinds import DEPARTMENTS

Name = Annotated[StrictStr, Field(min_length=1, max_length=80)]


def _digits(count: int) -> AfterValidator:
    def check(value: int) -> int:
        if len(str(value)) != count:
            raise ValueError(_("应是 %d 位数字") % count)
        return value

    return AfterValidator(check)


def _known(value: dict[str, str]) -> dict[str, str]:
    for key in value:
        if key not in DEPARTMENTS:
            words = "、".join(DEPARTMENTS)
            raise ValueError(_("没有“%(key)s”这个部门，可用：%(words)s") % {"key": key, "words": words})
    return value


class Shape(BaseModel):
    """No key that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Person(Shape):
    """Somebody with a first account."""

    name: Annotated[StrictStr, Field(min_length=1, max_length=60)]
    username: Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_.-]{2,31}$")]


class CountyFile(Shape):
    """A county before anything is known of its schools."""

    name: Name
    division: Annotated[StrictInt, _digits(6)]
    since: dt.date
    leading_group: Name
    office: Name
    departments: Annotated[dict[str, Name], AfterValidator(_known)] = {}
    townships: Annotated[dict[Annotated[int, _digits(9)], Name], Field(min_length=1)]
    administrator: Person
    office_person: Person

    def as_county(self) -> NewCounty:
        """The same as the directory takes it."""
        return NewCounty(
            division=self.division,
            name=self.name,
            since=self.since,
            leading_group=self.leading_group,
            office=self.office,
            townships=self.townships,
            administrator=FirstPerson(self.administrator.name, self.administrator.username),
            office_person=FirstPerson(self.office_person.name, self.office_person.username),
            departments=self.departments,
        )
