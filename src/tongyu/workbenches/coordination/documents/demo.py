"""Believable documents: charters and plans of the schools, minutes and funding of townships and departments."""

from datetime import date, timedelta

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import DemoBody, DemoCounty, DemoSchool, DemoStaff, demo, signed
from tongyu.workbenches.coordination.documents.models import Document, DocumentVersion

YEARLY = (
    ("agenda_minutes", "协同育人工作专题会议纪要", 0.95),
    ("work_division", "协同育人工作任务分工", 0.85),
    ("funding", "协同育人工作经费安排", 0.6),
)
SUMMARIES = {
    "charter": (
        "第五章写明学校、家庭、社会协同育人职责。",
        "新增家长参与学校管理一节。",
        "按县教育局范本修订。",
    ),
    "work_plan": (
        "列入协同育人重点工作八项。",
        "家访、家长会、家长学校分月安排。",
        "明确每月家校活动负责人。",
    ),
    "committee_charter": ("明确家委会的职责、权利和义务。", "三级家委会产生办法与任期。", ""),
    "agenda_minutes": ("会议研究了本学年协同育人重点任务。", "听取上学期情况，安排本学期工作。"),
    "work_division": ("分管领导、承办人、联络员各一名。", "任务细化到站所。"),
    "funding": ("从公用经费中列支活动经费。", "安排专项经费，用于家长学校和宣传。"),
}


class Shelf:
    """Documents and their versions while they are made."""

    def __init__(self, county: DemoCounty) -> None:
        self.county, self.dice = county, county.dice("documents")
        self.year = county.years[1].year.start
        self.documents: list[Document] = []
        self.versions: list[DocumentVersion] = []

    def file(
        self,
        by: DemoStaff,
        place: DemoSchool | DemoBody,
        category: str,
        title: str,
        day: date,
        *,
        until: date | None = None,
        published: bool = False,
        names_collaboration: bool | None = None,
    ) -> None:
        """One more document with its versions; a day that is still to come means that there is none yet."""
        dice = self.dice
        if day > self.county.day:
            return
        entered = dice.moment(min(self.county.day, day + timedelta(days=dice.randrange(9))), 8, 18)
        document = Document(
            id=dice.uuid7(entered),
            hi=place.hi,
            category=category,
            title=title,
            occurred_on=day,
            until_day=until,
            published=published,
            names_collaboration=names_collaboration,
        )
        signed(document, by, place.code, entered, entered)
        self.documents.append(document)
        for number in range(1, 2 + dice.chance(0.15)):
            self.versions.append(
                DocumentVersion(
                    id=dice.uuid7(entered),
                    document=document,
                    org=place.code,
                    number=number,
                    made_on=day,
                    summary=dice.choice(SUMMARIES.get(category, ("",))),
                    by_account=by.account_id or 0,
                    at=entered,
                )
            )


def write(county: DemoCounty) -> int:
    """What schools, townships and departments have on file; returns how many documents."""
    shelf = Shelf(county)
    for school in county.schools:
        leader = school.leader_on(county.day)
        if leader is not None and school.stands_on(county.day):
            _school(shelf, school, leader)
    for body in [*county.townships, *county.departments.values()]:
        _yearly(shelf, body)
    _single(shelf)
    insert_rows(shelf.documents)
    insert_rows(shelf.versions)
    return len(shelf.documents)


def _school(shelf: Shelf, school: DemoSchool, leader: DemoStaff) -> None:
    dice, year = shelf.dice, shelf.year
    if dice.chance(0.6 + 0.4 * school.diligence):
        day = date(year.year - dice.randint(1, 4), dice.randint(1, 12), dice.randint(1, 28))
        named = dice.choices((True, False, None), (0.5 + school.diligence, 0.2, 0.3))[0]
        shelf.file(
            leader, school, "charter", f"{school.name}章程", day, published=True, names_collaboration=named
        )
    for start in (year.replace(year=year.year - 1), year):
        if dice.chance(0.35 + 0.63 * school.diligence):
            title = f"{school.name}{start.year}—{start.year + 1}学年工作计划"
            day = start + timedelta(days=dice.randrange(2, 45))
            shelf.file(leader, school, "work_plan", title, day, until=start.replace(year=start.year + 1))
    if dice.chance(0.3 + 0.65 * school.diligence):
        day = date(year.year - dice.randint(0, 2), 9, dice.randint(5, 28))
        shelf.file(leader, school, "committee_charter", f"{school.name}家长委员会章程", day, published=True)


def _yearly(shelf: Shelf, body: DemoBody) -> None:
    """Three documents a year, each its own tick; funding is what comes last."""
    for start in (shelf.year.replace(year=shelf.year.year - 1), shelf.year):
        for category, title, likely in YEARLY:
            if shelf.dice.chance(likely * (0.3 + 0.7 * body.diligence)):
                day = start + timedelta(days=shelf.dice.randrange(8, 70))
                label = f"{body.name}{start.year}—{start.year + 1}学年{title}"
                shelf.file(
                    body.staff[0], body, category, label, day, until=start.replace(year=start.year + 1)
                )


def _single(shelf: Shelf) -> None:
    """The handbook of the justice department and the mechanism of the education department."""
    departments = shelf.county.departments
    justice, education = departments["justice"], departments["education"]
    shelf.file(
        justice.staff[0],
        justice,
        "legal_handbook",
        "永靖县家长法治教育手册（演示）",
        date(shelf.year.year, 5, 12),
        published=True,
    )
    shelf.file(
        education.staff[0],
        education,
        "campus_safety_mechanism",
        "永靖县学校安全多部门联动工作机制（演示）",
        date(shelf.year.year, 3, 20),
    )


demo("documents", 30, write)
