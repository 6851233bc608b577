"""The pages of committees."""

from django.urls import path

from tongyu.workbenches.families.committees import views

app_name = "committees"
urlpatterns = [
    path("", views.list_committees, name="list"),
    path("school/<int:school>/", views.school, name="school"),
    path("new/", views.new, name="new"),
    path("new/<int:body>/", views.elect, name="elect"),
    path("elections/new/<int:body>/", views.call, name="call"),
    path("elections/<uuid:pk>/", views.election, name="election"),
    path("elections/<uuid:pk>/dates/", views.dates, name="dates"),
    path("elections/<uuid:pk>/cancel/", views.cancel, name="cancel"),
    path("elections/<uuid:pk>/candidates/", views.add_candidate, name="add_candidate"),
    path("elections/<uuid:pk>/roll/", views.roll, name="roll"),
    path("elections/<uuid:pk>/paper/", views.paper, name="paper"),
    path("elections/<uuid:pk>/close/", views.close, name="close"),
    path("elections/<uuid:pk>/recount/", views.recount, name="recount"),
    path("elections/<uuid:pk>/draw/", views.draw, name="draw"),
    path("elections/<uuid:pk>/office/", views.take_office, name="take_office"),
    path("candidates/<uuid:pk>/", views.candidate, name="candidate"),
    path("meetings/<uuid:pk>/", views.meeting, name="meeting"),
    path("decisions/<uuid:pk>/done/", views.decision_done, name="decision_done"),
    path("proposals/<uuid:pk>/", views.proposal, name="proposal"),
    path("family/", views.family, name="family"),
    path("family/elections/<uuid:pk>/", views.family_election, name="family_election"),
    path("family/elections/<uuid:pk>/propose/", views.family_propose, name="family_propose"),
    path("family/elections/<uuid:pk>/vote/<uuid:student>/", views.family_vote, name="family_vote"),
    path("family/decisions/<uuid:pk>/done/", views.family_decision_done, name="family_decision_done"),
    path("family/proposals/<uuid:pk>/", views.family_proposal, name="family_proposal"),
    path("family/<uuid:pk>/propose/", views.family_put_forward, name="family_put_forward"),
    path("<uuid:pk>/", views.detail, name="detail"),
    path("<uuid:pk>/renew/", views.renew, name="renew"),
    path("<uuid:pk>/members/", views.members, name="members"),
    path("<uuid:pk>/correct/", views.correct, name="correct"),
    path("<uuid:pk>/dissolve/", views.dissolve, name="dissolve"),
    path("<uuid:pk>/meetings/new/", views.meeting_new, name="meeting_new"),
    path("<uuid:pk>/decisions/new/", views.decision_new, name="decision_new"),
]
