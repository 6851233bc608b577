"""How large the county is: which schools stand where, and how many pupils sit in each class. Pure, no chance."""

from collections import defaultdict
from dataclasses import dataclass, field

from tongyu.cli.demo.places import SEAT, SHOWCASE, TOWNSHIPS
from tongyu.directory.kinds import NAMES_OF_GRADES, STAGES, SchoolKind

FULL_SIZE = 30_000
FULL_SCHOOLS = 120
CLASS_SIZE = 34
SHOWCASE_CLASS = (1, 4, 1)
"""Stage, grade and number of the class in 关山乡 whose teacher has a known sign-in: 四年级1班."""
SHOWCASE_PUPILS = 31
MOST_IN_TOWNSHIP = 990

# How many of each kind stand in a county of the real size, besides the first twenty-six.
FURTHER = {
    "kindergarten": 26,
    "primary": 43,
    "nine_year": 8,
    "junior": 13,
    "senior": 2,
    "complete": 1,
    "vocational": 1,
}
FIRST = ("primary", "primary", "junior", "kindergarten", "senior", "special", "nine_year")
CLASS_WEIGHT = {
    "kindergarten": 4.0,
    "primary": 6.0,
    "junior": 8.0,
    "nine_year": 11.0,
    "senior": 16.0,
    "complete": 18.0,
    "vocational": 8.0,
    "special": 3.0,
}
IN_TOWN = frozenset({"senior", "complete", "vocational", "special"})


@dataclass
class SchoolShape:
    """A school to be: where, what kind, and its classes as (stage, grade from 1, number)."""

    township: int
    kind: str
    weight: float
    classes: list[tuple[int, int, int]] = field(default_factory=list)

    def slots(self) -> list[tuple[int, int]]:
        """Its (stage, grade) pairs from the lowest; a nine-year school runs on to grade 9."""
        kind = SchoolKind(self.kind)
        primary = kind == SchoolKind.PRIMARY
        found = []
        for stage in STAGES[kind]:
            grades = 6 if primary else len(NAMES_OF_GRADES[stage])
            found += [(int(stage), grade) for grade in range(1, grades + 1)]
        return found

    def add_class(self) -> None:
        """The next class: every grade gets its first before one gets its second."""
        slots = self.slots()
        stage, grade = slots[len(self.classes) % len(slots)]
        self.classes.append((stage, grade, len(self.classes) // len(slots) + 1))


def school_shapes(students: int) -> list[SchoolShape]:
    """The schools of a county with that many pupils, each with its classes."""
    kinds = _kinds(_how_many_schools(students))
    weights = {code: weight for code, _, weight in TOWNSHIPS}
    taken: defaultdict[int, float] = defaultdict(float)
    order = [
        SHOWCASE,
        *sorted((code for code, _, _ in TOWNSHIPS if code != SHOWCASE), key=lambda c: -weights[c]),
    ]
    shapes = []
    for kind in kinds:
        if kind in IN_TOWN:
            township = SEAT
        elif kind == "primary" and order:
            township = order.pop(0)
        else:
            township = min(weights, key=lambda code: (taken[code] / weights[code], code))
        taken[township] += 1
        size = CLASS_WEIGHT[kind] * (0.6 + 0.2 * weights[township])
        shapes.append(SchoolShape(township, kind, size))
    _deal_classes(shapes, students)
    return shapes


def _how_many_schools(students: int) -> int:
    small = 26
    if students >= FULL_SIZE:
        return FULL_SCHOOLS * students // FULL_SIZE
    if students >= 3000:
        return small + round((FULL_SCHOOLS - small) * (students - 3000) / (FULL_SIZE - 3000))
    return max(len(FIRST), round(small * students / 3000))


def _kinds(count: int) -> list[str]:
    """The kinds in the order schools are founded: first one of most kinds, then a primary school everywhere."""
    kinds = [*FIRST, *["primary"] * 15, "kindergarten", "kindergarten", "kindergarten", "junior"]
    dealt = dict.fromkeys(FURTHER, 0)
    while len(kinds) < count:
        kind = min(FURTHER, key=lambda k: ((dealt[k] + 0.5) / FURTHER[k], k))
        dealt[kind] += 1
        kinds.append(kind)
    return kinds[:count]


def _deal_classes(shapes: list[SchoolShape], students: int) -> None:
    for shape in shapes:
        shape.add_class()
    for _ in range(5 if shapes[0].township == SHOWCASE else 0):
        shapes[0].add_class()
    wanted = round(students / CLASS_SIZE)
    while sum(len(shape.classes) for shape in shapes) < wanted:
        min(shapes, key=lambda shape: len(shape.classes) / shape.weight).add_class()


def class_sizes(shapes: list[SchoolShape], students: int) -> list[list[int]]:
    """Pupils of each class, in the order of `shapes` and their classes; they add up to `students`."""
    fixed: dict[tuple[int, int], int] = {}
    open_: list[tuple[int, int]] = []
    for row, shape in enumerate(shapes):
        for column, class_ in enumerate(shape.classes):
            if shape.kind == "special":
                fixed[row, column] = min(8, students)
            elif row == 0 and class_ == SHOWCASE_CLASS and students >= 500:
                fixed[row, column] = SHOWCASE_PUPILS
            else:
                open_.append((row, column))
    left = max(0, students - sum(fixed.values()))
    # A wave instead of chance: sizes between about three quarters and five quarters of the average.
    waves = [0.8 + 0.4 * ((place * 7) % 11) / 10 for place in range(len(open_))]
    unit = left / sum(waves)
    sizes = [int(wave * unit) for wave in waves]
    for place in range(left - sum(sizes)):
        sizes[place % len(sizes)] += 1
    fixed.update(zip(open_, sizes, strict=True))
    return [[fixed[row, column] for column in range(len(shape.classes))] for row, shape in enumerate(shapes)]
