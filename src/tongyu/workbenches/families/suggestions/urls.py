"""The pages of suggestions."""

from django.urls import path

from tongyu.workbenches.families.suggestions import views

app_name = "suggestions"
urlpatterns = [
    path("", views.list_suggestions, name="list"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("family/", views.family, name="family"),
    path("family/new/", views.family_new, name="family_new"),
    path("family/published/", views.family_published, name="family_published"),
    path("family/<uuid:pk>/", views.family_detail, name="family_detail"),
    path("family/<uuid:pk>/take-back/", views.family_take_back, name="family_take_back"),
]
