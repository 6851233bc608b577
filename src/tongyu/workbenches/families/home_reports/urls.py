"""The pages of home reports."""

from django.urls import path

from tongyu.workbenches.families.home_reports import views, views_family

app_name = "home_reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("class/", views.class_page, name="class"),
    path("words/", views.words, name="words"),
    path("family/", views_family.own_reports, name="family"),
    path("family/new/", views_family.new, name="new"),
    path("family/<uuid:pk>/take-back/", views_family.take_back, name="take_back"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/acknowledge/", views.acknowledge, name="acknowledge"),
]
