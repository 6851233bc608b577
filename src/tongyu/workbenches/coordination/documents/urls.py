"""The pages of documents."""

from django.urls import path

from tongyu.workbenches.coordination.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.list_documents, name="list"),
    path("new/", views.new, name="new"),
    path("new/<slug:category>/", views.file, name="file"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/version/", views.add_version, name="add_version"),
    path("version/<uuid:pk>/file/", views.version_file, name="version_file"),
]
