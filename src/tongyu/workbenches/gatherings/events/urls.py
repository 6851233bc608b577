"""The pages of events."""

from django.urls import path

from tongyu.workbenches.gatherings.events import views

app_name = "events"
urlpatterns = [
    path("", views.list_events, name="list"),
    path("month/", views.month, name="month"),
    path("new/", views.new, name="new"),
    path("new/<slug:type>/", views.enter, name="enter"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/held/", views.hold, name="hold"),
    path("<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/code/", views.code, name="code"),
    path("<uuid:pk>/invite/", views.invite, name="invite"),
    path("<uuid:pk>/families/<int:class_code>/", views.families, name="families"),
    path("<uuid:pk>/families/<int:class_code>/taps/", views.taps, name="taps"),
    path("<uuid:pk>/families/<int:class_code>/paper/", views.paper, name="paper"),
    path("<uuid:pk>/families/<int:class_code>/after/", views.follow_up, name="follow_up"),
    path("<uuid:pk>/families/<int:class_code>/questions/", views.questions, name="questions"),
    path("<uuid:pk>/families/<int:class_code>/<uuid:student>/", views.told, name="told"),
    path("questions/<uuid:pk>/", views.reply, name="reply"),
    path("doubted/", views.doubted, name="doubted"),
    path("doubted/<uuid:pk>/", views.looked_into, name="looked_into"),
    path("family/<uuid:pk>/confirm/", views.confirm, name="family_confirm"),
    path("family/", views.family_list, name="family_list"),
    path("family/<uuid:pk>/", views.family_event, name="family_event"),
    path("family/<uuid:pk>/answer/", views.answer, name="family_answer"),
    path("family/<uuid:pk>/ask/", views.ask, name="family_ask"),
    path("<uuid:pk>/attendance/<int:class_code>/", views.attendance, name="attendance"),
]
