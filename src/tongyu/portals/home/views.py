"""Where everybody starts."""

from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_GET, require_POST

from tongyu.core.access import Anywhere, Rule, requires
from tongyu.core.clock import today
from tongyu.directory.families.accounts import is_family
from tongyu.directory.families.reach import own_requests
from tongyu.directory.marks import any_hat
from tongyu.directory.middleware import HAT
from tongyu.directory.roles import EVERY_HAT, ClassTeacher, GuardianRole, SchoolLeader, SubjectTeacher
from tongyu.records.waiting import lines_for

SEE_WAITING = Rule("home.waiting", (ClassTeacher, SubjectTeacher, SchoolLeader), Anywhere())
WEAR_HAT = Rule("home.hat", EVERY_HAT, Anywhere())


@require_GET
def start(request: Any) -> HttpResponse:
    """The home page of the hat worn; the sign-in for strangers; a plain word for accounts without a hat,
    and another for parents without a child."""
    if not request.user.is_authenticated:
        return redirect("account_login")
    if request.asker is None and is_family(request.user):
        return render(request, "families/no_child.html", {"waiting": list(own_requests(request.user.pk))})
    if request.asker is None:
        return render(request, "home/no_hat.html", status=200)
    if request.asker.role is GuardianRole:
        return redirect("families:home")
    return redirect(f"home:{request.asker.role.key}")


@require_POST
@any_hat
@requires(WEAR_HAT)
def hat(request: Any) -> HttpResponse:
    """Change the hat: one tap. An appointment that is not one's own today is ignored.

    Leads to the hat's first page, or back to the page of ours that is named as `next`.
    """
    wanted, then = request.POST.get("hat", ""), request.POST.get("next", "")
    if wanted in {str(hat.appointment_id) for hat in request.hats}:
        request.session[HAT] = wanted
        if then and url_has_allowed_host_and_scheme(then, {request.get_host()}, request.is_secure()):
            return redirect(then)
    return redirect("home:start")


@require_GET
@requires(SEE_WAITING)
def waiting(request: Any) -> HttpResponse:
    """What waits for the asker, as a part of the home page; empty when nothing does."""
    return render(request, "home/waiting.html", {"lines": lines_for(request.asker, today())})


@require_GET
def health(request: HttpRequest) -> JsonResponse:
    """For monitors: reads the schema version, not just `select 1` (finding 9 of trust.md)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), max(name) FROM django_migrations WHERE app = 'directory'")
        count, latest = cursor.fetchone()
    return JsonResponse({"schema": latest, "migrations": count}, status=200 if count else 503)
