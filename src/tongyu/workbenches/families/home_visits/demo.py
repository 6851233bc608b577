"""Believable home visits: most teachers keep pace, some are ahead, some have hardly begun."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import (
    DemoClass,
    DemoCounty,
    DemoPupil,
    DemoSchool,
    DemoStaff,
    Dice,
    demo,
    entered_after,
    signed,
)
from tongyu.workbenches.families.home_visits.models import HomeVisit, Met, Topic, Visitor

LEADER_JOINS, SUBJECT_JOINS, FOLLOW_UP, AGAIN = 0.06, 0.09, 0.08, 0.05
MET_OF = {"father": Met.FATHER, "mother": Met.MOTHER, "grandparent": Met.GRANDPARENT}

LINES: dict[str, tuple[str, ...]] = {
    Topic.STUDY: (
        "{adult}反映作业常拖到{hour}点后，商量先写{subject}再玩",
        "{subject}进步明显，{adult}很高兴，提醒坚持每天朗读一刻钟",
        "家里腾出了固定书桌，{adult}答应晚上不开电视",
        "{subject}基础弱，与{adult}约定周末补前两单元的错题",
        "孩子写字姿势不好，示范给{adult}看，回家互相提醒",
        "上课爱走神，{adult}说在家也坐不住，先从每次二十分钟练起",
        "书包由孩子自己整理，{adult}只检查不代劳",
        "{adult}识字不多，教会用家长群里的语音看作业",
        "阅读量偏少，从班级图书角借了两本带回家",
        "孩子想考{dream}，{adult}支持，谈了接下来的小目标",
    ),
    Topic.DEVICES: (
        "与{adult}沟通每晚手机时间，约定{hour}点收起",
        "手机由{adult}保管，周末每天不超过四十分钟",
        "孩子常刷短视频，一起关掉了夜间通知，设了青少年模式",
        "{adult}说吃饭也看手机，约定全家饭桌上不看手机",
        "网课之外不再单独给平板，{adult}同意设密码",
        "孩子主动交出旧手机，{adult}答应周末带去爬山作奖励",
        "游戏充值的事说开了，{adult}已解绑支付",
    ),
    Topic.MOOD: (
        "孩子近来话少，{adult}说想爸妈，约好每周日晚视频",
        "与同桌闹过别扭，已经和好，{adult}放心了",
        "性格内向，鼓励报名班里的合唱，{adult}支持",
        "{adult}说孩子夜里睡不踏实，建议先减少睡前看手机，下周再看",
        "孩子愿意和老师聊天，谈了新学期的打算",
        "转来不久有些怕生，安排了小伙伴一起上学",
        "妹妹出生后情绪有起伏，请{adult}每天单独陪十分钟",
    ),
    Topic.SAFETY: (
        "上学路上要过一处陡坡，{adult}答应雨雪天接送",
        "叮嘱不去水渠和河边玩，{adult}已和邻居说好互相照看",
        "家里冬天烧炉子，讲了通风和一氧化碳报警器",
        "孩子骑电动车上路，讲清年龄规定，{adult}收了钥匙",
        "放学路线和{adult}核对了一遍，约定不独自绕路",
        "检查了家里插线板，请{adult}换掉老化的一根",
        "约定陌生人来接一律先打电话给老师",
    ),
    Topic.HARDSHIP: (
        "{adult}身体不好，家里靠低保，帮着问清了营养餐和助学政策",
        "今年收成不好，{adult}担心校服费，已告诉可以申请减免",
        "{adult}一人带两个孩子，说好作业辅导由班里同学结对",
        "住房正在翻修，孩子暂住亲戚家，留了新的联系方式",
        "讲了生源地助学贷款和雨露计划怎么申请",
    ),
    Topic.HEALTH: (
        "视力下降，请{adult}寒假前带去县医院查一次",
        "早饭常不吃，{adult}答应早起十分钟",
        "孩子有点贫血，{adult}在按医嘱补铁",
        "体育课容易累，建议每天饭后走两圈",
        "换季咳嗽，提醒{adult}备好外套和水杯",
        "牙疼拖了很久，{adult}说这周就去看",
    ),
}
ENDINGS = (
    "。", "。", "。", "。", "，{adult}很配合。", "，孩子也答应了。", "，期中后再看效果。", "，下次家访再问。",
    "，{adult}希望老师多提醒。", "，约好每周通一次电话。", "，孩子自己写了小计划。",
)  # fmt: skip
AWAY = (
    "父母每周日视频。",
    "爸妈过年回来。",
    "母亲说月底请假回来看看。",
    "父亲在新疆务工，晚上常打电话。",
    "父母在兰州打工。",
)
SUBJECTS = ("数学", "语文", "英语", "作文", "计算", "识字")
DREAMS = ("县一中", "师范", "卫校", "兰州的学校", "部队院校")
FOLLOW_UPS: dict[str, tuple[str, ...]] = {
    Topic.STUDY: ("两周后看错题本", "请任课教师结对辅导", "月考后再和家长通一次电话"),
    Topic.DEVICES: ("月底回访手机约定", "下周问问周末用了多久"),
    Topic.MOOD: ("请心理老师聊一次", "下周和同桌一起谈", "帮孩子约父母视频"),
    Topic.SAFETY: ("雨天前再提醒接送", "看看插线板换了没有", "和村上说一说陡坡护栏"),
    Topic.HARDSHIP: ("报学校资助组", "帮助填写申请表", "与乡镇民政联系"),
    Topic.HEALTH: ("看验光结果", "问问就医情况"),
}


def write(county: DemoCounty) -> int:
    """Visits of every class teacher in the terms that have begun; returns how many."""
    dice = county.dice("home_visits")
    visits = []
    for start, end in county.terms():
        days = _days(start, min(end, county.day + timedelta(days=1)))
        elapsed = _elapsed(county, start)
        for school, class_ in county.classes():
            zeal = min(1.0, max(0.05, dice.gauss(school.diligence, 0.12)))
            visits += _class_visits(county, dice, school, class_, days, elapsed * (0.25 + 1.05 * zeal))
    return insert_rows(visits)


def _elapsed(county: DemoCounty, start: date) -> float:
    """How far the school year has gone by the end of the term's days: what pace would have been kept."""
    year = next(year for year in county.years if start in year.year)
    if county.day >= year.year.end:
        return 0.8
    return len(county.school_days(year.year.start, county.day)) / max(1, year.school_days(year.year))


