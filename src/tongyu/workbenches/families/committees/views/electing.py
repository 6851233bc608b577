"""Put a committee on record, and renew its term of office."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from tongyu.core.access import requires
from tongyu.core.clock import today
from tongyu.directory.codes import containing
from tongyu.directory.hats import school_year_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Body
from tongyu.directory.naming import PlaceNames
from tongyu.records.forms import put_errors
from tongyu.workbenches.families.committees import actions
from tongyu.workbenches.families.committees.forms import TermForm, member_rows
from tongyu.workbenches.families.committees.models import Committee, Office
from tongyu.workbenches.families.committees.queries import last_terms, posts
from tongyu.workbenches.families.committees.rules import KEEP_COMMITTEE
from tongyu.workbenches.families.committees.views.looking import committee_or_404, page, place_or_none

FIRST_ROWS = [Office.CHAIR, Office.DEPUTY, Office.SECRETARY, Office.MEMBER, Office.MEMBER]
MORE_ROWS = 5
DIGITS = 17


@require_GET
@requires(KEEP_COMMITTEE)
def new(request: Any) -> HttpResponse:
    """Choose for which body: the one a board asked for (`?org=`), or the only one that lacks a committee."""
    asked = _asked_for(request)
    if asked is not None:
        return redirect("committees:elect", asked.code)
    school = containing(request.asker.body_code, BodyKind.SCHOOL)
    vacant = [post.body for post in posts(request.asker, school, today()) if post.committee is None]
    if len(vacant) == 1:
        return redirect("committees:elect", vacant[0])
    return redirect("committees:list")


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def elect(request: Any, body: int) -> HttpResponse:
    """The first committee of a body; where there was one before, its term is renewed instead."""
    if place_or_none(request, body) is None:
        raise Http404
    known = last_terms(request.asker).filter(org=body).first()
    if known is not None and request.method == "GET":
        return redirect("committees:renew", known.pk)
    return _form(
        request,
        body,
        lambda values, members: actions.elect_committee(
            by=request.asker, body=body, members=members, **values
        ),
        {},
    )


@require_http_methods(["GET", "POST"])
@requires(KEEP_COMMITTEE)
def renew(request: Any, pk: UUID) -> HttpResponse:
    """The next term of office of the same body."""
    old = committee_or_404(request.asker, pk)
    KEEP_COMMITTEE.check(request.asker, old)
    return _form(
        request,
        old.org,
        lambda values, members: actions.renew_term(
            by=request.asker, committee=old, members=members, **values
        ),
        {"charter": old.charter},
    )


def _asked_for(request: Any) -> Body | None:
    """The body that the address names; what is no code, or out of reach, counts as not named."""
    asked = request.GET.get("org", "")
    return (
        place_or_none(request, int(asked))
        if asked.isascii() and asked.isdigit() and len(asked) <= DIGITS
        else None
    )


def _form(
    request: Any, body: int, action: Callable[[dict[str, Any], list[Any]], Committee], initial: dict[str, Any]
) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    ends = date(school_year_of(today()) + 1, 8, 31)
    form = TermForm(data, initial={"elected_on": today(), "last_day": ends, **initial})
    more = "more" in request.POST
    rows = member_rows(data, offices=list(FIRST_ROWS), more=MORE_ROWS if more else 0)
    fault = ""
    if data is not None and not more and all([form.is_valid(), rows.is_valid()]):
        try:
            committee = action(form.values(), [row.member() for row in rows])
        except ValidationError as error:
            fault = _put(form, error)
        else:
            messages.success(request, _("家委会已登记。"))
            return redirect("committees:detail", committee.pk)
    context = {
        "form": form,
        "rows": rows,
        "fault": fault or (rows.non_form_errors() if data is not None else ""),
        "place": PlaceNames(today(), request.asker.body_code)(body),
        "body": body,
    }
    failed = data is not None and not more
    return page(request, "committees/form.html", context, failed=failed)


def _put(form: TermForm, error: ValidationError) -> str:
    """The action's errors at their fields: its names are not always the form's; members stand above their rows."""
    faults = getattr(error, "error_dict", {})
    if "members" in faults:
        return str(faults["members"][0].messages[0])
    if "until_day" in faults:
        form.add_error("last_day", faults["until_day"])
    else:
        put_errors(form, error)
    return ""
