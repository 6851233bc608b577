"""What runs in the background, for the system administrator: kinds of work, times and ends, and running one again."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from tongyu.core import audit, jobs
from tongyu.core.access import Asker, AtOwnBody, Rule, requires
from tongyu.core.job_history import Ran, asked_work, periodic_work, worker_heard
from tongyu.core.models import JobEnd
from tongyu.directory import roles
from tongyu.directory.codes import containing, upper
from tongyu.directory.kinds import BodyKind

SYSTEM = Rule("home.system", (roles.SystemAdmin,), AtOwnBody())
WORDS: dict[str, tuple[Any, str]] = {
    "": (gettext_lazy("还没有运行过"), "pale"),
    "queued": (gettext_lazy("排队"), "pale"),
    "running": (gettext_lazy("进行中"), "blue"),
    "done": (gettext_lazy("完成"), "green"),
    "failed": (gettext_lazy("没有完成"), "red"),
}


def page(asker: Asker) -> dict[str, Any]:
    """The administrator's page: what comes by the clock, what people of the county asked for, and whether a worker is
    there."""
    county = containing(asker.body_code, BodyKind.COUNTY)
    heard, alive = worker_heard()
    return {
        "periodic": [_line(one) for one in periodic_work()],
        "asked": [_line(one) for one in asked_work(county, upper(county, BodyKind.COUNTY))],
        "heard": heard,
        "alive": alive,
    }


@require_POST
@requires(SYSTEM)
def run_again(request: Any) -> HttpResponse:
    """Have one kind of periodic work done now, where that does no harm."""
    name = request.POST.get("name", "")[:64]
    try:
        jobs.run_again(name)
    except jobs.JobRefused as refusal:
        messages.error(request, str(refusal))
    else:
        audit.note("job_run_again", name, org=request.asker.body_code)
        messages.success(request, _("已排队，马上运行。"))
    return redirect("home:system_admin")


def _line(one: Ran) -> dict[str, Any]:
    word, tone = WORDS[one.state]
    return {
        "ran": one,
        "word": word,
        "tone": tone,
        "why": JobEnd(one.ended).label if one.ended else "",
        "took": _duration(one.took),
    }


def _duration(took: timedelta | None) -> str:
    """A time as people say it: 0.4 秒, 12 秒, 3 分钟."""
    if took is None:
        return "—"
    seconds = took.total_seconds()
    if seconds >= 100:
        minutes = round(seconds / 60)
        return ngettext("%(n)d 分钟", "%(n)d 分钟", minutes) % {"n": minutes}
    return _("%(n)s 秒") % {"n": f"{seconds:.1f}" if seconds < 10 else round(seconds)}
