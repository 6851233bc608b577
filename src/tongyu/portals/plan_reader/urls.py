"""The plan and each of its obligations."""

from django.urls import path

from tongyu.portals.plan_reader import views

app_name = "plan_reader"
urlpatterns = [
    path("", views.plan, name="plan"),
    path("<slug:key>/", views.obligation, name="obligation"),
]
