"""Transfers under `/transfers/`."""

from django.urls import path

from tongyu.portals.transfers import answering, arrivals, beginning, second, views

app_name = "transfers"
urlpatterns = [
    path("", views.listed, name="list"),
    path("arrival/", arrivals.new, name="arrival"),
    path("new/<uuid:student>/", beginning.new, name="begin"),
    path("second/", second.listed, name="second_places"),
    path("second/new/<uuid:student>/", second.new, name="add_second_place"),
    path("second/<uuid:pk>/end/", second.end, name="end_second_place"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/confirm/", answering.confirm, name="confirm"),
    path("<uuid:pk>/decline/", answering.decline, name="decline"),
    path("<uuid:pk>/withdraw/", answering.withdraw, name="withdraw"),
]
