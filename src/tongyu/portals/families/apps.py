"""The pages of guardians, and those with which a school brings them in."""

from django.apps import AppConfig


class FamilyPagesConfig(AppConfig):
    """Join, sign in by phone, home page, consent; reachability and guardianship for the school."""

    name = "tongyu.portals.families"
    label = "family_pages"
