"""The types of events: data. A new type is one line here and needs no migration."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

CLASS, SCHOOL, TOWNSHIP, DEPARTMENT, OFFICE = "school_class", "school", "township", "department", "office"
AT_SCHOOL = (SCHOOL, CLASS)
OUTSIDE = (DEPARTMENT, TOWNSHIP, OFFICE)

GROUPS: dict[str, Any] = {
    "family": _("家校共育"),
    "moral": _("德育与仪式"),
    "law": _("法治教育"),
    "safety": _("安全与健康"),
    "practice": _("实践与公益"),
    "culture": _("文体与科普"),
    "team": _("队伍与联系"),
}


@dataclass(frozen=True)
class EventType:
    """One type: who usually organises it, whom it usually reaches, and whether parents are usually there."""

    key: str
    name: Any
    group: str
    usual_for: tuple[str, ...] = AT_SCHOOL
    reach: str = SCHOOL
    with_parents: bool = False
    also: str = ""
    """Other words people search for."""


TYPES: tuple[EventType, ...] = (
    EventType("parent_meeting", _("家长会"), "family", AT_SCHOOL, CLASS, True, "班级 年级"),
    EventType(
        "guidance", _("家庭教育指导"), "family", (*AT_SCHOOL, *OUTSIDE), SCHOOL, True, "家长课堂 讲座 培训"
    ),
    EventType("experience_exchange", _("家教经验交流"), "family", AT_SCHOOL, SCHOOL, True, "育人知识 分享会"),
    EventType(
        "law_study", _("《家庭教育促进法》学习"), "family", (TOWNSHIP, SCHOOL), TOWNSHIP, True, "家长学法"
    ),
    EventType(
        "family_tradition", _("家风家训活动"), "family", (TOWNSHIP, DEPARTMENT), TOWNSHIP, True, "优良家风"
    ),
    EventType("social_theme", _("社会育人主题活动"), "family", (SCHOOL, *OUTSIDE), also="主题"),
    EventType("core_values", _("社会主义核心价值观教育"), "moral", also="班会 主题教育"),
    EventType("ideals_course", _("思政课与理想信念教育"), "moral", also="思政课 育人质量"),
    EventType("party_history", _("“从小学党史·永远跟党走”"), "moral", also="党史"),
    EventType("lei_feng", _("“学雷锋学模范”"), "moral", also="三月 雷锋"),
    EventType("first_lesson", _("“开学第一课”"), "moral", also="开学"),
    EventType("festival", _("节庆日、纪念日活动"), "moral", also="国庆 清明 六一 教师节"),
    EventType("flag_raising", _("升旗仪式"), "moral", also="国旗下"),
    EventType("league_admission", _("入团仪式"), "moral", (SCHOOL,), also="共青团"),
    EventType("pioneer_admission", _("入队仪式"), "moral", (SCHOOL,), also="少先队"),
    EventType("league_pioneer", _("共青团、少先队活动"), "moral", (DEPARTMENT, SCHOOL), also="团建 队建"),
    EventType("legal_education", _("法治教育"), "law", (*AT_SCHOOL, DEPARTMENT), also="普法 宣传"),
    EventType("constitution", _("宪法教育"), "law", (SCHOOL, DEPARTMENT), also="宪法日 宪法晨读"),
    EventType("legal_lecture", _("法治讲座"), "law", (DEPARTMENT, SCHOOL), also="警示教育"),
    EventType("minor_protection", _("未成年人保护活动"), "law", (DEPARTMENT, SCHOOL), also="未保"),
    EventType("safety_education", _("安全教育"), "safety", also="防溺水 交通 消防"),
    EventType("safety_drill", _("安全演练"), "safety", also="疏散 地震 消防"),
    EventType("net_safety", _("网络安全宣传教育"), "safety", (DEPARTMENT, SCHOOL), also="网络 沉迷"),
    EventType("health_education", _("卫生健康教育"), "safety", (DEPARTMENT, SCHOOL), also="防病 心理"),
    EventType("volunteering", _("志愿服务"), "practice", also="公益"),
    EventType("cleaning", _("卫生清扫"), "practice", also="大扫除 公益"),
    EventType("civility", _("文明卫士"), "practice", also="文明 公益"),
    EventType("labour", _("劳动教育"), "practice", (SCHOOL, CLASS, DEPARTMENT), also="劳动"),
    EventType("practice", _("实践教学"), "practice", (SCHOOL, CLASS, DEPARTMENT), also="社会实践"),
    EventType("study_trip", _("研学活动"), "practice", (SCHOOL, CLASS, DEPARTMENT), also="研学旅行 亲子"),
    EventType("arts_on_campus", _("艺术进校园"), "culture", (DEPARTMENT, SCHOOL), also="文艺 音乐"),
    EventType("opera_on_campus", _("戏曲进校园"), "culture", (DEPARTMENT, SCHOOL), also="戏剧 花儿"),
    EventType("sport", _("体育活动"), "culture", (DEPARTMENT, SCHOOL), also="运动会 比赛"),
    EventType("science", _("科普活动"), "culture", (DEPARTMENT, SCHOOL), also="科技 科学"),
    EventType(
        "teacher_training", _("教师培训"), "team", (SCHOOL, DEPARTMENT), also="家校合作能力 班主任培训"
    ),
    EventType("liaison", _("与协同单位联系会商"), "team", (SCHOOL, *OUTSIDE), also="座谈 邀请 部门"),
)
BY_KEY = {each.key: each for each in TYPES}


TOPICS: dict[str, tuple[Any, ...]] = {
    "parent_meeting": (
        _("学习情况"),
        _("作业与睡眠"),
        _("安全"),
        _("手机管理"),
        _("亲子沟通"),
        _("学校近期安排"),
    ),
    "guidance": (_("陪伴方法"), _("亲子沟通"), _("习惯培养"), _("手机管理"), _("青春期"), _("隔代教养")),
}
"""What such a gathering is usually about: chips of its summary."""


def choices() -> list[tuple[Any, list[tuple[str, Any]]]]:
    """Grouped choices for a select, and for the model's validation."""
    return [(label, [(t.key, t.name) for t in TYPES if t.group == group]) for group, label in GROUPS.items()]
