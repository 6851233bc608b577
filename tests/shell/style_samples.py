"""What the style page shows: invented bodies and figures."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.test import RequestFactory

from tongyu.core.access import Asker, Role
from tongyu.shell import charts, listing, rows
from tongyu.shell.forms import Chips, Day, File, ManyChips, ShellForm

TOWNSHIPS = (
    "刘家峡镇 盐锅峡镇 太极镇 西河镇 三塬镇 岘塬镇 陈井镇 川城镇 王台镇 红泉镇 "
    "关山乡 徐顶乡 三条岘乡 坪沟乡 新寺乡 小岭乡 杨塔乡"
).split()
CLAUSES = "三（一） 三（二） 三（三） 三（四） 三（五） 三（六） 三（七） 三（八） 三（九）".split()
CLAUSE_ROWS = [
    (
        "三（一）",
        "强化学校主导作用",
        {"met": 810, "met_late": 20, "in_progress": 120, "missing": 20, "exempt": 10},
    ),
    (
        "三（六）",
        "完善家校共育机制",
        {"met": 460, "in_progress": 300, "behind_pace": 200, "missing": 20, "not_due": 60},
    ),
    ("三（九）", "发挥部门协同职能", {"met": 300, "in_progress": 25, "missing": 60, "unknown": 240}),
]
COUNTS = {
    "met": 26318,
    "met_late": 412,
    "in_progress": 6271,
    "behind_pace": 1204,
    "missing": 1474,
    "not_due": 3105,
    "exempt": 96,
    "unknown": 17,
}


class Office(Role):
    """A role to look at the page with."""

    key, name = "office_staff", "协同育人办公室人员"


@dataclass
class School:
    """A line of the sample list."""

    id: int
    name: str
    township: str
    pupils: int
    rate: float
    state: str


SCHOOLS = [
    School(1, "王台镇中心小学", "王台镇", 412, 0.613, "missing"),
    School(2, "关山乡中心小学", "关山乡", 268, 0.471, "behind_pace"),
    School(3, "太极镇中心小学", "太极镇", 836, 0.994, "met"),
]


class VisitForm(ShellForm):
    """A form with every control."""

    who = forms.ChoiceField(
        label="谁去的", widget=Chips, choices=[("a", "班主任（我）"), ("b", "学校领导"), ("c", "任课教师")]
    )
    met = forms.MultipleChoiceField(
        label="见到了谁",
        widget=ManyChips,
        choices=[("f", "父亲"), ("m", "母亲"), ("g", "祖父母"), ("s", "学生本人")],
    )
    topics = forms.MultipleChoiceField(
        label="谈了什么",
        widget=ManyChips,
        required=False,
        choices=[("1", "学习习惯"), ("2", "手机使用"), ("3", "心理情绪"), ("4", "安全"), ("5", "家庭困难")],
    )
    on = forms.DateField(label="哪天", widget=Day, help_text="不能晚于今天。")
    place = forms.ChoiceField(label="地点", choices=[("", "请选择"), ("h", "学生家中")], required=False)
    line = forms.CharField(label="一句话记录", widget=forms.Textarea, required=False, max_length=200)
    roster = forms.FileField(
        label="名册文件", widget=File(attrs={"accept": ".xlsx,.xls,.csv"}), required=False
    )


SCHOOL_LIST = listing.Listing(
    columns=[
        listing.Column("学校", "name", sort="name", href=lambda row: f"/schools/{row.id}/", phone="title"),
        listing.Column("乡镇", "township", sort="township"),
        listing.Column("学生", "pupils", kind="count", sort="pupils"),
        listing.Column("完成率", "rate", kind="percent"),
        listing.Column("状态", "state", kind="state"),
    ],
    filters=[listing.Filter("township", "乡镇", [(name, name) for name in TOWNSHIPS])],
    search=["name"],
    search_label="校名",
)


class Rows(list[School]):
    """Enough of a queryset for the sample list."""

    def order_by(self, *names: str) -> "Rows":
        return self

    def filter(self, *args: Any, **named: Any) -> "Rows":
        return Rows()


def asker() -> Asker:
    """The office's staff."""
    return Asker(
        account_id=1,
        name="王晓燕",
        role=Office,
        body_code=62292300090100000,
        body_name="县协同育人办公室",
        body_kind="office",
        lo=62292300000000000,
        hi=62292400000000000,
    )


def heat() -> charts.Chart:
    """Townships by clauses, made by a fixed sequence."""
    seed, shares = 7, []
    for _township in TOWNSHIPS:
        line: list[float | None] = []
        for _clause in CLAUSES:
            seed = seed * 16807 % 2147483647
            line.append(round(0.3 + 0.7 * seed / 2147483647, 3))
        line[-1] = None if seed % 3 == 0 else 1.0
        shares.append(line)
    links = [[f"/duties/{x}-{y}/" for y in range(len(CLAUSES))] for x in range(len(TOWNSHIPS))]
    return charts.heat_map("heat", "各乡镇按条款的完成率", TOWNSHIPS, CLAUSES, shares, links)


def desk(request: HttpRequest) -> dict[str, Any]:
    """The desk page's context."""
    faulty = VisitForm({"on": "2026-13-40"}, prefix="bad")
    faulty.is_valid()
    weeks = [f"第{n}周" for n in range(1, 13)]
    return {
        "request": request,
        "asker": asker(),
        "counts": COUNTS,
        "clauses": CLAUSE_ROWS,
        "heat": heat(),
        "trend": charts.line_chart(
            "trend",
            "完成率走势",
            weeks,
            [("全县", [n / 17 for n in range(1, 13)]), ("应达进度", [n / 15 for n in range(1, 13)])],
        ),
        "people": [
            rows.Line(name, "#", text, face=True) for name, text in (("马某某", "留守"), ("孔某", ""))
        ],
        "things": [
            rows.Line("班级家委会", "#", "0 / 1 · 2027-08-31 前", state="missing"),
            rows.Line("家访", "#", "班主任", icon="home-heart"),
        ],
        "form": VisitForm(),
        "faulty": faulty,
        "schools": SCHOOL_LIST.page(request, Rows(SCHOOLS)),  # type: ignore[arg-type]
        "nothing": SCHOOL_LIST.page(RequestFactory().get("/"), Rows()),  # type: ignore[arg-type]
        "page": Paginator(range(212), 50).page(2),
        "states": list(COUNTS),
        "tabs_shown": [
            {"label": "全部", "href": "?", "current": True, "count": 1218},
            {"label": "滞后", "href": "?s=b", "current": False, "count": 37},
            {"label": "依据", "href": "?s=c", "current": False},
        ],
    }


def phone(request: HttpRequest) -> dict[str, Any]:
    """The phone page's context."""
    form = VisitForm(
        initial={
            "who": "a",
            "met": ["g", "s"],
            "topics": ["1", "2"],
            "line": "与祖母沟通每晚手机时间，约定九点收起；父母每周日视频。",
        }
    )
    return {"request": request, "asker": asker(), "form": form}
