"""The guardian's pages: all bulletins, one bulletin, and one tap to confirm or to sign."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.core.ids import uuid7
from tongyu.records.forms import first_message
from tongyu.workbenches.families.bulletins import actions, queries, rules
from tongyu.workbenches.families.bulletins.models import Act

WORDS = {
    Act.CONFIRM: _("已确认。"),
    Act.AGREE: _("已签字：同意。"),
    Act.DECLINE: _("已签字：不同意。"),
    Act.TAKE_BACK: _("签字已收回。"),
}


@require_GET
@requires(rules.FAMILY)
def family(request: Any) -> HttpResponse:
    """The bulletins of all own children, the latest first, each labelled with the children."""
    rows = queries.letters(queries.family_items(request.asker))
    return render(request, "bulletins/family.html", {"rows": rows, "several": len(request.asker.wards) > 1})


@require_GET
@requires(rules.FAMILY)
def family_detail(request: Any, pk: UUID) -> HttpResponse:
    """One bulletin. That it was read is told by the page once it is shown, not by asking for it."""
    items = queries.family_item(request.asker, pk)
    if not items:
        raise Http404
    today = clock.today()
    rows = [
        {"item": item, "past": item.past(today), "ids": {name: uuid7() for name in ("a", "b")}}
        for item in items
    ]
    context = {
        "bulletin": items[0].bulletin,
        "rows": rows,
        "files": list(items[0].bulletin.files.all()),
        "unread": [item for item in items if not item.read],
    }
    return render(request, "bulletins/family_detail.html", context)


@require_POST
@requires(rules.FAMILY)
def family_answer(request: Any, pk: UUID) -> HttpResponse:
    """Read, confirm, sign, take back: for one child, or (read) for all own children that have it."""
    items, act = queries.family_item(request.asker, pk), request.POST.get("act", "")
    if not items:
        raise Http404
    if act not in Act.values:
        return HttpResponseBadRequest()
    if act == Act.READ:
        for item in items:
            actions.answer(by=request.asker, bulletin=pk, student=item.ward.student_id, act=act, id=uuid7())
        return HttpResponse(status=204)
    student = request.POST.get("student", "")
    found = next((one for one in items if str(one.ward.student_id) == student), None)
    if found is None:
        raise Http404
    try:
        actions.answer(
            by=request.asker,
            bulletin=pk,
            student=found.ward.student_id,
            act=act,
            id=_id(request.POST.get("id", "")),
        )
    except ValidationError as error:
        messages.error(request, first_message(error))
    else:
        messages.success(request, f"{found.ward.name}：{WORDS[Act(act)]}")
    return redirect("bulletins:family_detail", pk)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
