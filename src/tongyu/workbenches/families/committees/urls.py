"""The pages of committees."""

from django.urls import path

from tongyu.workbenches.families.committees import views

app_name = "committees"
urlpatterns = [
    path("", views.list_committees, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
]