def _days(start: date, end: date) -> list[date]:
    """Days on which one knocks at doors: the first week of a term is for other things."""
    return [start + timedelta(days=offset) for offset in range(5, (end - start).days)]


def _class_visits(
    county: DemoCounty, dice: Dice, school: DemoSchool, class_: DemoClass, days: list[date], share: float
) -> list[HomeVisit]:
    found = []
    for pupil in class_.pupils:
        first = share * (1.5 if pupil.left_behind or pupil.single_parent else 1.0)
        times = int(dice.chance(first)) and 1 + int(dice.chance(AGAIN))
        for _ in range(times):
            day = dice.choice(days) if days else None
            teacher = class_.teacher_on(day) if day else None
            if day and teacher and pupil.enrolled_on(day) and class_.stands_on(day):
                found.append(_visit(county, dice, school, class_, pupil, teacher, day))
    return found


def _visit(
    county: DemoCounty,
    dice: Dice,
    school: DemoSchool,
    class_: DemoClass,
    pupil: DemoPupil,
    teacher: DemoStaff,
    day: date,
) -> HomeVisit:
    visitors = [Visitor.CLASS_TEACHER]
    if dice.chance(LEADER_JOINS * school.diligence) and school.leader_on(day):
        visitors.append(Visitor.LEADER)
    if class_.subject_teachers and dice.chance(SUBJECT_JOINS):
        visitors.append(Visitor.SUBJECT_TEACHER)
    met, adult = _met(dice, pupil)
    topics = _topics(dice, pupil)
    moment = dice.moment(day, 9, 20) if day.weekday() >= 5 else dice.moment(day, 16, 20)
    entered = _not_after(entered_after(dice, moment), county)
    visit = HomeVisit(
        id=dice.uuid7(entered),
        enrolment_id=pupil.enrolment_id,
        student_id=pupil.id,
        place=pupil.now_in,
        occurred_on=day,
        visitors=visitors,
        met=met,
        topics=topics,
        co_bodies=[],
        line=_one_line(dice, topics, adult, away=pupil.left_behind > 0),
    )
    if dice.chance(FOLLOW_UP):
        visit.follow_up = _follow_up(dice, topics)
        done = day + timedelta(days=dice.randrange(3, 30))
        if done <= county.day and dice.chance(0.6):
            visit.follow_up_done_on = done
    received = _not_after(entered + timedelta(minutes=dice.choice((0, 0, 0, 1, 95, 600))), county)
    signed(visit, teacher, class_.code, entered, received)
    return visit


def _not_after(moment: datetime, county: DemoCounty) -> datetime:
    """Nothing is written down later than on the evening of the county's day."""
    latest = datetime(county.day.year, county.day.month, county.day.day, 21, 30, tzinfo=moment.tzinfo)
    return min(moment, latest)


def _met(dice: Dice, pupil: DemoPupil) -> tuple[list[str], str]:
    """Whom the visitors met, and the word for the adult they talked with."""
    at_home = [guardian for guardian in pupil.guardians if guardian.lives_together]
    if not at_home:
        return [Met.PUPIL], "孩子"
    adult = dice.choice(at_home)
    met = MET_OF.get(adult.relation, Met.GUARDIAN)
    word = {Met.FATHER: "父亲", Met.MOTHER: "母亲", Met.GRANDPARENT: dice.choice(("奶奶", "爷爷", "祖父母"))}
    chosen = {met} | ({Met.PUPIL} if dice.chance(0.7) else set())
    return [value for value in Met.values if value in chosen], word.get(met, "监护人")


def _topics(dice: Dice, pupil: DemoPupil) -> list[str]:
    weights = {Topic.STUDY: 5.0, Topic.DEVICES: 3.0, Topic.MOOD: 1.5, Topic.SAFETY: 2.0, Topic.HEALTH: 1.0}
    weights[Topic.HARDSHIP] = 2.0 if pupil.single_parent or pupil.disability else 0.5
    if pupil.left_behind:
        weights[Topic.MOOD] += 2.5
    chosen = {
        dice.choices(list(weights), list(weights.values()))[0] for _ in range(dice.choice((1, 2, 2, 3)))
    }
    return [topic for topic in Topic.values if topic in chosen]


def _one_line(dice: Dice, topics: Sequence[str], adult: str, *, away: bool) -> str:
    """One or two short sentences about what was talked of."""
    lines = [dice.choice(LINES[topic]) for topic in topics[:2]]
    text = "；".join(lines) + dice.choice(ENDINGS)
    if away and dice.chance(0.4):
        text += dice.choice(AWAY)
    return text.format(
        adult=adult, hour=dice.choice("八九十"), subject=dice.choice(SUBJECTS), dream=dice.choice(DREAMS)
    )


def _follow_up(dice: Dice, topics: Sequence[str]) -> str:
    """What is to be done after the visit."""
    return dice.choice(FOLLOW_UPS[dice.choice(list(topics))])


demo("home_visits", 20, write)
