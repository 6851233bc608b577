"""The pages of family life."""

from django.urls import path

from tongyu.workbenches.families.family_life import views, views_family

app_name = "family_life"
urlpatterns = [
    path("activities/", views.activities, name="activities"),
    path("activities/<uuid:pk>/", views.activity, name="activity"),
    path("agreements/", views.agreements, name="agreements"),
    path("agreements/<uuid:pk>/", views.agreement, name="agreement"),
    path("contacts/", views.contacts, name="contacts"),
    path("contacts/<uuid:pk>/", views.contact, name="contact"),
    path("family/", views_family.diary, name="family"),
    path("family/contact/", views_family.tell_contact, name="tell_contact"),
    path("family/<uuid:pk>/take-back/", views_family.take_back, name="take_back"),
    path("family/agreements/", views_family.own_agreements, name="own_agreements"),
    path("family/agreements/new/", views_family.sign, name="sign"),
    path("family/agreements/<uuid:pk>/", views_family.own_agreement, name="own_agreement"),
    path("family/agreements/<uuid:pk>/share/", views_family.share, name="share"),
]
