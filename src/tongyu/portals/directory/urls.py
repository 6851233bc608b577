"""Lists under `/directory/`, rosters under `/directory/rosters/`."""

from django.urls import path

from tongyu.portals.directory import change_sets, missing, reorganising, rosters, views

app_name = "directory_pages"
urlpatterns = [
    path("", views.bodies, name="bodies"),
    path("staff/", views.staff, name="staff"),
    path("students/", views.students, name="students"),
    path("reorganisations/", reorganising.listed, name="reorganisations"),
    path("schools/<int:code>/reorganise/", reorganising.new, name="reorganise"),
    path("rosters/", rosters.roster_list, name="rosters"),
    path("rosters/new/", rosters.upload, name="upload"),
    path("rosters/template/<str:kind>/", rosters.template, name="template"),
    path("rosters/asked/", missing.asked, name="asked"),
    path("rosters/<uuid:pk>/", rosters.roster, name="roster"),
    path("rosters/<uuid:pk>/columns/", change_sets.columns, name="columns"),
    path("rosters/<uuid:pk>/conflicts/", change_sets.conflicts, name="conflicts"),
    path("rosters/<uuid:pk>/missing/", missing.of_roster, name="missing"),
    path("rosters/<uuid:pk>/undo/", change_sets.undo_import, name="undo"),
    path("rosters/<uuid:pk>/progress/", rosters.progress, name="progress"),
    path("rosters/<uuid:pk>/marked/", rosters.marked, name="marked"),
    path("rosters/<uuid:pk>/import/", rosters.confirm_import, name="import"),
    path("rosters/<uuid:pk>/cancel/", rosters.cancel, name="cancel"),
]
