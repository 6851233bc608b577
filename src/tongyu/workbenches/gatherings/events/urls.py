"""The pages of events."""

from django.urls import path

from tongyu.workbenches.gatherings.events import views

app_name = "events"
urlpatterns = [
    path("", views.list_events, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
]
