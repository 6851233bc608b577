"""The roll-over of each school year: the office's pages, and one page per school."""

from django.urls import path

from tongyu.portals.rollover import office, school

app_name = "rollover"
urlpatterns = [
    path("", office.home, name="home"),
    path("<int:year>/", office.overview, name="overview"),
    path("<int:year>/open/", office.begin, name="open"),
    path("<int:year>/preview/", office.preview, name="preview"),
    path("<int:year>/run/", office.run, name="run"),
    path("<int:year>/undo/", office.undo, name="undo"),
    path("<int:year>/progress/", office.progress, name="progress"),
    path("<int:year>/schools/<int:code>/", school.page, name="school"),
    path("<int:year>/schools/<int:code>/classes/", school.classes, name="classes"),
    path("<int:year>/schools/<int:code>/ready/", school.ready, name="ready"),
    path("<int:year>/schools/<int:code>/pupils/<uuid:student>/", school.pupil, name="pupil"),
    path("<int:year>/schools/<int:code>/pupils/<uuid:student>/remove/", school.remove, name="remove"),
]
