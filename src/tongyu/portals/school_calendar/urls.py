"""The calendar and its three changes."""

from django.urls import path

from tongyu.portals.school_calendar import views

app_name = "school_calendar"
urlpatterns = [
    path("", views.year, name="year"),
    path("<int:start_year>/", views.year, name="year_of"),
    path("<int:start_year>/term/<int:number>/", views.term, name="term"),
    path("<int:start_year>/holiday/", views.holiday, name="holiday"),
    path("<int:start_year>/holiday/remove/", views.remove_holiday, name="remove_holiday"),
]
