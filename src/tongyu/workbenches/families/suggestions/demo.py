"""Believable suggestions: most answered in time, some late, a few still waiting."""

from datetime import timedelta

from tongyu.core.bulk import insert_rows
from tongyu.records.demos import DemoCounty, DemoPupil, DemoSchool, Dice, demo
from tongyu.workbenches.families.suggestions.models import Category, Suggestion

TERM = 15
TEXTS = {
    Category.MEALS: ("食堂的汤有点咸，孩子不爱喝。", "冬天饭菜凉得快，能不能加个保温箱。"),
    Category.SAFETY: ("放学时校门口车多，能不能分时段放学。", "校门口的路灯坏了两盏，天黑得早，请修一修。"),
    Category.ACTIVITY: ("课后服务能不能多开一个篮球班。", "希望周末能开放操场。"),
    Category.CONTACT: ("家长会能不能放在周末，我们在外地赶不回来。", "希望能多讲讲孩子上网的事。"),
    Category.EXPERIENCE: ("我在家和孩子一起读书三年了，愿意讲给大家听。",),
    Category.PLACE: ("操场边的水龙头冬天会冻住，请看一看。",),
}
ANSWERS = ("谢谢您的建议，已安排下周办好。", "已和有关部门联系，月底前给您结果。", "您说得对，我们马上改。")


def write(county: DemoCounty) -> int:
    """Up to four suggestions a school since the term began; returns how many."""
    dice = county.dice("suggestions")
    rows = []
    for school in county.schools:
        families = [p for c in school.classes for p in c.pupils if p.enrolled_on(county.day) and p.guardians]
        if families and school.stands_on(county.day):
            rows += [_one(dice, county, school, dice.choice(families)) for _ in range(dice.randrange(5))]
    return insert_rows(rows)


def _one(dice: Dice, county: DemoCounty, school: DemoSchool, pupil: DemoPupil) -> Suggestion:
    day = county.day - timedelta(days=dice.randrange(1, 70))
    at = dice.moment(day, 18, 22)
    category = dice.choice(list(TEXTS))
    class_ = next(c for c in school.classes if pupil in c.pupils)
    row = Suggestion(
        id=dice.uuid7(at), org=school.code, hi=school.hi, by_role="guardian", occurred_on=day, entered_at=at,
        received_at=at, by_account=pupil.guardians[0].account_id, category=category, text=dice.choice(TEXTS[category]),
        named=dice.chance(0.3),
        writer=f"{pupil.guardians[0].name}（{class_.name}家长）", may_publish=dice.chance(0.6),
        due_on=day + timedelta(days=TERM),
    )  # fmt: skip
    answered = day + timedelta(days=dice.randrange(1, 20))
    if answered <= county.day and dice.chance(0.5 + 0.5 * school.diligence):
        leader = school.leader_on(county.day)
        row.answer, row.answered_on = dice.choice(ANSWERS), answered
        row.answered_at = dice.moment(answered)
        row.answered_by = leader.account_id if leader else None
        if row.may_publish and dice.chance(0.6):
            row.published_at = row.answered_at
    return row


demo("suggestions", 36, write)
