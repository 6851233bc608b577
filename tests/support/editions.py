"""Two invented editions of an invented county's plan: the second shows each way in which a first can go on.

first, second = write(tmp_path)          # two folders that `tongyu plan check` accepts
"""

import hashlib
import json
from pathlib import Path
from typing import Any

OLD, NEW = "quanxian-2024", "quanxian-2026"
OFFICE = {"kind": "office", "note": "起始值，待办公室以文件确定"}
VISIT = "班主任每学年对每名学生至少开展1次家访"
TEXTS = {
    OLD: {
        "一": f"{VISIT}。",
        "二": "学校每学期召开1次家长会。",
        "三": "学校成立家委会。",
        "四": "学校每学年开展1次教师培训和1次法治讲座。",
        "五": "学校每学年制定工作计划。",
        "六": "学校每学年报送工作总结。",
        "七": "学校每学期适时组织1次实践活动。",
    },
    NEW: {
        "一": f"{VISIT}。",
        "二": "学校每学期召开2次家长会。",
        "三": "学校每学年开展1次教师培训。",
        "四": "学校每学年开展1次法治讲座。",
        "五": "学校成立家委会。",
        "六": "学校每学年制定工作计划并报送总结。",
        "八": "学校每学年公布1次开放安排。",
    },
}
EVENT = {"unit": "school", "period": "school_year", "coverage": "covers", "bearer": ["school"]}


def duty(key: str, title: str, words: str, kind: str, category: str = "", **changed: Any) -> dict[str, Any]:
    """One obligation of a school, or what `changed` makes of it."""
    where = {"category": [category]} if category else {}
    plain = {
        "id": key,
        "title": title,
        "words": words,
        "says": f"{words}。",
        "modality": "required",
        "accountable": ["school"],
        "supervisor": "department:education",
        "minimum": f"{key}.minimum",
        "counts": [{"kind": kind, "where": where}],
        "pace": "none",
    }
    return plain | EVENT | changed


VISITED = duty(
    "home-visit", "班主任家访", VISIT, "home_visit", "class_teacher",
    unit="student", coverage="subject", bearer=["class_teacher"], denominator={"enrolled_days": "enrolled-days"},
)  # fmt: skip
DUTIES = {
    OLD: {
        "一": [VISITED],
        "二": [duty("parent-meeting", "家长会", "每学期召开1次家长会", "event", "parent_meeting", period="term")],
        "三": [duty("committee", "家委会", "学校成立家委会", "committee", "school", period="standing")],
        "四": [duty("training", "培训和讲座", "开展1次教师培训和1次法治讲座", "event", "training")],
        "五": [duty("work-plan", "工作计划", "制定工作计划", "document", "work_plan", coverage="own")],
        "六": [duty("summary", "工作总结", "报送工作总结", "document", "summary", coverage="own")],
        "七": [duty("practice", "实践活动", "适时组织1次实践活动", "event", "practice", period="term")],
    },
    NEW: {
        "一": [VISITED],
        "二": [duty("parent-meeting", "家长会", "每学期召开2次家长会", "event", "parent_meeting", period="term")],
        "三": [duty("teacher-training", "教师培训", "开展1次教师培训", "event", "training")],
        "四": [duty("law-lecture", "法治讲座", "开展1次法治讲座", "event", "lecture")],
        "五": [duty("committee", "家委会", "学校成立家委会", "committee", "school", period="standing")],
        "六": [duty("plan-and-summary", "计划和总结", "制定工作计划并报送总结", "document", "work_plan",
                   coverage="own")],
        "八": [duty("opening", "开放安排", "公布1次开放安排", "document", "opening", coverage="own")],
    },
}  # fmt: skip
MOVES = {
    "from": OLD,
    "clauses": [
        {"old": ["一"], "new": ["一"], "kind": "unchanged"},
        {"old": ["二"], "new": ["二"], "kind": "reworded"},
        {"old": ["三"], "new": ["五"], "kind": "moved"},
        {"old": ["四"], "new": ["三", "四"], "kind": "split"},
        {"old": ["五", "六"], "new": ["六"], "kind": "merged"},
        {"old": ["七"], "kind": "withdrawn"},
    ],
    "obligations": [
        {"old": ["home-visit"], "new": ["home-visit"], "kind": "unchanged"},
        {"old": ["parent-meeting"], "new": ["parent-meeting"], "kind": "reworded"},
        {"old": ["committee"], "new": ["committee"], "kind": "moved"},
        {"old": ["training"], "new": ["teacher-training", "law-lecture"], "kind": "split"},
        {"old": ["work-plan", "summary"], "new": ["plan-and-summary"], "kind": "merged"},
        {"old": ["practice"], "kind": "withdrawn"},
    ],
}
VALUES = {OLD: {}, NEW: {"parent-meeting": 2}}
DAYS = {OLD: "2024-01-01", NEW: "2026-09-01"}


def write(folder: Path) -> tuple[Path, Path]:
    """Write both editions side by side; the second with its migration table."""
    for edition in (OLD, NEW):
        _edition(folder / edition, edition)
    put(folder / NEW / "migration.yaml", MOVES)
    return folder / OLD, folder / NEW


def put(path: Path, content: Any) -> None:
    """One file; JSON is YAML."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")


def _edition(folder: Path, edition: str) -> None:
    year = DAYS[edition][:4]
    names = "letterhead notice_title notice_to notice title issuer copied_to".split()
    head = dict.fromkeys(names, "泉县") | {"printed_copies": 1, "number": f"泉政发〔{year}〕1号"}
    head |= {"id": edition, "issued_on": DAYS[edition], "in_force_from": DAYS[edition]}
    clauses = [
        {"id": key, "order": order, "number": f"{key}、", "heading": "", "text": text,
         "hash": hashlib.sha256(f"{key}、{text}".encode()).hexdigest()}
        for order, (key, text) in enumerate(TEXTS[edition].items(), start=1)
    ]  # fmt: skip
    put(folder / "document.yaml", head | {"clauses": clauses})
    numbers = [
        {"key": "pace.tail_share", "title": "提醒", "value": 0.75, "unit": "比例", "source": OFFICE},
        {"key": "enrolled-days", "title": "在册满几天", "value": 30, "unit": "天", "source": OFFICE},
    ]
    for clause, duties in DUTIES[edition].items():
        put(folder / f"obligations/{clause}.yaml", {"clause": clause, "obligations": duties})
        cases = [_case(one, state) for one in duties for state in ("met", "missing", "exempt")]
        put(folder / f"cases/{clause}.yaml", {"clause": clause, "cases": cases})
        numbers += [
            {"key": one["minimum"], "title": f"{one['title']}：最少几次", "unit": "次",
             "value": VALUES[edition].get(one["id"], 1),
             "source": {"kind": "plan", "clause": clause, "words": one["words"]}}
            for one in duties
        ]  # fmt: skip
    put(folder / "parameters.yaml", {"parameters": [{"valid_from": DAYS[edition], **one} for one in numbers]})


def _case(one: dict[str, Any], state: str) -> dict[str, Any]:
    period = {"start": "2026-09-01", "end": "2027-01-25"}
    return {"obligation": one["id"], "name": f"{one['id']}-{state}", "says": "例", "period": period,
            "as_of": "2027-02-01", "unit": {"from": "2020-09-01"}, "expect": state}  # fmt: skip
