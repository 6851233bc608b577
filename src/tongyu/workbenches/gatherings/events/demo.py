"""Believable gatherings: what schools, townships and departments did in a year, and what they still plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import (
    DemoBody,
    DemoClass,
    DemoCounty,
    DemoPupil,
    DemoSchool,
    DemoStaff,
    demo,
    entered_after,
    signed,
)
from tongyu.workbenches.gatherings.events.models import (
    Event,
    EventOrganiser,
    EventScope,
    FamilyAnswer,
    FollowUp,
    Participation,
)

AHEAD = 35
"""Days that schools plan ahead."""


@dataclass(frozen=True)
class Usual:
    """What a body usually does: how likely in a term, under which titles, between which days of the year."""

    type: str
    likely: float
    titles: tuple[str, ...]
    days: tuple[tuple[int, int], tuple[int, int]] | None = None
    times: int = 1
    with_parents: bool = False
    by_committee: float = 0.0


AT_SCHOOLS = (
    Usual("first_lesson", 1.0, ("开学第一课：少年强", "开学第一课：安全记心间", "开学第一课"), ((9, 1), (9, 9))),
    Usual("first_lesson", 1.0, ("开学第一课：新学期新气象", "春季开学第一课"), ((3, 2), (3, 12))),
    Usual("lei_feng", 1.0, ("学雷锋纪念日志愿行动", "“学雷锋学模范”故事会"), ((3, 3), (3, 27))),
    Usual("festival", 0.9, ("我们的节日·中秋", "国庆歌咏会", "教师节主题活动"), ((9, 7), (10, 13))),
    Usual("festival", 0.9, ("清明祭英烈", "六一文艺汇演", "五四主题团日"), ((4, 1), (6, 2))),
    Usual("flag_raising", 1.0, ("开学升旗仪式", "国旗下的讲话：节约粮食"), times=2),
    Usual("pioneer_admission", 0.5, ("一年级新队员入队仪式", "少先队建队日入队仪式"), ((10, 12), (10, 23))),
    Usual("core_values", 0.85, ("核心价值观主题班会", "核心价值观我来讲", "诚信教育周")),
    Usual("ideals_course", 0.8, ("思政公开课", "校长思政第一课", "大思政课：黄河岸边的故事")),
    Usual("party_history", 0.45, ("红色故事大家讲", "“从小学党史·永远跟党走”主题队日")),
    Usual("legal_education", 0.8, ("法治进校园", "预防校园欺凌教育", "民法典与我")),
    Usual("constitution", 0.5, ("宪法晨读", "宪法宣传周活动"), ((11, 30), (12, 8))),
    Usual("safety_education", 0.95, ("防溺水安全教育", "冬季取暖安全教育", "交通安全第一课"), times=2),
    Usual("safety_drill", 0.8, ("消防疏散演练", "防震减灾应急演练")),
    Usual("volunteering", 0.6, ("敬老院志愿服务", "清洁黄河岸边志愿行动")),
    Usual("cleaning", 0.7, ("校园卫生清扫日", "社区卫生清扫")),
    Usual("civility", 0.4, ("文明卫士上岗", "文明礼仪岗评比")),
    Usual("guidance", 0.85, ("家庭教育指导：陪伴的方法", "家长课堂：手机怎么管", "隔代教养专题讲座",
                             "家庭教育指导：青春期沟通", "家长课堂：亲子阅读"), None, 2, True, 0.35),
    Usual("experience_exchange", 0.5, ("家教经验交流会", "好家长分享会"), None, 1, True),
    Usual("study_trip", 0.35, ("刘家峡水电站研学", "恐龙国家地质公园亲子研学", "炳灵寺研学"), None, 1, True),
    Usual("social_theme", 0.5, ("社会育人主题日", "劳模进校园", "老兵讲故事")),
    Usual("teacher_training", 0.55, ("班主任家校沟通培训", "家庭教育指导能力校本研修")),
    Usual("liaison", 0.65, ("与派出所、乡镇座谈", "协同育人联席会", "邀请村委会参与学校发展座谈")),
    Usual("labour", 0.4, ("劳动实践周", "百合采收劳动课")),
    Usual("practice", 0.3, ("走进农科站", "实践教学：我是小记者")),
    Usual("sport", 0.4, ("秋季运动会", "阳光体育大课间比赛", "冬季长跑")),
)  # fmt: skip
AT_TOWNSHIPS = (
    Usual("law_study", 0.55, ("《家庭教育促进法》宣讲", "家长学法院坝会"), None, 1, True),
    Usual("family_tradition", 0.5, ("好家风好家训分享", "最美家庭走进校园"), None, 1, True),
)
# Which departments do what, and whether at schools one by one or for the whole county.
AT_DEPARTMENTS: dict[str, tuple[Usual, ...]] = {
    "justice": (Usual("legal_lecture", 0.45, ("法治讲座进校园", "警示教育报告会")),),
    "culture": (
        Usual("arts_on_campus", 0.35, ("高雅艺术进校园", "民乐进校园")),
        Usual("opera_on_campus", 0.3, ("秦腔进校园", "花儿进校园")),
    ),
    "education": (
        Usual("labour", 0.25, ("全县劳动教育周", "劳动教育基地体验")),
        Usual("practice", 0.25, ("社会实践大课堂",)),
        Usual("study_trip", 0.2, ("研学实践：黄河文化",)),
    ),
}
COUNTY_WIDE: dict[str, tuple[Usual, ...]] = {
    "publicity": (Usual("net_safety", 0.6, ("网络安全宣传周", "争做好网民主题宣传")),),
    "health": (Usual("health_education", 0.7, ("学校卫生安全培训", "近视防控宣传")),),
    "culture": (Usual("sport", 0.6, ("全县中小学生运动会", "足球联赛")),),
    "league": (
        Usual("league_pioneer", 0.6, ("少先队辅导员培训", "团队日示范活动")),
        Usual("minor_protection", 0.4, ("未成年人保护宣传月",)),
    ),
    "science": (Usual("science", 0.6, ("科普大篷车进校园", "青少年科技节")),),
    "next_generation": (Usual("guidance", 0.5, ("“五老”家庭教育讲堂",), None, 1, True),),
    "women": (Usual("family_tradition", 0.4, ("寻找最美家庭",), None, 1, True),),
}
SUMMARIES = (
    "", "", "按计划进行，秩序良好。", "家长提问踊跃，现场答复了大部分问题。", "学生参与积极，请各班跟进。",
    "因下雨改在室内。", "邀请了村干部参加。", "发放宣传页，家长反映内容实用。", "有几名家长在外务工未到，已个别联系。",
)  # fmt: skip


class Diary:
    """Events and what belongs to them while they are made."""

    def __init__(self, county: DemoCounty) -> None:
        self.county, self.dice = county, county.dice("events")
        self.events: list[Event] = []
        self.scopes: list[EventScope] = []
        self.organisers: list[EventOrganiser] = []
        self.participations: list[Participation] = []
        self.answers: list[FamilyAnswer] = []
        self.told: list[FollowUp] = []

    def days(self, usual: Usual, start: date, end: date) -> list[date]:
        """The school days on which it may take place, planned ones included."""
        latest = min(end, self.county.day + timedelta(days=AHEAD))
        span = (start + timedelta(days=offset) for offset in range(max(0, (latest - start).days)))
        days = [day for day in span if any(year.is_school_day(day) for year in self.county.years)]
        if usual.days:
            first, last = usual.days
            days = [day for day in days if first <= (day.month, day.day) <= last]
        return days

    def add(
        self,
        usual: Usual,
        day: date,
        by: DemoStaff,
        org: int,
        word: str,
        key: str,
        reach: Sequence[tuple[int, int]],
        people: int,
    ) -> Event:
        """One event: held and written down, forgotten, cancelled, or still to come."""
        dice = self.dice
        starts = dice.moment(day, 8, 17).replace(minute=dice.choice((0, 0, 30)), second=0)
        hours = Decimal(dice.choice(("0.5", "1.0", "1.5", "2.0", "3.0")))
        event = Event(
            type=usual.type,
            title=dice.choice(usual.titles),
            occurred_on=day,
            starts_at=starts,
            ends_at=starts + timedelta(hours=float(hours)),
            place=dice.choice(("多功能厅", "操场", "各班教室", "会议室", "阶梯教室", "")),
            with_parents=usual.with_parents,
            expected=people or None,
        )
        self._outcome(event, starts, hours, people)
        assert event.entered_at is not None
        event.id = dice.uuid7(event.entered_at)
        entered = event.entered_at
        signed(event, by, org, entered, entered)
        self.events.append(event)
        self.scopes += [
            EventScope(id=dice.uuid7(entered), event=event, org=org, lo=lo, hi=hi) for lo, hi in reach
        ]
        self.organisers.append(
            EventOrganiser(
                id=dice.uuid7(entered), event=event, org=org, body=org, word=word, key=key, main=True
            )
        )
        return event

    def _outcome(self, event: Event, starts: datetime, hours: Decimal, people: int) -> None:
        dice, day = self.dice, self.county.day
        planned = starts - timedelta(days=dice.randint(3, 20), minutes=dice.randrange(600))
        now = datetime(day.year, day.month, day.day, 21, 30, tzinfo=starts.tzinfo)
        if event.occurred_on > day:
            event.entered_at = min(planned, now - timedelta(hours=dice.randint(1, 90)))
        elif dice.chance(0.02):
            event.entered_at = planned
            event.cancelled_at = min(now, planned + timedelta(days=2))
            event.cancel_reason = dice.choice(("天气原因", "与全县统考冲突", "主讲人临时有事，另行安排"))
        else:
            written = min(now, entered_after(dice, starts + timedelta(hours=float(hours))))
            event.entered_at = planned if dice.chance(0.4) else written
            if not dice.chance(0.02):
                event.held_at = written
                event.hours = hours
                event.participants = max(1, int(people * dice.uniform(0.72, 1.0))) if people else None
                event.summary = dice.choice(SUMMARIES)


def write(county: DemoCounty) -> int:
    """The year's gatherings of all bodies; returns how many."""
    diary = Diary(county)
    for start, end in county.terms():
        for school in county.schools:
            leader = school.leader_on(max(start, min(end, county.day)))
            if leader is not None and school.stands_on(start):
                _school_term(diary, school, leader, start, end)
                _parent_meetings(diary, school, leader, start, end)
        for township in county.townships:
            _own_events(diary, township, AT_TOWNSHIPS, "township", "township", start, end)
        for key, body in county.departments.items():
            _department_term(diary, key, body, start, end)
    insert_rows(diary.events)
    insert_rows(diary.scopes)
    insert_rows(diary.organisers)
    insert_rows(diary.participations)
    insert_rows(diary.answers)
    insert_rows(diary.told)
    return len(diary.events)


