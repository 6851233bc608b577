"""Slips to print for families without a telephone, and where the code on a slip leads."""

from typing import Any
from uuid import UUID

import segno
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET

from tongyu.core import clock
from tongyu.core.access import requires
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.roles import GuardianRole
from tongyu.workbenches.families.bulletins import queries, rules
from tongyu.workbenches.families.bulletins.models import BulletinChild


@require_GET
@requires(rules.ENTER)
def slips(request: Any, pk: UUID) -> HttpResponse:
    """One slip a child: of families that nothing reaches, or of all that are open; a leader chooses a class first."""
    asker, today = request.asker, clock.today()
    bulletin = queries.visible(asker).filter(pk=pk, withdrawn_at=None).first()
    if bulletin is None:
        raise Http404
    everybody = request.GET.get("who") == "open"
    found = [slip for slip in queries.slips(asker, bulletin, today) if everybody or not slip.joined]
    codes = {slip.org for slip in found}
    year = school_year_of(today)
    names = {body.code: body.grade_name_on(year) for body in Body.objects.filter(code__in=codes)}
    context = {"bulletin": bulletin, "everybody": everybody, "names": names}
    chosen = request.GET.get("class", "")
    if asker.body_kind == BodyKind.SCHOOL and len(codes) > 1 and not chosen:
        classes = [(code, names.get(code, ""), number) for code, number in queries.by_class(found)]
        return render(request, "bulletins/slip_classes.html", {**context, "classes": classes})
    shown = [
        {"slip": slip, "class_name": names.get(slip.org, ""), "drawn": _drawn(request, slip.child)}
        for slip in found
        if not chosen or str(slip.org) == chosen
    ]
    return render(
        request, "bulletins/slips.html", {**context, "shown": shown, "files": bulletin.files.count()}
    )


def _drawn(request: Any, child: UUID) -> str:
    url = request.build_absolute_uri(reverse("bulletins:slip", args=[child]))
    drawn = segno.make(url, error="m").svg_inline(omitsize=True, border=2, dark="#24312b", light="#ffffff")
    return mark_safe(drawn)  # noqa: S308 - drawn by segno from our own address


@require_GET
@requires(rules.SLIP)
def slip(request: Any, pk: UUID) -> HttpResponse:
    """The code on a slip: a teacher enters what came back on it, the child's own guardian reads the bulletin."""
    asker = request.asker
    if asker.role is GuardianRole:
        own = rules.FAMILY.rows(asker, BulletinChild.objects.filter(pk=pk)).first()
        if own is None:
            raise Http404
        return redirect("bulletins:family_detail", own.bulletin_id)
    child = rules.ENTER.rows(asker, BulletinChild.objects.filter(pk=pk)).first()
    if child is None:
        raise Http404
    return redirect("bulletins:enter", child.pk)
