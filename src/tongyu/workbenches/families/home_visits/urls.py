"""The pages of home visits."""

from django.urls import path

from tongyu.workbenches.families.home_visits import views

app_name = "home_visits"
urlpatterns = [
    path("", views.visit_list, name="list"),
    path("class/", views.class_page, name="class"),
    path("class/<int:code>/", views.class_page, name="class_of"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/follow-up/", views.follow_up, name="follow_up"),
]
