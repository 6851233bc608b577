"""The pages of appointments."""

from django.urls import path

from tongyu.workbenches.coordination.appointments import views

app_name = "appointments"
urlpatterns = [
    path("", views.appointment_list, name="list"),
    path("legal/", views.legal, name="legal"),
    path("new/", views.choose, name="new"),
    path("new/<slug:role>/", views.new, name="new_role"),
    path("staff/", views.staff, name="staff"),
    path("staff/<uuid:pk>/account/", views.open_account, name="open_account"),
    path("staff/<uuid:pk>/password/", views.reissue_password, name="reissue_password"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/end/", views.end, name="end"),
    path("<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
]
