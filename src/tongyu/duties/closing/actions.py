"""The office closes a period, and publishes a restatement: each is a job, in one transaction, over the whole county."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from tongyu.core import clock, jobs
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.core.models import JobProgress, JobState
from tongyu.directory.hats import hats_of
from tongyu.directory.locks import hold_county
from tongyu.directory.models import Account
from tongyu.duties.closing import writing
from tongyu.duties.closing.guard import label_of
from tongyu.duties.closing.models import Closing, Difference
from tongyu.duties.closing.preview import preview
from tongyu.duties.queries.scope import county_of
from tongyu.duties.rules import CLOSE
from tongyu.duties.update import as_engine

CLOSING, RESTATING, COMPARING = "duties.close", "duties.restate", "duties.compare"
REASON = 200
Report = Callable[[int, int], None]


@transaction.atomic
def ask_close(*, by: Asker, key: str) -> JobProgress:
    """Have the period closed by a job; while one closes it, that one is answered with.

    Raises ValidationError with everything that stands against it, LookupError for an unknown period.
    """
    CLOSE.check(by)
    county = county_of(by)
    refused = preview(county, key, clock.today()).refusals
    if refused:
        raise ValidationError(refused)
    title = _("结账：%(period)s") % {"period": label_of(key)}
    return _ask(CLOSING, title, by, key=key)


@transaction.atomic
def ask_restate(*, by: Asker, key: str, reason: str) -> JobProgress:
    """Have what changed since the closing published as a restatement, with a reason; by a job.

    Raises ValidationError without a reason, or when nothing changed or the period is not closed.
    """
    CLOSE.check(by)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("请填写原因。")})
    if len(reason) > REASON:
        raise ValidationError({"reason": _("原因请不超过%(n)d个字。") % {"n": REASON}})
    closing = first_edition(county_of(by), key)
    if not Difference.objects.filter(duty__closing=closing).exists():
        raise ValidationError(_("结账之后没有变化，不需要更正。"))
    title = _("公布更正：%(period)s") % {"period": label_of(key)}
    job = _ask(RESTATING, title, by, key=key)
    if (
        not job.result
    ):  # the queue holds no words of people; the asker's own row does, until the job is through
        job.result = {"reason": reason}
        job.save(update_fields=["result"])
    return job


@transaction.atomic
def ask_compare(*, by: Asker, key: str) -> JobProgress:
    """Have the closed period compared with the records of today, by a job; changes no figure."""
    CLOSE.check(by)
    first_edition(county_of(by), key)
    return _ask(COMPARING, _("核对：%(period)s") % {"period": label_of(key)}, by, key=key)


def close(*, by: Asker, key: str, id: UUID, report: Report) -> Closing:
    """Freeze the period, in one transaction; the same `id` again answers with what stands.

    Raises ValidationError for what stands against it by now.
    """
    CLOSE.check(by)
    county = county_of(by)
    with transaction.atomic():
        with as_engine():
            hold_county(county)
        done = Closing.objects.filter(pk=id).first()
        if done is not None:
            return done
        found = preview(county, key, clock.today())
        if found.refusals:
            raise ValidationError(found.refusals)
        with as_engine():
            return writing.close(county, found, writing.Signature(id, by.account_id, by.name), report)


def restate(*, by: Asker, key: str, reason: str, id: UUID, report: Report) -> Closing:
    """Publish what changed since the closing, in one transaction; the same `id` again answers with what stands.

    Raises ValidationError when nothing differs any more.
    """
    CLOSE.check(by)
    county = county_of(by)
    with transaction.atomic(), as_engine():
        hold_county(county)
        done = Closing.objects.filter(pk=id).first()
        if done is not None:
            return done
        closing = first_edition(county, key)
        made = writing.restate(closing, writing.Signature(id, by.account_id, by.name, reason), report)
    if made is None:
        raise ValidationError(_("结账之后没有变化，不需要更正。"))
    return made


def first_edition(county: int, key: str) -> Closing:
    """The closing of the period; raises ValidationError when it is not closed."""
    found = Closing.objects.filter(lo=county, period_key=key, edition=0).first()
    if found is None:
        raise ValidationError(_("这一时段还没有结账。"))
    return found


def signer(account_id: int, body_code: int) -> Asker:
    """Who asked for the job, as they stand today; JobRefused when they do not hold the role any more."""
    account = Account.objects.filter(pk=account_id, is_active=True).first()
    worn = hats_of(account, clock.today()) if account else []
    for hat in worn:
        if hat.role in CLOSE.roles and hat.asker.body_code == body_code:
            return hat.asker
    raise jobs.JobRefused(_("您的职务已经变动，什么都没有保存。"))


def _ask(task: str, title: str, by: Asker, **asked: Any) -> JobProgress:
    """Ask for the job, unless this person's last one of the kind has not ended yet."""
    busy = [JobState.QUEUED, JobState.RUNNING]
    mine = JobProgress.objects.select_for_update().filter(kind=task, asked_by=str(by.account_id))
    running = mine.filter(state__in=busy, title=title[:200]).first()
    return running or jobs.enqueue(
        task,
        title=title,
        org=by.body_code,
        account=by.account_id,
        body=by.body_code,
        id=str(uuid7()),
        **asked,
    )
