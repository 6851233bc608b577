"""Believable bulletins: one of the county, some of schools, some of classes, with the families' answers."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import (
    DemoBody,
    DemoCounty,
    DemoGuardian,
    DemoPupil,
    DemoSchool,
    DemoStaff,
    Dice,
    demo,
)
from tongyu.workbenches.families.bulletins.models import Act, Answer, Bulletin, BulletinChild, Need, Whose

DECIDING = ("father", "mother", "other")


class Words(NamedTuple):
    """What a bulletin says and asks."""

    title: str
    text: str
    need: str = Need.READ
    whose: str = Whose.ANY
    days: int | None = None


COUNTY = Words(
    "冬季防火防一氧化碳，请家长放在心上",
    "天冷了，家里生炉子请装好烟囱、开一扇小窗，睡前检查炉火；家里有老人孩子的，请装一氧化碳报警器。\n"
    "孩子独自在家时不要动炉子。遇到头晕恶心，先开窗到屋外，再打120。",
)
OF_SCHOOLS = (
    Words(
        "冬季作息时间调整",
        "从下周一起，早上到校时间改为8:20，下午放学改为16:30。校车时间同样顺延。",
        Need.CONFIRM,
        days=5,
    ),
    Words("雪天上下学安全提醒", "预报这周有雪。请家长接送时不把车停在校门口坡道上，步行的孩子穿防滑的鞋。"),
    Words(
        "冬季校服征订自愿告知",
        "冬季校服自愿订购，不订不影响任何活动。要订的请在班主任处登记尺码。",
        Need.CONFIRM,
        days=7,
    ),
)
OF_CLASSES = (
    Words(
        "参观县博物馆（自愿）",
        "下周三上午带孩子去县博物馆，学校派车，免费。请签字表明是否同意参加。",
        Need.SIGN,
        days=4,
    ),
    Words("家庭联系卡核对", "请核对班级联系卡上的电话，有变动告诉班主任。", Need.CONFIRM, days=6),
    Words("期中家长会提醒", "本周五下午三点在本班教室开家长会，来不了的可以和我约时间。"),
    Words("研学活动告知书", "两位监护人都签字后才报名，费用全免，当天往返。", Need.SIGN, Whose.ALL, 8),
)


def write(county: DemoCounty) -> int:
    """The bulletins of the last weeks; returns how many."""
    dice = county.dice("bulletins")
    diary = Diary(county, dice)
    days = county.school_days(county.day - timedelta(days=21), county.day)
    if not days:
        return 0
    education = county.departments.get("education")
    if education and education.staff:
        everybody = [pupil for _school, class_ in county.classes() for pupil in class_.pupils]
        diary.send(COUNTY, education.staff[0], education, (county.code, county.hi), everybody, days[0])
    for number, school in enumerate(county.schools):
        leader = school.leader_on(county.day)
        if leader and school.stands_on(county.day) and (number == 0 or dice.chance(0.3)):
            pupils = [pupil for class_ in school.classes for pupil in class_.pupils]
            place = (school.code, school.hi)
            diary.send(dice.choice(OF_SCHOOLS), leader, school, place, pupils, dice.choice(days))
        diary.classes(school, days, 0.9 if number == 0 else 0.15)
    insert_rows(diary.bulletins)
    insert_rows(diary.children)
    insert_rows(diary.answers)
    return len(diary.bulletins)


class Diary:
    """Gathers the rows."""

    def __init__(self, county: DemoCounty, dice: Dice) -> None:
        self.county, self.dice = county, dice
        self.bulletins: list[Bulletin] = []
        self.children: list[BulletinChild] = []
        self.answers: list[Answer] = []

    def classes(self, school: DemoSchool, days: list[date], likely: float) -> None:
        """Those of the class teachers of a school."""
        for class_ in school.classes:
            teacher = class_.teacher_on(self.county.day)
            if teacher is None or not class_.stands_on(self.county.day) or not self.dice.chance(likely):
                continue
            place = (class_.code, class_.code + 1)
            words = self.dice.choice(OF_CLASSES)
            self.send(words, teacher, class_, place, class_.pupils, self.dice.choice(days), school.name)

    def send(
        self,
        words: Words,
        by: DemoStaff,
        body: DemoBody | DemoSchool | Any,
        place: tuple[int, int],
        pupils: Iterable[DemoPupil],
        day: date,
        school: str = "",
    ) -> None:
        """One bulletin with its children and what their guardians did."""
        moment = self.dice.moment(day, 10, 17)
        row = Bulletin(
            id=self.dice.uuid7(moment),
            org=place[0],
            hi=place[1],
            title=words.title,
            text=words.text,
            need=words.need,
            whose=words.whose,
            deadline=None if words.days is None else day + timedelta(days=words.days),
            by_account=by.account_id or 0,
            by_role=by.role,
            by_body=by.body,
            by_name=by.name,
            body_name=f"{school} {body.name}".strip(),
            sent_at=moment,
            spread_at=moment,
        )
        self.bulletins.append(row)
        for pupil in pupils:
            if pupil.enrolled_on(day):
                row.children += 1
                self._child(row, pupil, moment)

    def _child(self, row: Bulletin, pupil: DemoPupil, moment: datetime) -> None:
        child = BulletinChild(
            id=self.dice.uuid7(moment),
            bulletin=row,
            enrolment_id=pupil.enrolment_id,
            student_id=pupil.id,
            org=pupil.org,
        )
        self.children.append(child)
        for adult in pupil.guardians:
            if adult.account_id and self.dice.chance(0.55):
                self._answers(child, adult, row, moment)

    def _answers(self, child: BulletinChild, adult: DemoGuardian, row: Bulletin, moment: datetime) -> None:
        acts: list[str] = [Act.READ]
        if row.need == Need.CONFIRM and self.dice.chance(0.8):
            acts.append(Act.CONFIRM)
        if row.need == Need.SIGN and adult.relation in DECIDING and self.dice.chance(0.75):
            acts.append(Act.AGREE if self.dice.chance(0.92) else Act.DECLINE)
        for number, act in enumerate(acts, 1):
            moment += timedelta(minutes=self.dice.randrange(1, 240))
            self.answers.append(
                Answer(
                    id=self.dice.uuid7(moment),
                    bulletin=row,
                    child=child,
                    student_id=child.student_id,
                    org=child.org,
                    guardian_id=adult.id,
                    number=number,
                    act_done=act,
                    by_account=adult.account_id or 0,
                    by_role="guardian",
                    at=moment,
                )
            )


demo("bulletins", 71, write)