def _school_term(diary: Diary, school: DemoSchool, leader: DemoStaff, start: date, end: date) -> None:
    dice = diary.dice
    pupils = sum(len(class_.pupils) for class_ in school.classes)
    for usual in AT_SCHOOLS:
        if usual.type == "pioneer_admission" and school.kind not in ("primary", "nine_year"):
            continue
        days = diary.days(usual, start, end)
        for _ in range(usual.times):
            if days and dice.chance(usual.likely * (0.3 + 0.75 * school.diligence)):
                word = "committee" if dice.chance(usual.by_committee) else "school"
                reach = [(school.code, school.hi)]
                diary.add(usual, dice.choice(days), leader, school.code, word, word, reach, pupils)


def _parent_meetings(diary: Diary, school: DemoSchool, leader: DemoStaff, start: date, end: date) -> None:
    """After the mid-term tests: for the whole school, grade by grade, or each class by itself."""
    dice = diary.dice
    first = start + timedelta(days=55)
    days = diary.days(Usual("parent_meeting", 1, ()), first, min(end, first + timedelta(days=38)))
    meeting = Usual("parent_meeting", 1, ("期中家长会", "家长会：家校携手", "家长会"), None, 1, True)
    if not days:
        return
    throw = dice.random()
    likely = 0.25 + 0.75 * school.diligence
    if throw < 0.25 and dice.chance(likely):
        people = sum(len(class_.pupils) for class_ in school.classes)
        reach = [(school.code, school.hi)]
        diary.add(meeting, dice.choice(days), leader, school.code, "school", "school", reach, people)
    elif throw < 0.5:
        for grade, classes in school.grades_on(days[0]).items():
            if dice.chance(likely):
                people = sum(len(class_.pupils) for class_ in classes)
                day = dice.choice(days)
                diary.add(
                    meeting, day, leader, school.code, "school", "school", [(grade, grade + 100)], people
                )
    else:
        for class_ in school.classes:
            _class_meeting(diary, meeting, class_, dice.choice(days), likely)


