"""The periods, one period, its changes, and what the office does with them."""

from django.urls import path

from tongyu.portals.closing import views

app_name = "closing"
urlpatterns = [
    path("", views.periods, name="periods"),
    path("job/<uuid:job>/", views.progress, name="progress"),
    path("<slug:key>/", views.period, name="period"),
    path("<slug:key>/close/", views.close, name="close"),
    path("<slug:key>/compare/", views.compare, name="compare"),
    path("<slug:key>/changes/", views.changes, name="changes"),
    path("<slug:key>/restate/", views.restate, name="restate"),
    path("<slug:key>/<int:edition>/", views.restatement, name="restatement"),
]
