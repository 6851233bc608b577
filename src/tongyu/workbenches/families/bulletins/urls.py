"""The pages of bulletins."""

from django.urls import path

from tongyu.workbenches.families.bulletins import views

app_name = "bulletins"
urlpatterns = [
    path("", views.bulletin_list, name="list"),
    path("new/", views.new, name="new"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/slips/", views.slips, name="slips"),
    path("slip/<uuid:pk>/", views.slip, name="slip"),
    path("<uuid:pk>/progress/", views.progress, name="progress"),
    path("<uuid:pk>/remind/", views.remind, name="remind"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("child/<uuid:pk>/enter/", views.enter, name="enter"),
    path("file/<uuid:pk>/", views.file, name="file"),
    path("family/", views.family, name="family"),
    path("family/<uuid:pk>/", views.family_detail, name="family_detail"),
    path("family/<uuid:pk>/answer/", views.family_answer, name="family_answer"),
]
