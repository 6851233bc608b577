"""The boards, from the list of all obligations down to one duty."""

from django.urls import path

from tongyu.portals.duty_board import burden, exempting, exemptions, exports, recomputing, views

app_name = "duty_board"
urlpatterns = [
    path("", views.obligations, name="obligations"),
    path("export/", exports.obligations, name="export"),
    path("places/", views.places, name="places"),
    path("standing/<int:pk>/", views.standing, name="standing"),
    path("burden/", burden.shown, name="burden"),
    path("recompute/", recomputing.recompute, name="recompute"),
    path("recompute/<uuid:job>/", recomputing.progress, name="progress"),
    path("exemptions/", exemptions.listed, name="exemptions"),
    path("exemptions/<uuid:pk>/end/", exemptions.end, name="end_exemption"),
    path("<slug:key>/exempt/", exempting.new, name="exempt"),
    path("<slug:key>/", views.obligation, name="obligation"),
    path("<slug:key>/<int:code>/", views.place, name="place"),
]
