"""Believable home reports: some of the families that have joined write once or twice a term."""

from datetime import date, datetime, timedelta

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import DemoCounty, DemoGuardian, DemoPupil, Dice, demo
from tongyu.workbenches.families.home_reports.models import Content, Devices, Health, HomeReport, Mood, Sleep

WRITES, ANSWERED, WITH_LINE = 0.12, 0.7, 0.6
LINES = (
    "这周自己整理书包了，表扬一下。",
    "写作业有点慢，请老师多提醒。",
    "周末帮爷爷喂羊，很懂事。",
    "最近爱看书，睡前要讲故事。",
    "有点咳嗽，已经在吃药。",
    "说和同桌闹别扭，回来不太说话。",
    "手机看得多，正在一起改。",
)
WORRYING = "这两天早上说不想上学，问也不说，请老师帮忙留意。"
REPLIES = ("谢谢您告诉我，我会留意。", "孩子在学校表现很好。", "好的，明天我和孩子聊聊。")


def write(county: DemoCounty) -> int:
    """Reports of the current term; returns how many."""
    dice = county.dice("home_reports")
    start = county.terms()[-1][0]
    days = [start + timedelta(days=n) for n in range(7, (county.day - start).days + 1)]
    reports: list[HomeReport] = []
    contents: list[Content] = []
    for _school, class_ in county.classes():
        for pupil in class_.pupils:
            writer = next((one for one in pupil.guardians if one.account_id), None)
            if not days or writer is None or not dice.chance(WRITES):
                continue
            day = dice.choice(days)
            if pupil.enrolled_on(day) and class_.stands_on(day):
                report, content = _report(county, dice, pupil, writer, day)
                reports.append(report)
                contents.append(content)
    insert_rows(reports)
    insert_rows(contents)
    return len(reports)


def _report(
    county: DemoCounty, dice: Dice, pupil: DemoPupil, writer: DemoGuardian, day: date
) -> tuple[HomeReport, Content]:
    entered = dice.moment(day, 18, 21)
    account = writer.account_id or 0
    report = HomeReport(
        id=dice.uuid7(entered),
        org=pupil.org,
        by_role="guardian",
        by_account=account,
        student_id=pupil.id,
        place=pupil.now_in,
        relation=writer.relation,
        occurred_on=day,
        entered_at=entered,
        received_at=entered,
    )
    answered = dice.chance(ANSWERED) and day < county.day
    if answered:
        report.answered_at = min(entered + timedelta(hours=dice.randrange(1, 20)), _evening(county, entered))
    line = dice.choice(LINES) if dice.chance(WITH_LINE) else None
    content = Content(
        report_id=report.pk,
        org=report.org,
        by_account=account,
        mood=dice.choices(Mood.values, [5.0, 4.0, 1.0, 0.6])[0],
        health=dice.choices(Health.values, [8.0, 1.0, 0.4])[0],
        sleep=dice.choices(Sleep.values, [6.0, 2.0, 0.7])[0],
        devices=dice.choices(Devices.values, [5.0, 2.0, 2.0])[0],
        line=WORRYING if dice.chance(0.03) else line,
        reply=dice.choice(REPLIES) if answered and dice.chance(0.4) else None,
    )
    return report, content


def _evening(county: DemoCounty, moment: datetime) -> datetime:
    """Nothing is answered later than on the evening of the county's day."""
    return datetime(county.day.year, county.day.month, county.day.day, 21, 30, tzinfo=moment.tzinfo)


demo("home_reports", 24, write)
