"""What ran in the background lately, for the system administrator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

SHOWN = 40
WORDS: dict[str, tuple[Any, str]] = {
    "todo": (_("排队"), "pale"),
    "doing": (_("进行中"), "blue"),
    "succeeded": (_("完成"), "green"),
    "failed": (_("失败"), "red"),
    "cancelled": (_("取消"), "stone"),
    "aborted": (_("中止"), "stone"),
}


@dataclass(frozen=True)
class Ran:
    """One job: what, how it went, when it was due, how often it was tried."""

    id: int
    task: str
    word: Any
    tone: str
    at: datetime | None
    attempts: int


def recent_jobs() -> list[Ran]:
    """The latest jobs, newest first. Their arguments are ids and stay out of sight."""
    rows = ProcrastinateJob.objects.order_by("-id").only(
        "id", "task_name", "status", "scheduled_at", "attempts"
    )
    return [
        Ran(
            row.id,
            row.task_name,
            *WORDS.get(row.status, (row.status, "stone")),
            row.scheduled_at,
            row.attempts,
        )
        for row in rows[:SHOWN]
    ]
