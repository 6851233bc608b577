"""Disputes: the list, opening one at a figure, what stands at a figure, and one with everything done to it."""

from django.urls import path

from tongyu.oversight.disputes import views

app_name = "disputes"
urlpatterns = [
    path("", views.listed, name="list"),
    path("duty/<int:standing>/", views.new_of_duty, name="new_of_duty"),
    path("rate/<slug:key>/<int:code>/", views.new_of_rate, name="new_of_rate"),
    path("at/<slug:key>/<int:code>/", views.at_figure, name="at"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/answer/", views.answer, name="answer"),
    path("<uuid:pk>/ask/", views.ask, name="ask"),
    path("<uuid:pk>/statement/", views.state, name="state"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
