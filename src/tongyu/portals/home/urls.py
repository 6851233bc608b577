"""Start page, hats, health, and the home page of each role."""

from django.urls import path

from tongyu.portals.home import boards, views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("hat/", views.hat, name="hat"),
    path("health/", views.health, name="health"),
    path("office/", boards.office, name="office_staff"),
    path("department/", boards.department, name="department_staff"),
    path("township/", boards.township, name="township_staff"),
    path("school/", boards.school, name="school_leader"),
    path("class/", boards.class_, name="class_teacher"),
    path("my-class/", boards.taught_class, name="subject_teacher"),
    path("system/", boards.system, name="system_admin"),
]
