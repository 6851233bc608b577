"""The pages that all records share."""

from django.urls import path

from tongyu.records import views

app_name = "records"
urlpatterns = [
    path("<slug:kind>/<uuid:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("<slug:kind>/<uuid:pk>/files/", views.attach, name="attach"),
    path("files/<uuid:pk>/", views.attachment, name="attachment"),
    path("files/<uuid:pk>/remove/", views.remove_attachment, name="remove_attachment"),
]
