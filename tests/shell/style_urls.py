"""A page with every component, for looking at and for the browser tests. Not part of the product."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path

from tests.shell import style_samples as samples

handler404 = "tongyu.shell.errors.not_found"


def desk(request: HttpRequest) -> HttpResponse:
    """Every component under the desk's base template."""
    request.asker = samples.asker()
    return render(request, "style/desk.html", samples.desk(request))


def phone(request: HttpRequest) -> HttpResponse:
    """A visit, as on a teacher's phone."""
    request.asker = samples.asker()
    return render(request, "style/phone.html", samples.phone(request))


def signin(request: HttpRequest) -> HttpResponse:
    """The bare frame."""
    return render(request, "style/bare.html", {})


def job(request: HttpRequest) -> HttpResponse:
    """One step of a job's progress."""
    return render(request, "style/job.html", {"finished": "done" in request.GET})


urlpatterns = [
    path("style/", desk, name="style-desk"),
    path("style/phone/", phone, name="style-phone"),
    path("style/bare/", signin, name="style-bare"),
    path("style/job/", job, name="style-job"),
    path("account/", include("allauth.account.urls")),
]
