"""The sign-ins of the demo county: one per role, the same password for all, nobody real behind them."""

import json
from pathlib import Path

from tongyu.cli import installation

PASSWORD = "tongyu-demo"  # noqa: S105  (public on purpose: it opens invented data only)

PARENT = "parent"
"""Signs in with a password here; everywhere else a guardian has none and proves the phone."""

# User name, what the person is, and where.
KNOWN: tuple[tuple[str, str, str], ...] = (
    ("office", "office_staff", "县协同育人工作领导小组办公室"),
    ("education", "department_staff", "县教育局"),
    ("department", "department_staff", "县司法局"),
    ("township", "township_staff", "关山乡"),
    ("leader", "school_leader", "关山乡的一所小学"),
    ("teacher", "class_teacher", "该校四年级1班，31名学生"),
    ("subject", "subject_teacher", "同一个班"),
    (PARENT, "guardian", "该班一名学生的家长"),
    ("admin", "system_admin", "永靖县"),
)


def sign_ins() -> list[dict[str, str]]:
    """One known sign-in per role, as `tongyu run` prints them."""
    return [
        {"username": username, "password": PASSWORD, "role": f"{role} · {place}"}
        for username, role, place in KNOWN
    ]


def remember() -> Path:
    """Leave the sign-ins where `tongyu run` looks for them."""
    path: Path = installation.environment().var_folder() / "sign_ins.json"
    path.write_text(json.dumps(sign_ins(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
