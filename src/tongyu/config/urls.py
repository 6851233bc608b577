"""The root of all URLs: portals, rooms, oversight, sign-in."""

from allauth.account import views as account
from django.urls import include, path

from tongyu.config.rooms import PORTALS, oversight_urls, portal_urls, room_urls
from tongyu.portals.own_account import coming_back, signing_in

handler400 = "tongyu.shell.errors.bad_request"
handler403 = "tongyu.shell.errors.forbidden"
handler404 = "tongyu.shell.errors.not_found"
handler500 = "tongyu.shell.errors.server_error"

# Only what we use of django-allauth: no sign-up, no e-mail pages.
sign_in = [
    path("login/", signing_in.sign_in, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("weixin/back/", coming_back.weixin, name="weixin_callback"),
    path("wecom/back/", coming_back.wecom, name="wecom_callback"),
    path("dingtalk/back/", coming_back.dingtalk, name="dingtalk_callback"),
]

urlpatterns = [
    path("account/", include(sign_in)),
    path("work/", include(room_urls())),
    path("records/", include("tongyu.records.urls")),
    path("oversight/", include(oversight_urls())),
    *portal_urls(PORTALS),
]
