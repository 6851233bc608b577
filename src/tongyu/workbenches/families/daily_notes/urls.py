"""The pages of daily notes."""

from django.urls import path

from tongyu.workbenches.families.daily_notes import views, views_family

app_name = "daily_notes"
urlpatterns = [
    path("", views.note_list, name="list"),
    path("class/", views.class_page, name="class"),
    path("phrases/", views.phrases, name="phrases"),
    path("batch/<uuid:batch>/", views.withdraw_batch, name="batch"),
    path("family/", views_family.own_children, name="family"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
]
