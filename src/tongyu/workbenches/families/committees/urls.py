"""The pages of committees."""

from django.urls import path

from tongyu.workbenches.families.committees import views

app_name = "committees"
urlpatterns = [
    path("", views.list_committees, name="list"),
    path("school/<int:school>/", views.school, name="school"),
    path("new/", views.new, name="new"),
    path("new/<int:body>/", views.elect, name="elect"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/renew/", views.renew, name="renew"),
    path("<uuid:pk>/members/", views.members, name="members"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/dissolve/", views.dissolve, name="dissolve"),
]