def _class_meeting(diary: Diary, meeting: Usual, class_: DemoClass, day: date, likely: float) -> None:
    teacher = class_.teacher_on(day)
    present = [pupil for pupil in class_.pupils if pupil.enrolled_on(day)]
    if teacher is None or not class_.stands_on(day) or not diary.dice.chance(likely):
        return
    reach = [(class_.code, class_.code + 1)]
    event = diary.add(meeting, day, teacher, class_.code, "school", "school", reach, len(present))
    here = [pupil for pupil in present if pupil.guardians and pupil.now_in == class_.code]
    if event.occurred_on > diary.county.day and event.cancelled_at is None:
        _invite(diary, event, class_, here)
    if event.held_at is None or not diary.dice.chance(0.15):
        return
    own = {"event": event, "org": class_.code, "by_account": teacher.account_id or 0, "at": event.held_at}
    for pupil in here:
        row = {**own, "student_id": pupil.id}
        attended = diary.dice.choices((True, False, None), (0.84, 0.11, 0.05))[0]
        diary.participations.append(
            Participation(
                id=diary.dice.uuid7(event.held_at),
                guardian_id=pupil.guardians[0].id,
                attended=attended,
                **row,
            )
        )
        if attended is False and diary.dice.chance(0.6):
            way = diary.dice.choice(("phone", "phone", "visit", "paper"))
            diary.told.append(FollowUp(id=diary.dice.uuid7(event.held_at), way=way, **row))


