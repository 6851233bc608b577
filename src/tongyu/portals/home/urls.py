"""Start page, hats, health, and the home page of each role."""

from django.urls import path

from tongyu.portals.home import boards, inbox, jobs_page, views

app_name = "home"
urlpatterns = [
    path("", views.start, name="start"),
    path("waiting/", views.waiting, name="waiting"),
    path("hat/", views.hat, name="hat"),
    path("tasks/", inbox.tasks, name="tasks"),
    path("tasks/<uuid:job>/", inbox.task, name="task"),
    path("tasks/<uuid:job>/file/", inbox.task_file, name="task_file"),
    path("system/again/", jobs_page.run_again, name="run_again"),
    path("health/", views.health, name="health"),
    path("office/", boards.office, name="office_staff"),
    path("department/", boards.department, name="department_staff"),
    path("township/", boards.township, name="township_staff"),
    path("school/", boards.school, name="school_leader"),
    path("class/", boards.class_, name="class_teacher"),
    path("my-class/", boards.taught_class, name="subject_teacher"),
    path("system/", boards.system, name="system_admin"),
]
