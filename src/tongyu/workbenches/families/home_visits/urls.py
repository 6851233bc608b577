"""The pages of home visits."""

from django.urls import path

from tongyu.workbenches.families.home_visits import views

app_name = "home_visits"
urlpatterns = [
    path("", views.visit_list, name="list"),
    path("class/", views.class_page, name="class"),
    path("class/<int:code>/", views.class_page, name="class_of"),
    path("new/", views.new, name="new"),
    path("doubted/", views.doubted, name="doubted"),
    path("doubted/<uuid:pk>/", views.looked_into, name="looked_into"),
    path("family/<uuid:pk>/", views.family_visit, name="family_visit"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/follow-up/", views.follow_up, name="follow_up"),
]
