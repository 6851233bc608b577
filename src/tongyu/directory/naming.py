"""What places are called on a day: any code of the tree, for whole pages in one query."""

from datetime import date

from tongyu.directory.codes import WIDTH, containing
from tongyu.directory.hats import class_name
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body

BELOW_SCHOOL = (BodyKind.GRADE, BodyKind.SCHOOL_CLASS)


class PlaceNames:
    """Names by code. Bodies down to the school are read once, on first use; grades and classes follow from the code.

    `home` is the reader's own body: the name of one's own school is left out before its grades and classes.
    """

    def __init__(self, on: date, home: int = 0) -> None:
        self.on, self.home = on, home
        self._names: dict[int, str] | None = None

    def __call__(self, code: int) -> str:
        """The name of the place with that code, or the code itself when there is none."""
        if self._names is None:
            rows = Body.objects.exclude(kind__in=BELOW_SCHOOL).values_list("code", "name")
            self._names = dict(rows)
        school = containing(code, BodyKind.SCHOOL)
        if code == school:
            return self._names.get(code, str(code))
        cohort, number = divmod(code - school, WIDTH[BodyKind.GRADE])
        stage, year = divmod(cohort, 100)
        below = class_name(stage, 2000 + year, number, self.on)
        if containing(self.home, BodyKind.SCHOOL) == school:
            return below
        return f"{self._names.get(school, school)}{below}"


def class_label(code: int, on: date) -> str:
    """What the class with that code is called on that day; the code alone says it."""
    stage, year, number = code // 10_000 % 10, 2000 + code // 100 % 100, code % 100
    return class_name(stage, year, number, on)
