"""Believable committees: most schools have all three levels, some forgot a grade, some let a term run out."""

from datetime import date, timedelta

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import DemoClass, DemoCounty, DemoPupil, DemoSchool, DemoStaff, Dice, demo, signed
from tongyu.workbenches.families.committees.models import Committee, Level, Member, Office

RELATIONS = {"father": "父亲", "mother": "母亲", "grandparent": "祖辈", "relative": "亲属", "other": "监护人"}
EXPIRED = 0.05


def write(county: DemoCounty) -> int:
    """A committee for most schools, grades and classes; returns how many."""
    dice = county.dice("committees")
    year = county.years[1].year.start
    committees: list[Committee] = []
    members: list[Member] = []
    for school in county.schools:
        leader = school.leader_on(county.day)
        if not school.stands_on(county.day) or leader is None:
            continue
        for level, org, hi, classes in _places(school, county.day):
            if not dice.chance(min(0.99, 0.45 + 0.6 * school.diligence)):
                continue
            signer = (classes[0].teacher_on(county.day) or leader) if level is Level.CLASS else leader
            committee = _committee(dice, county, signer, level, org, hi, year)
            people = _members(dice, committee, [pupil for class_ in classes for pupil in class_.pupils])
            if people:
                committees.append(committee)
                members += people
    insert_rows(committees)
    insert_rows(members)
    return len(committees)


def _places(school: DemoSchool, day: date) -> list[tuple[Level, int, int, list[DemoClass]]]:
    """Where a committee stands: the school, each of its grades, each of its classes."""
    grades = school.grades_on(day)
    classes = [class_ for group in grades.values() for class_ in group]
    places = [(Level.SCHOOL, school.code, school.hi, classes)]
    places += [(Level.GRADE, grade, grade + 100, group) for grade, group in grades.items()]
    return places + [(Level.CLASS, class_.code, class_.code + 1, [class_]) for class_ in classes]


def _committee(
    dice: Dice, county: DemoCounty, by: DemoStaff, level: Level, org: int, hi: int, year: date
) -> Committee:
    """Elected in the first weeks of this school year or the one before, for one or two years."""
    elected = year + timedelta(days=dice.randrange(10, 40))
    until = date(elected.year + dice.choice((1, 2)), 9, 1)
    if dice.chance(EXPIRED):
        elected, until = date(year.year - 1, 9, 20), date(year.year, 9, 1)
    elif dice.chance(0.35):
        elected, until = elected.replace(year=elected.year - 1), date(year.year + 1, 9, 1)
    elected = min(elected, county.day)
    entered = dice.moment(min(county.day, elected + timedelta(days=dice.randrange(12))))
    committee = Committee(
        id=dice.uuid7(entered),
        level=level,
        hi=hi,
        occurred_on=elected,
        until_day=until,
        charter="《家长委员会章程》" if dice.chance(0.3) else "",
    )
    signed(committee, by, org, entered, entered)
    return committee


def _members(dice: Dice, committee: Committee, pupils: list[DemoPupil]) -> list[Member]:
    """A chair, a deputy and some more, all of them guardians of pupils of the place."""
    size = {Level.SCHOOL: 9, Level.GRADE: 7, Level.CLASS: 5}[Level(committee.level)]
    known = [pupil for pupil in pupils if pupil.guardians]
    chosen = dice.sample(known, min(size, len(known)))
    offices = [Office.CHAIR, Office.DEPUTY, Office.SECRETARY, *[Office.MEMBER] * size]
    assert committee.entered_at is not None
    return [
        Member(
            id=dice.uuid7(committee.entered_at),
            committee=committee,
            org=committee.org,
            name=pupil.guardians[0].name,
            relation=f"{pupil.name}的{RELATIONS[pupil.guardians[0].relation]}",
            office=office,
            from_day=committee.occurred_on,
        )
        for pupil, office in zip(chosen, offices, strict=False)
    ]


demo("committees", 30, write)
