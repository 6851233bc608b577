"""The pages of events."""

from django.urls import path

from tongyu.workbenches.gatherings.events import views

app_name = "events"
urlpatterns = [
    path("", views.list_events, name="list"),
    path("month/", views.month, name="month"),
    path("new/", views.new, name="new"),
    path("new/<slug:type>/", views.enter, name="enter"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/held/", views.hold, name="hold"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/code/", views.code, name="code"),
    path("<uuid:pk>/attendance/<int:class_code>/", views.attendance, name="attendance"),
]
