"""The jobs behind a closing: each does one thing in one transaction, and says in words when it may not."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy

from tongyu.core import jobs
from tongyu.core.models import JobProgress
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.directory.locks import hold_county
from tongyu.duties import engine as engines
from tongyu.duties.closing import actions, compare, writing
from tongyu.duties.closing.stored import whole
from tongyu.duties.update import as_engine


@jobs.job(actions.CLOSING, label=gettext_lazy("结账"))
def close(progress: jobs.Progress, account: int, body: int, id: str, key: str) -> dict[str, Any]:
    """Freeze a period."""
    by = actions.signer(account, body)
    try:
        made = actions.close(by=by, key=key, id=UUID(id), report=progress.report)
    except (ValidationError, LookupError) as refused:
        raise jobs.JobRefused("".join(getattr(refused, "messages", [str(refused)]))) from None
    return {"closing": str(made.pk), "standings": made.standings}


@jobs.job(actions.RESTATING, label=gettext_lazy("更正已结账的数字"))
def restate(progress: jobs.Progress, account: int, body: int, id: str, key: str) -> dict[str, Any]:
    """Publish what changed since a period was closed."""
    by = actions.signer(account, body)
    with transaction.atomic():
        reason = JobProgress.objects.get(pk=progress.job_id).result["reason"]
    try:
        made = actions.restate(by=by, key=key, reason=reason, id=UUID(id), report=progress.report)
    except ValidationError as refused:
        raise jobs.JobRefused("".join(refused.messages)) from None
    return {"closing": str(made.pk), "changed": made.changed}


@jobs.job(actions.COMPARING, label=gettext_lazy("结账后的变化"))
def compare_all(progress: jobs.Progress, account: int, body: int, id: str, key: str) -> dict[str, Any]:
    """Note every difference between a closed period and the records of today."""
    county = codes.containing(actions.signer(account, body).body_code, BodyKind.COUNTY)
    with transaction.atomic(), as_engine():
        hold_county(county)
        closing = actions.first_edition(county, key)
        engine, duties = engines.load(county, closing.end_on), list(writing.duties_of(closing))
        for place, (_row, duty) in enumerate(duties, start=1):
            compare.note_differences(engine, duty, *whole(county))
            progress.report(place, len(duties))
    return {"duties": len(duties)}
