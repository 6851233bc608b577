"""Believable parent schools: the four parts at most schools, stations in most townships, some parents who learned."""

from datetime import date, timedelta

from tongyu.core.bulk import insert_rows
from tongyu.directory.models import Account
from tongyu.records.demos import (
    DemoBody,
    DemoClass,
    DemoCounty,
    DemoGuardian,
    DemoSchool,
    DemoStaff,
    Dice,
    demo,
    entered_after,
    signed,
)
from tongyu.workbenches.families.parent_school.actions.learning import name_of
from tongyu.workbenches.families.parent_school.actions.shipping import load
from tongyu.workbenches.families.parent_school.models import (
    Completion,
    CompletionOf,
    Course,
    NeedsAnswer,
    NeedsSurvey,
    Part,
    PartKind,
    Station,
    Topic,
)

LINES = {
    PartKind.TEAM: "德育主任负责，班主任、法治副校长和三位有经验的家长轮流讲",
    PartKind.PLACE: "二楼会议室，有投影",
    PartKind.PLAN: "每学期两次：开学讲好习惯，期中后讲亲子沟通和上网",
    PartKind.ACTIVITY: "家庭教育指导四次，亲子阅读日一次",
}
AMOUNTS = {PartKind.TEAM: (4, 9), PartKind.PLACE: (40, 160), PartKind.PLAN: (2, 6), PartKind.ACTIVITY: (3, 6)}
WANTED = (
    Topic.TALKING,
    Topic.PHONES,
    Topic.FEELINGS,
    Topic.HABITS,
    Topic.LAW,
    Topic.SAFETY,
    Topic.GRANDPARENTS,
)
LEARNED = 0.18


def write(county: DemoCounty) -> int:
    """The course on the law, parts, stations, finished courses, a survey here and there; how many records."""
    dice = county.dice("parent_school")
    load(county.code)
    year = county.years[1].year.start
    made = _parts(dice, county, year) + _stations(dice, county)
    made += _completions(dice, county, year)
    _surveys(dice, county)
    return made


def _parts(dice: Dice, county: DemoCounty, year: date) -> int:
    rows = []
    for school in county.schools:
        for part in PartKind:
            leader = school.leader_on(county.day)
            if (
                school.stands_on(county.day)
                and leader
                and dice.chance(min(0.97, 0.35 + 0.65 * school.diligence))
            ):
                rows.append(_part(dice, county, year, school, leader, part))
    return insert_rows(rows)


def _part(
    dice: Dice, county: DemoCounty, year: date, school: DemoSchool, by: DemoStaff, part: PartKind
) -> Part:
    day = min(county.day, year + timedelta(days=dice.randrange(5, 70)))
    moment = dice.moment(day)
    entered = entered_after(dice, moment)
    record = Part(
        id=dice.uuid7(entered), hi=school.hi, part=part, line=LINES[part], amount=dice.randrange(*AMOUNTS[part]),
        topics=list(WANTED[:3]) if part == PartKind.PLAN else [], occurred_on=day,
    )  # fmt: skip
    signed(record, by, school.code, entered, entered)
    return record


def _stations(dice: Dice, county: DemoCounty) -> int:
    rows = [_station(dice, county, town) for town in county.townships if town.staff and dice.chance(0.75)]
    return insert_rows(rows)


def _station(dice: Dice, county: DemoCounty, town: DemoBody) -> Station:
    day = county.day - timedelta(days=dice.randrange(60, 700))
    entered = dice.moment(day)
    station = Station(
        id=dice.uuid7(entered), hi=town.hi, name=f"{town.name}家庭教育指导服务站", place="镇便民服务中心二楼",
        opening="每周六上午 9:00—11:30", offers="一对一咨询、隔代教养小课堂", occurred_on=day,
    )  # fmt: skip
    signed(station, town.staff[0], town.code, entered, entered)
    return station


def _completions(dice: Dice, county: DemoCounty, year: date) -> int:
    """Some of those who have joined finished the course on the law this school year; nobody can read who."""
    course = Course.objects.get(org=county.office.code, shipped=True)
    records: list[Completion] = []
    guardians: list[CompletionOf] = []
    seen = _beginners()
    days = max(1, (county.day - year).days)
    for school, class_ in county.classes():
        for adult in _joined(county, class_):
            if adult.account_id in seen or not dice.chance(LEARNED * school.diligence):
                continue
            seen.add(adult.account_id)
            day = year + timedelta(days=dice.randrange(days))
            at = dice.moment(day, 18, 22)
            who = {"org": class_.code, "by_account": adult.account_id}
            record = Completion(
                id=name_of(adult.account_id or 0, course, 1, ""), by_role="guardian", occurred_on=day, entered_at=at,
                received_at=at, course_org=course.org, course_key=course.key, **who,
            )  # fmt: skip
            records.append(record)
            guardians.append(CompletionOf(id=dice.uuid7(at), completion=record, guardian_id=adult.id, **who))
    insert_rows(records)
    insert_rows(guardians)
    return len(records)


def _joined(county: DemoCounty, class_: DemoClass) -> list[DemoGuardian]:
    """The guardians with an account of the pupils who are in the class on the county's day."""
    pupils = [one for one in class_.pupils if one.enrolled_on(county.day) and one.now_in == class_.code]
    return [adult for pupil in pupils for adult in pupil.guardians if adult.account_id]


def _beginners() -> set[int | None]:
    """The parent under whose name one signs in to try: nothing is learned or answered yet."""
    return set(Account.objects.filter(username="parent").values_list("pk", flat=True))


def _surveys(dice: Dice, county: DemoCounty) -> None:
    """Every fifth school asked its families, and the first one did."""
    surveys: list[NeedsSurvey] = []
    answers: list[NeedsAnswer] = []
    none = _beginners()
    for place, school in enumerate(county.schools):
        leader = school.leader_on(county.day)
        if leader is None or leader.account_id is None or not (place == 0 or dice.chance(0.2)):
            continue
        opened = county.day - timedelta(days=dice.randrange(2, 12))
        survey = NeedsSurvey(
            id=dice.uuid7(dice.moment(opened)), org=school.code, hi=school.hi, topics=list(Topic.values),
            opened_on=opened, closes_on=opened + timedelta(days=15), by_account=leader.account_id,
        )  # fmt: skip
        surveys.append(survey)
        accounts = {adult.account_id for class_ in school.classes for adult in _joined(county, class_)} - none
        for account in sorted(number for number in accounts if number)[:40]:
            if dice.chance(0.4):
                topics = sorted(set(dice.choices(WANTED, k=dice.randrange(1, 4))))
                at = dice.moment(opened)
                answers.append(
                    NeedsAnswer(id=dice.uuid7(at), survey=survey, by_account=account, topics=topics)
                )
    insert_rows(surveys)
    insert_rows(answers)


demo("parent_school", 35, write)
