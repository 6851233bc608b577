"""Numbers under `/numbers/`, each by its key; trials under `/numbers/runs/`."""

from django.urls import path

from tongyu.portals.local_numbers import setting, views

app_name = "local_numbers"
urlpatterns = [
    path("", views.listed, name="list"),
    path("runs/<uuid:pk>/", setting.run, name="run"),
    path("runs/<uuid:pk>/progress/", setting.progress, name="progress"),
    path("runs/<uuid:pk>/changes/", setting.changes, name="changes"),
    path("end/<uuid:pk>/", setting.end, name="end"),
    path("of/<str:key>/", views.number, name="number"),
    path("of/<str:key>/try/", setting.try_out, name="try"),
]
