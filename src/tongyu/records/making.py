"""Long exports are made in a job: the same view answers the same address, for the same asker, without a hurry.

So the job shows exactly what the page would have given, under the same rules and the same row-level security.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.test.client import RequestFactory
from django.urls import resolve
from django.utils.translation import gettext as _

from tongyu.core import audit, clock, jobs
from tongyu.core.access import Asker
from tongyu.core.ids import uuid7
from tongyu.core.kept_files import fill, promise
from tongyu.core.models import KeptFile
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account

IN_REQUEST = 2_000
"""More rows than this are not made while somebody waits for the page."""
TASK = "records.make_file"


def made_in_job(request: HttpRequest, count: int, name: str) -> HttpResponse | None:
    """For an export of so many rows: asks for the job and leads to the asker's tasks; None when it is short enough.

    The job itself comes here again, and then gets None.
    """
    asker: Asker = request.asker  # type: ignore[attr-defined]
    if count <= IN_REQUEST or getattr(request, "in_job", False):
        return None
    with transaction.atomic():
        key = uuid7()
        job = jobs.enqueue(
            TASK, title=_("导出：%(name)s") % {"name": name}, org=asker.body_code, file_id=str(key),
            appointment=str(asker.appointment_id),
        )  # fmt: skip
        kept = promise(by=asker, id=key, job=job, name=name, asked=request.get_full_path())
        audit.note("export_asked", "core_keptfile", str(kept.pk), kept.org, {"rows": count})
    messages.info(request, _("内容较多，正在后台生成。完成后在这里下载，保留 7 天。"))
    return redirect(getattr(settings, "TONGYU_TASKS_URL", "home:tasks"))


def make_file(progress: jobs.Progress, file_id: str, appointment: str) -> dict[str, Any]:
    """The job: let the view answer again, and keep what it gives."""
    with transaction.atomic():
        kept = KeptFile.objects.select_for_update().get(pk=file_id)
        if kept.content is not None:  # done before; the worker died before it could say so
            return {"bytes": kept.size}
        request = _request(kept, _asker(kept, appointment))
        found = resolve(request.path_info)
        request.resolver_match = found
        answer = found.func(request, *found.args, **found.kwargs)
        if answer.status_code != 200 or "attachment" not in answer.get("Content-Disposition", ""):
            raise jobs.JobRefused(_("要导出的内容已经变动，没有生成文件。请重新导出。"))
        fill(kept, answer.content)
        progress.report(1, 1)
        return {"bytes": kept.size}


def _asker(kept: KeptFile, appointment: str) -> Asker:
    """Who asked, under the hat that was worn, as it is today; JobRefused when it is no longer worn."""
    account = Account.objects.filter(pk=kept.asked_by, is_active=True).first()
    hats = hats_of(account, clock.today()) if account else []
    worn = next((hat for hat in hats if str(hat.appointment_id) == appointment), None)
    if worn is None:
        raise jobs.JobRefused(_("您的职务在导出之前已经变动，没有生成文件。"))
    return worn.asker


def _request(kept: KeptFile, asker: Asker) -> Any:
    """What the asker's browser sent, as far as a view that exports looks at it."""
    path, _mark, query = kept.asked_text.partition("?")
    request: Any = RequestFactory().get(f"{path}?{query}")
    request.asker, request.hats, request.in_job, request.htmx = asker, [], True, False
    return request
