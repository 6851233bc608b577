"""Remind the families of whom something is still asked: at most twice in seven days, and nobody who has answered."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tongyu.core import clock, jobs
from tongyu.core.access import Asker
from tongyu.core.once import insert_once
from tongyu.workbenches.families.bulletins import rules
from tongyu.workbenches.families.bulletins.actions import spreading, telling
from tongyu.workbenches.families.bulletins.models import Bulletin, Reminder
from tongyu.workbenches.families.bulletins.queries.asked import Adults, adults_asked
from tongyu.workbenches.families.bulletins.queries.coverage import open_children
from tongyu.workbenches.families.bulletins.queries.places import is_class

TASK = "bulletins.remind"
A_WEEK, AT_MOST = timedelta(days=7), 2


@transaction.atomic
def remind(*, by: Asker, bulletin: Bulletin, id: UUID) -> Reminder:
    """Remind once, under a client-made id. Raises ValidationError for a third time in seven days, on a withdrawn
    bulletin, one that is still being sent, when everybody has answered, or when nobody is left who could be told;
    PermissionDenied but for the sender. The row counts the children of whom somebody who is asked has joined."""
    rules.FOLLOW.check(by, bulletin)
    locked = Bulletin.objects.select_for_update().get(pk=bulletin.pk)
    standing = Reminder.objects.filter(pk=id, bulletin=locked).first()
    if standing is not None:
        return standing
    if locked.withdrawn_at is not None:
        raise ValidationError(_("这份通知已撤回，不用再提醒。"))
    if locked.spread_at is None:
        raise ValidationError(_("通知还在发送，发完以后再提醒。"))
    now = clock.now()
    if Reminder.objects.filter(bulletin=locked, at__gt=now - A_WEEK).count() >= AT_MOST:
        raise ValidationError(_("同一份通知一周最多提醒两次，请过几天再提醒，或直接联系家长。"))
    children = _waiting(locked).reached
    row = Reminder(
        id=id, bulletin=locked, org=locked.org, by_account=by.account_id, at=now, children=children
    )
    if not insert_once(row):
        raise ValidationError(_("这次提醒已用同一编号保存过，内容不同。请刷新页面后重试。"))
    if is_class(locked):
        tell(locked, row.pk, locked.org, locked.hi)
    else:
        title = _("提醒还没答复的家长：%(title)s") % {"title": locked.title}
        jobs.enqueue(TASK, title=title, org=by.body_code, bulletin=str(locked.pk), reminder=str(row.pk))
    return row


@jobs.job(TASK, label=gettext_lazy("提醒还没答复的家长"))
def work(progress: jobs.Progress, bulletin: str, reminder: str) -> dict[str, Any]:
    """The job: school by school; who has answered meanwhile is left in peace."""
    with transaction.atomic():
        row = Bulletin.objects.get(pk=bulletin)
        schools = list(spreading.schools_of(row))
    for done, school in enumerate(schools, 1):
        with transaction.atomic():
            if Bulletin.objects.select_for_update().get(pk=bulletin).withdrawn_at is not None:
                raise jobs.JobRefused(_("通知已撤回，没有再提醒。"))
            tell(row, UUID(reminder), max(row.org, school), min(row.hi, school + spreading.SCHOOL))
        progress.report(done, len(schools))
    return {"schools": len(schools)}


def tell(bulletin: Bulletin, reminder: UUID, lo: int, hi: int) -> None:
    """Have the entitled guardians of the open children of these classes told, in the running transaction."""
    students = [student for _child, student in open_children(bulletin, clock.today(), lo, hi)]
    telling.tell(bulletin, adults_asked(bulletin, students, clock.today()).asked, reminder=reminder)


def _waiting(bulletin: Bulletin) -> Adults:
    """The adults to remind; ValidationError when there is none."""
    children = open_children(bulletin, clock.today(), bulletin.org, bulletin.hi)
    students = [student for _child, student in children]
    if not students:
        raise ValidationError(_("家长都已答复，不用提醒。"))
    found = adults_asked(bulletin, students, clock.today())
    if not found.asked:
        raise ValidationError(_("没有答复的几家，没有可以提醒的家长。请打印纸质回执，或打电话、当面告诉。"))
    return found
