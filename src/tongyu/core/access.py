"""Who may do what: a rule is both the check of one row and the filter of many (house rule 7).

The first of three layers. The second is the row filter in every named query, the third is row-level
security in the database, which knows the range of codes only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, TypeVar
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase


class Role:
    """A hat: held at a body for a period. Subclasses are readable classes (house rule 9)."""

    key: str = ""
    name: Any = ""
    sentence: Any = ""
    """One sentence for the person who grants the role: what its holder sees and does."""
    signs_in: bool = True
    """False for offices that are only on record, such as a legal vice-principal."""


@dataclass(frozen=True)
class Ward:
    """A child as the guardian who asks sees it: who it is, where it goes to school, what the guardian may do."""

    student_id: UUID
    name: str
    org: int
    """The class."""
    class_name: str
    school_name: str
    guardian_id: UUID
    relation: str
    may_decide: bool
    may_pick_up: bool

    @property
    def place(self) -> str:
        """School and class, as a label beside the name."""
        return f"{self.school_name} · {self.class_name}"


@dataclass(frozen=True)
class Asker:
    """The person who asks, under the one hat worn at the moment. Set once per request, by middleware."""

    account_id: int
    name: str
    role: type[Role]
    body_code: int
    body_name: str
    body_kind: str
    lo: int
    hi: int
    staff_id: Any = None
    appointment_id: Any = None
    body_key: str = ""
    invented: bool = False
    """An invented person of a demonstration: every page says so."""
    wards: tuple[Ward, ...] = ()
    """Of a guardian: the children, by name. Their places are not a range: `lo` and `hi` are empty then."""

    def reaches(self, org: int) -> bool:
        """True when the code lies in the asker's jurisdiction."""
        return self.lo <= org < self.hi

    def ward(self, student: Any) -> Ward | None:
        """The own child with that id; None when it is no child of the asker's."""
        return next((ward for ward in self.wards if str(ward.student_id) == str(student)), None)


class Relation:
    """How a row must stand to the asker. One definition, two readings: a filter and a check."""

    def filter(self, asker: Asker) -> Q:
        """The rows that stand in this relation, as a condition on the queryset's model."""
        raise NotImplementedError

    def holds(self, asker: Asker, row: Any) -> bool:
        """True when this one row stands in the relation."""
        raise NotImplementedError


@dataclass(frozen=True)
class Inside(Relation):
    """The row's place lies in the asker's range; a row without one lies nowhere."""

    field: str = "org"

    def filter(self, asker: Asker) -> Q:
        return Q(**{f"{self.field}__gte": asker.lo, f"{self.field}__lt": asker.hi})

    def holds(self, asker: Asker, row: Any) -> bool:
        place = getattr(row, self.field)
        return place is not None and asker.reaches(place)


@dataclass(frozen=True)
class Touching(Relation):
    """The row's place lies in the asker's range, or its scope `[lo, hi)` and the asker's range overlap."""

    field: str = "org"
    lo: str = "scope_lo"
    hi: str = "scope_hi"

    def filter(self, asker: Asker) -> Q:
        inside = Q(**{f"{self.field}__gte": asker.lo, f"{self.field}__lt": asker.hi})
        return inside | Q(**{f"{self.lo}__lt": asker.hi, f"{self.hi}__gt": asker.lo})

    def holds(self, asker: Asker, row: Any) -> bool:
        inside = asker.reaches(getattr(row, self.field))
        return inside or (getattr(row, self.lo) < asker.hi and getattr(row, self.hi) > asker.lo)


@dataclass(frozen=True)
class OwnWard(Relation):
    """The row is about a child of the guardian who asks."""

    field: str = "student_id"

    def filter(self, asker: Asker) -> Q:
        return Q(**{f"{self.field}__in": [ward.student_id for ward in asker.wards]})

    def holds(self, asker: Asker, row: Any) -> bool:
        return asker.ward(getattr(row, self.field)) is not None


@dataclass(frozen=True)
class InsideOrWard(Relation):
    """Inside the range, for who works at a place; about an own child, for a guardian. One rule for both sides."""

    place: str = "org"
    student: str = "student_id"

    def filter(self, asker: Asker) -> Q:
        return self._of(asker).filter(asker)

    def holds(self, asker: Asker, row: Any) -> bool:
        return self._of(asker).holds(asker, row)

    def _of(self, asker: Asker) -> Relation:
        return OwnWard(self.student) if asker.wards else Inside(self.place)


@dataclass(frozen=True)
class AtOwnBody(Relation):
    """The row belongs to exactly the body whose hat the asker wears."""

    field: str = "org"

    def filter(self, asker: Asker) -> Q:
        return Q(**{self.field: asker.body_code})

    def holds(self, asker: Asker, row: Any) -> bool:
        return bool(getattr(row, self.field) == asker.body_code)


@dataclass(frozen=True)
class Anywhere(Relation):
    """Every row: for tables that hold nothing about people."""

    def filter(self, asker: Asker) -> Q:
        return Q()

    def holds(self, asker: Asker, row: Any) -> bool:
        return True


@dataclass(frozen=True)
class Rule:
    """Roles that may do an act, and how the rows must stand to them."""

    key: str
    roles: tuple[type[Role], ...]
    relation: Relation = field(default_factory=Inside)

    def allows(self, asker: Asker | None, row: Any = None) -> bool:
        """True when the asker's role may act, and (given a row) the row stands in the relation."""
        if asker is None or asker.role not in self.roles:
            return False
        return row is None or self.relation.holds(asker, row)

    def check(self, asker: Asker | None, row: Any = None) -> None:
        """Raise PermissionDenied unless `allows`."""
        if not self.allows(asker, row):
            raise PermissionDenied(self.key)

    def rows(self, asker: Asker, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """The rows of `queryset` that the asker may act on; none when the role may not."""
        if asker.role not in self.roles:
            return queryset.none()
        return queryset.filter(self.relation.filter(asker))


View = TypeVar("View", bound=Callable[..., HttpResponseBase])


def requires(rule: Rule) -> Callable[[View], View]:
    """Declare a view's rule. The role is checked before the view runs; rows are the view's queries' matter."""

    def declare(view: View) -> View:
        @wraps(view)
        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            rule.check(getattr(request, "asker", None))
            return view(request, *args, **kwargs)

        checked.rule = rule  # type: ignore[attr-defined]
        return checked  # type: ignore[return-value]

    return declare
