"""Believable conversations: a class teacher and a family about one child, in a few lines."""

from datetime import datetime, timedelta
from typing import Any

from tongyu.core.bulk import insert_rows
from tongyu.directory.roles import ClassTeacher
from tongyu.records.demos import DemoClass, DemoCounty, DemoGuardian, DemoPupil, DemoStaff, Dice, demo
from tongyu.workbenches.families.conversations import rules
from tongyu.workbenches.families.conversations.models import Audience, Conversation, Message

LIKELY = 0.04
"""Of the pupils whose family has joined."""
TALKS: tuple[tuple[str, tuple[tuple[bool, str], ...]], ...] = (
    (
        "近来的作业",
        (
            (True, "您好，{name}这两周数学作业有几次没写完，在家时间是不是有点紧？"),
            (False, "老师好，最近秋收，晚上回来晚，我让奶奶先盯着。"),
            (True, "好的，辛苦了。写不完的先空着，第二天到校我给他补。"),
        ),
    ),
    (
        "请假",
        (
            (False, "老师，孩子有点发烧，明天请一天假去卫生院看看。"),
            (True, "收到，先看病，落下的课回来我给补。"),
        ),
    ),
    (
        "运动会的表现",
        (
            (True, "{name}运动会接力跑了第一棒，同学们都给他加油，回家夸夸他。"),
            (False, "谢谢老师，他回来高兴得很。"),
        ),
    ),
    (
        "上学路上",
        (
            (False, "老师，这几天下雪，校车站那段坡滑，能不能让孩子晚走十分钟？"),
            (True, "可以，雪天我在门口等他们一起走到车站。"),
            (False, "太好了，麻烦老师了。"),
        ),
    ),
    (
        "和同学相处",
        (
            (True, "{name}这周换了新同桌，刚开始有点拘束，今天已经一起做值日了。"),
            (False, "谢谢老师告诉我，他在家也提起新同桌了。"),
        ),
    ),
)


def write(county: DemoCounty) -> int:
    """Conversations of the last weeks, in classes whose teacher has an account; returns how many."""
    dice = county.dice("conversations")
    talks: list[Conversation] = []
    said: list[Message] = []
    days = county.school_days(county.day - timedelta(days=30), county.day)
    for _school, class_ in county.classes():
        teacher = class_.teacher_on(county.day)
        if not days or teacher is None or teacher.account_id is None or not class_.stands_on(county.day):
            continue
        for pupil in class_.pupils:
            adults = [adult for adult in pupil.guardians if adult.account_id]
            if adults and pupil.enrolled_on(county.day) and dice.chance(LIKELY):
                moment = dice.moment(dice.choice(days), 16, 20)
                talk, messages = _talk(dice, class_, pupil, teacher, adults, moment)
                talks.append(talk)
                said += messages
    insert_rows(talks)
    insert_rows(said)
    return len(talks)


def _talk(
    dice: Dice,
    class_: DemoClass,
    pupil: DemoPupil,
    teacher: DemoStaff,
    adults: list[DemoGuardian],
    moment: datetime,
) -> tuple[Conversation, list[Message]]:
    topic, lines = dice.choice(TALKS)
    adult, private = dice.choice(adults), dice.chance(0.4)
    from_school = lines[0][0]
    talk = Conversation(
        id=dice.uuid7(moment),
        student_id=pupil.id,
        org=pupil.now_in,
        audience=Audience.ONE if private else Audience.ALL,
        guardian_id=adult.id if private else None,
        seats=[f"{teacher.account_id} {ClassTeacher.key}@{class_.code}"],
        topic=topic,
        by_account=(teacher if from_school else adult).account_id or 0,
        by_role=ClassTeacher.key if from_school else "guardian",
        opened_at=moment,
        last_number=len(lines),
    )
    if dice.chance(0.5):
        talk.seats.append(rules.post(ClassTeacher, class_.code))
    readers = [adult.id] if private else [one.id for one in pupil.guardians]
    messages = []
    for number, (school, text) in enumerate(lines, 1):
        moment += timedelta(minutes=dice.randrange(2, 90))
        writer: Any = teacher if school else adult
        messages.append(
            Message(
                id=dice.uuid7(moment),
                conversation_id=talk.pk,
                student_id=pupil.id,
                org=pupil.now_in,
                number=number,
                text=text.format(name=pupil.name),
                readers=readers,
                by_account=writer.account_id,
                by_role=ClassTeacher.key if school else "guardian",
                by_name=writer.name,
                by_relation="" if school else adult.relation,
                at=moment,
            )
        )
    talk.last_at = moment
    return talk, messages


demo("conversations", 70, write)
