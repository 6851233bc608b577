"""Start page, hats, health, and the home page of each role."""

from django.urls import path

from tongyu.portals.home import views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("hat/", views.hat, name="hat"),
    path("health/", views.health, name="health"),
]
