"""Jobs about an uploaded roster: asked for with the asker's hat, done only while that hat is still worn."""

from typing import Any

from tongyu.core import clock, jobs
from tongyu.core.access import Asker
from tongyu.directory.hats import still_wears
from tongyu.directory.models import RosterImport


def start(row: RosterImport, task: str, title: str, by: Asker) -> RosterImport:
    """Have the job done under the asker's hat once the running transaction has committed."""
    job = jobs.enqueue(task, title=title, org=row.org, roster_id=str(row.pk), asker=stored_asker(by))
    row.job_id = job.pk
    row.save(update_fields=["job_id"])
    return row


def stored_asker(by: Asker) -> dict[str, Any]:
    """The asker as a job's arguments carry them: ids and codes, no name."""
    return {
        "account_id": by.account_id,
        "name": "",
        "role": by.role.key,
        "body_code": by.body_code,
        "body_name": "",
        "body_kind": by.body_kind,
        "body_key": by.body_key,
        "lo": by.lo,
        "hi": by.hi,
    }


def asker_from(stored: dict[str, Any]) -> Asker:
    """The reverse of `stored_asker`."""
    from tongyu.directory.roles import ROLE_BY_KEY

    return Asker(**(stored | {"role": ROLE_BY_KEY[stored["role"]]}))


def acting_asker(stored: dict[str, Any], otherwise: str) -> Asker:
    """Who asked for the job, still in that role today; JobRefused with that text when not."""
    by = asker_from(stored)
    if not still_wears(by, clock.today()):
        raise jobs.JobRefused(otherwise)
    return by
