"""The pages of conversations."""

from django.urls import path

from tongyu.workbenches.families.conversations import views, views_family

app_name = "conversations"
urlpatterns = [
    path("", views.conversation_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/post/", views.post, name="post"),
    path("<uuid:pk>/read/", views.read, name="read"),
    path("message/<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("file/<uuid:pk>/", views.file, name="file"),
    path("family/", views_family.family, name="family"),
    path("family/new/", views_family.family_new, name="family_new"),
]
