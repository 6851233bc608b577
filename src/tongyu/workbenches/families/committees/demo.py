"""Believable committees: most schools have all three levels, some forgot a grade, some let a term run out.

In one class of each school the vote is open; nobody's choice is known there either.
"""

from datetime import date, datetime, time, timedelta

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import (
    CHINA,
    DemoClass,
    DemoCounty,
    DemoPupil,
    DemoSchool,
    DemoStaff,
    Dice,
    demo,
    signed,
)
from tongyu.workbenches.families.committees.models import (
    Ballot,
    Candidate,
    Committee,
    Election,
    Level,
    Member,
    Office,
    Standing,
    Voted,
    Way,
)

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
    known = [pupil for pupil in pupils if pupil.guardians and pupil.enrolled_on(committee.occurred_on)]
    adults = {pupil.guardians[0].id: pupil for pupil in known}
    chosen = dice.sample(list(adults.values()), min(size, len(adults)))
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
            guardian_id=pupil.guardians[0].id,
            student_id=pupil.id,
        )
        for pupil, office in zip(chosen, offices, strict=False)
    ]


def write_elections(county: DemoCounty) -> int:
    """In the first class of the fourth grade of each school with enough families a vote is open since yesterday."""
    dice, fourth = county.dice("elections"), county.years[1].year.start.year - 3
    elections: list[Election] = []
    candidates: list[Candidate] = []
    votes: list[Voted] = []
    ballots: list[Ballot] = []
    for school in county.schools:
        for class_ in school.classes:
            pupils = [one for one in class_.pupils if one.enrolled_on(county.day) and one.guardians]
            teacher = class_.teacher_on(county.day)
            if class_.number != 1 or class_.entry_year != fourth or teacher is None or len(pupils) < 8:
                continue
            election = _election(dice, county, class_, teacher)
            standing = _candidates(dice, election, pupils, teacher)
            elections.append(election)
            candidates += standing
            _vote(dice, election, standing, dice.sample(pupils, len(pupils) // 3), votes, ballots)
            break
    for rows in (elections, candidates, votes, ballots):
        insert_rows(rows)
    return len(elections)


def _election(dice: Dice, county: DemoCounty, class_: DemoClass, by: DemoStaff) -> Election:
    begun = datetime.combine(county.day - timedelta(days=1), time(8), CHINA)
    return Election(
        id=dice.uuid7(begun),
        org=class_.code,
        hi=class_.code + 1,
        level=Level.CLASS,
        vote_from=begun,
        vote_until=begun + timedelta(days=7, hours=10),
        seats=3,
        until_day=date(county.years[1].year.start.year + 1, 9, 1),
        by_account=by.account_id or 0,
        entered_at=begun - timedelta(days=7),
    )


def _candidates(dice: Dice, election: Election, pupils: list[DemoPupil], by: DemoStaff) -> list[Candidate]:
    return [
        Candidate(
            id=dice.uuid7(election.entered_at),
            election=election,
            org=election.org,
            name=pupil.guardians[0].name,
            child_name=pupil.name,
            guardian_id=pupil.guardians[0].id,
            student_id=pupil.id,
            words=dice.choice(("愿意为孩子们出力", "周末有时间", "")),
            state=Standing.ACCEPTED,
            by_account=by.account_id or 0,
            by_role=by.role,
            entered_at=election.entered_at,
        )
        for pupil in dice.sample(list({one.guardians[0].id: one for one in pupils}.values()), 5)
    ]


def _vote(
    dice: Dice,
    election: Election,
    standing: list[Candidate],
    pupils: list[DemoPupil],
    votes: list[Voted],
    ballots: list[Ballot],
) -> None:
    piles: dict[tuple[str, ...], int] = {}
    for pupil in pupils:
        votes.append(
            Voted(
                id=dice.uuid7(election.vote_from),
                election=election,
                student_id=pupil.id,
                org=election.org,
                way=Way.ONLINE,
            )
        )
        chosen = tuple(sorted(str(one.pk) for one in dice.sample(standing, election.seats)))
        piles[chosen] = piles.get(chosen, 0) + 1
    ballots += [
        Ballot(id=dice.uuid7(election.vote_from), election=election, choices=list(chosen), number=number)
        for chosen, number in sorted(piles.items())
    ]


demo("committees", 30, write)
demo("committee_elections", 31, write_elections)
