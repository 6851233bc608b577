"""Named writes of home reports."""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core.access import Asker
from tongyu.core.clock import now, today
from tongyu.core.context import acting, everywhere
from tongyu.directory.families import consenting
from tongyu.directory.families.guarding import hold
from tongyu.directory.models import Guardianship
from tongyu.notices.actions import send
from tongyu.notices.recipients import Guardians
from tongyu.notices.topics import DINGTALK, SCHOOL, WECOM, Topic, Words, topics
from tongyu.records import life
from tongyu.records.entering import OTHER_CONTENT, enter
from tongyu.workbenches.families.home_reports import rules
from tongyu.workbenches.families.home_reports.models import (
    LONGEST,
    Content,
    Devices,
    Health,
    HomeReport,
    Mood,
    Sleep,
    WordList,
)

CHOICES = {"mood": Mood, "health": Health, "sleep": Sleep, "devices": Devices}
MOST_WORDS, LONGEST_WORD = 100, 20
REPLY = topics.register(
    Topic(
        "home_report_reply",
        gettext_lazy("老师的回复"),
        dict.fromkeys((SCHOOL, WECOM, DINGTALK), Words.TITLE),
    )
)


@transaction.atomic
def send_report(
    *,
    by: Asker,
    id: UUID,
    student: UUID,
    mood: str,
    health: str,
    sleep: str,
    devices: str,
    line: str = "",
    entered_at: datetime | None = None,
) -> HomeReport:
    """A guardian tells how the child is at home (clause 三(六)); offered, never demanded.

    The id is the client's: sent again it answers with the report that stands. Raises PermissionDenied when the child is
    no ward of the asker's; ValidationError by field, and without a field when nobody has consented for the child.
    """
    rules.OWN.check(by)
    ward = hold(by, student)
    if not consenting.given(student):
        raise ValidationError(_("还没有监护人同意同育处理孩子的信息，同意以后才能填写。"))
    said = _said(line, mood=mood, health=health, sleep=sleep, devices=devices)
    report = HomeReport(
        id=id,
        student_id=student,
        place=ward.org,
        relation=ward.relation,
        occurred_on=today(),
        entered_at=entered_at,
    )

    def content(of: HomeReport) -> None:
        Content.objects.create(report=of, org=of.org, by_account=by.account_id, **said)

    standing, new = enter(report, by=by, org=ward.org, parts=content, looked_up=("student",))
    if not new:
        stored = Content.objects.filter(pk=standing.pk).first()
        if stored and any(getattr(stored, name) != value for name, value in said.items()):
            raise ValidationError(OTHER_CONTENT)
    return standing


@transaction.atomic
def acknowledge(*, by: Asker, report: HomeReport, reply: str = "") -> HomeReport:
    """The class teacher has read it, and may say a word back. A second tap changes nothing; a reply stands as sent."""
    rules.READ.check(by, report)
    reply = reply.strip()
    if len(reply) > LONGEST:
        raise ValidationError({"reply": _("不能超过%d个字。") % LONGEST})
    locked = HomeReport.objects.select_for_update().get(pk=report.pk)
    content = Content.objects.filter(pk=report.pk).first()
    if locked.withdrawn_at is not None or content is None:
        raise ValidationError(_("这条反馈已看不到：家长收回了，或孩子已离开本班。"))
    if reply and content.reply and content.reply != reply:
        raise ValidationError({"reply": _("已经回复过，家长已看到原来的回复。")})
    if reply and not content.reply:
        content.reply = reply
        content.save(update_fields=["reply"])
        _tell_writer(by, report)
    if locked.answered_at is None:
        locked.answered_at = now()
        locked.save(update_fields=["answered_at"])
    return locked


def _tell_writer(by: Asker, report: HomeReport) -> None:
    """Who wrote is told that the teacher said something to it, and nobody else of the family (check C07)."""
    with acting(everywhere()):
        ties = Guardianship.objects.filter(
            student_id=report.student_id, guardian__account_id=report.by_account or 0, until_day=None
        )
        send(
            topic=REPLY.key,
            key=str(report.pk),
            title=_("班主任回复了您说的在家情况"),
            to=[Guardians(list(ties.values_list("guardian_id", "student_id")))],
            by=by,
            org=report.org,
            url=reverse("home_reports:family"),
        )


@transaction.atomic
def take_back(*, by: Asker, report: HomeReport) -> None:
    """The guardian takes the own report back: what it says is deleted, and it proves nothing any more."""
    rules.OWN.check(by, report)
    hold(by, report.student_id)
    life.take_back(report, delete=[Content.objects.filter(pk=report.pk)])


@transaction.atomic
def keep_words(*, by: Asker, words: Collection[str], version: int) -> WordList:
    """Replace the county's list of words; `version` is the one that was read (0: none was kept)."""
    rules.KEEP_WORDS.check(by)
    kept = list(dict.fromkeys(word.strip() for word in words if word.strip()))
    if len(kept) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in kept):
        told = {"words": MOST_WORDS, "signs": LONGEST_WORD}
        raise ValidationError({"words": _("最多 %(words)d 个词，每个不超过 %(signs)d 个字。") % told})
    start = {"hi": by.hi, "words": "", "version": 0}
    WordList.objects.bulk_create([WordList(org=by.lo, **start)], ignore_conflicts=True)
    row = WordList.objects.select_for_update().get(org=by.lo)
    if row.version != version:
        raise ValidationError(_("您打开页面之后，有人改过这张表。请刷新后再改。"))
    row.words = "\n".join(kept)
    row.version += 1
    row.save()
    return row


def _said(line: str, **chosen: str) -> dict[str, Any]:
    """What the report says as it is stored; errors by field."""
    faults = {name: _("请选择。") for name, value in chosen.items() if value not in CHOICES[name].values}
    line = line.strip()
    if len(line) > LONGEST:
        faults["line"] = _("不能超过%d个字。") % LONGEST
    if faults:
        raise ValidationError(faults)
    return {**chosen, "line": line or None}
