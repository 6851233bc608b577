"""The own account."""

from django.urls import path

from tongyu.portals.own_account import signing_in, views

app_name = "own_account"
urlpatterns = [
    path("", views.own, name="own"),
    path("devices/end/", views.end_device, name="end_device"),
    path("start/<str:vendor>/", signing_in.start, name="start"),
    path("link/<str:vendor>/", views.link, name="link"),
    path("unlink/<str:vendor>/", views.unlink, name="unlink"),
]
