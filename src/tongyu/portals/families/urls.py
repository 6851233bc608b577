"""The pages of families, and the school's about them."""

from django.urls import path

from tongyu.portals.families import guarding, home, joining, own_phone, reaching, signing_in

app_name = "families"
urlpatterns = [
    path("", home.home, name="home"),
    path("consent/", home.consent, name="consent"),
    path("consent/withdraw/", home.withdraw_consent, name="withdraw_consent"),
    path("me/", home.me, name="me"),
    path("me/phone/", own_phone.own_phone, name="own_phone"),
    path("large/", home.large_type, name="large_type"),
    path("join/", joining.join, name="join"),
    path("join/<str:code>/", joining.join, name="join_with"),
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/password/", signing_in.by_password, name="sign_in_password"),
    path("reach/", reaching.reach, name="reach"),
    path("reach/<int:code>/", reaching.reach, name="reach_of"),
    path("reach/<int:code>/slips/", reaching.slips, name="slips"),
    path("reach/<int:code>/renew/", reaching.renew, name="renew"),
    path("reach/child/<uuid:student>/phone/", reaching.phone, name="phone"),
    path("reach/child/<uuid:student>/guardian/", reaching.guardian, name="guardian"),
    path("reach/request/<uuid:pk>/accept/", reaching.accept, name="accept"),
    path("reach/request/<uuid:pk>/decline/", reaching.decline, name="decline"),
    path("guardianships/<uuid:student>/", guarding.guardianships, name="guardianships"),
    path("guardianships/tie/<uuid:pk>/", guarding.state, name="state"),
    path("guardianships/tie/<uuid:pk>/block/", guarding.block, name="block"),
    path("guardianships/block/<uuid:pk>/lift/", guarding.lift, name="lift"),
]
