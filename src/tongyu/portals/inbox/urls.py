"""The inbox under /notices/; links in messages outside lead to `message`."""

from django.urls import path

from tongyu.portals.inbox import views

app_name = "inbox"
urlpatterns = [
    path("", views.inbox, name="list"),
    path("read/", views.read_all, name="read_all"),
    path("channels/", views.preferences, name="preferences"),
    path("unreached/<int:school_class>/", views.unreached, name="unreached"),
    path("<uuid:message>/", views.message, name="message"),
    path("<uuid:message>/read/", views.read, name="read"),
]