def _invite(diary: Diary, event: Event, class_: DemoClass, pupils: Sequence[DemoPupil]) -> None:
    """The families were asked to come; more than half have answered, one child in thirty in two ways."""
    dice = diary.dice
    assert event.entered_at is not None
    event.invited_at, event.invitation = event.entered_at, dice.choice(("", "请准时到班级教室，带上成绩单。"))
    for pupil in pupils:
        if not dice.chance(0.6):
            continue
        says = dice.choices(("come", "other", "no"), (0.75, 0.15, 0.1))[0]
        answers = [(pupil.guardians[0], says)]
        if len(pupil.guardians) > 1 and dice.chance(0.05):
            answers.append((pupil.guardians[1], "no" if says != "no" else "come"))
        diary.answers += [
            FamilyAnswer(
                id=dice.uuid7(event.entered_at),
                event=event,
                org=class_.code,
                student_id=pupil.id,
                guardian_id=guardian.id,
                says=word,
                told_by="slip",
                by_account=event.by_account or 0,
                at=event.entered_at,
            )
            for guardian, word in answers
        ]


def _own_events(
    diary: Diary, body: DemoBody, usuals: Sequence[Usual], word: str, key: str, start: date, end: date
) -> None:
    """Events for the whole range of a township, or of the county when a department holds them."""
    reach = (body.code, body.hi) if word == "township" else (diary.county.code, diary.county.hi)
    for usual in usuals:
        days = diary.days(usual, start, end)
        if days and diary.dice.chance(usual.likely * (0.3 + 0.75 * body.diligence)):
            people = diary.dice.randint(30, 300)
            diary.add(usual, diary.dice.choice(days), body.staff[0], body.code, word, key, [reach], people)


def _department_term(diary: Diary, key: str, body: DemoBody, start: date, end: date) -> None:
    """At schools one by one, for the county as a whole, and legal education, which every department owes."""
    dice, label = diary.dice, f"department:{key}"
    _own_events(diary, body, COUNTY_WIDE.get(key, ()), "department", label, start, end)
    outreach = Usual("legal_education", 0.45, ("送法进校园", "法治宣传资源包发放", "以案说法进校园"))
    visits = [(usual, usual.likely * body.diligence) for usual in AT_DEPARTMENTS.get(key, ())]
    for usual, likely in [*visits, (outreach, 0.06 if dice.chance(body.diligence) else 0.0)]:
        days = diary.days(usual, start, end)
        for school in diary.county.schools:
            if days and school.stands_on(start) and dice.chance(likely):
                people = sum(len(class_.pupils) for class_ in school.classes)
                reach = [(school.code, school.hi)]
                diary.add(
                    usual, dice.choice(days), body.staff[0], body.code, "department", label, reach, people
                )


demo("events", 40, write)
