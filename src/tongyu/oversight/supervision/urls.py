"""Supervision: the list, choosing, sending, one notice."""

from django.urls import path

from tongyu.oversight.supervision import views

app_name = "supervision"
urlpatterns = [
    path("", views.listed, name="list"),
    path("choose/", views.choose, name="choose"),
    path("send/", views.send, name="send"),
    path("<uuid:pk>/", views.notice, name="notice"),
]
