"""The plan and each of its obligations; how its words are read; what became of the edition before."""

from django.urls import path

from tongyu.portals.plan_reader import readings, views

app_name = "plan_reader"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("readings/", readings.listed, name="readings"),
    path("readings/<int:pk>/", readings.write, name="reading"),
    path("readings/<int:pk>/confirm/", readings.confirm, name="confirm_reading"),
    path("changes/", views.changes, name="changes"),
    path("<slug:key>/", views.obligation, name="obligation"),
]
