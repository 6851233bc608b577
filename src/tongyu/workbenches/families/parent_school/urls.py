"""The pages of the parent school."""

from django.urls import path

from tongyu.workbenches.families.parent_school import views

app_name = "parent_school"
urlpatterns = [
    path("", views.home, name="home"),
    path("carry-over/", views.carry_over, name="carry_over"),
    path("new/<slug:part>/", views.new_part, name="new_part"),
    path("part/<uuid:pk>/", views.part, name="part"),
    path("part/<uuid:pk>/correct/", views.correct_part, name="correct_part"),
    path("stations/", views.stations, name="stations"),
    path("stations/new/", views.open_station, name="open_station"),
    path("stations/<uuid:pk>/", views.station, name="station"),
    path("stations/<uuid:pk>/correct/", views.correct_station, name="correct_station"),
    path("courses/", views.courses, name="courses"),
    path("courses/upload/", views.upload_course, name="upload_course"),
    path("courses/sample/", views.sample_course, name="sample_course"),
    path("courses/<uuid:pk>/", views.course, name="course"),
    path("courses/<uuid:pk>/lesson/<int:number>/", views.course_lesson, name="course_lesson"),
    path("courses/<uuid:pk>/publish/", views.publish_course, name="publish_course"),
    path("courses/<uuid:pk>/withdraw/", views.withdraw_course, name="withdraw_course"),
    path("courses/<uuid:pk>/discard/", views.discard_course, name="discard_course"),
    path("media/<uuid:pk>/", views.media, name="media"),
    path("needs/", views.needs, name="needs"),
    path("needs/<uuid:pk>/end/", views.end_needs, name="end_needs"),
    path("finished/<uuid:pk>/", views.finished, name="finished"),
    path("family/", views.family_courses, name="family_courses"),
    path("family/stations/", views.family_stations, name="family_stations"),
    path("family/needs/<uuid:pk>/", views.family_needs, name="family_needs"),
    path("family/<uuid:pk>/", views.family_course, name="family_course"),
    path("family/<uuid:pk>/lesson/<int:number>/", views.family_lesson, name="family_lesson"),
    path("family/<uuid:pk>/lesson/<int:number>/learned/", views.family_learn, name="family_learn"),
]
