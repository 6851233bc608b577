"""The pages of documents."""

from django.urls import path

from tongyu.workbenches.coordination.documents import views

app_name = "documents"
urlpatterns = [
    path("", views.list_documents, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
]
