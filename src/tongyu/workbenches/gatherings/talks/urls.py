"""The pages of talks."""

from django.urls import path

from tongyu.workbenches.gatherings.talks import views

app_name = "talks"
urlpatterns = [
    path("", views.list_days, name="list"),
    path("new/", views.new, name="new"),
    path("family/", views.family_list, name="family_list"),
    path("family/<uuid:pk>/", views.family_day, name="family_day"),
    path("family/<uuid:pk>/book/", views.book, name="family_book"),
    path("family/bookings/<uuid:pk>/cancel/", views.cancel, name="family_cancel"),
    path("<uuid:pk>/", views.day, name="day"),
    path("<uuid:pk>/cancel/", views.call_off, name="cancel"),
    path("slots/<uuid:pk>/block/", views.block, name="block"),
    path("slots/<uuid:pk>/unblock/", views.unblock, name="unblock"),
    path("slots/<uuid:pk>/end/", views.end, name="end"),
    path("slots/<uuid:pk>/book/", views.book_for, name="book_for"),
]
