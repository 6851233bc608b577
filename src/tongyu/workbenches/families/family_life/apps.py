"""Family life: a private diary, an agreement on phone and tablet, and a call of a parent who is away."""

from django.apps import AppConfig


class FamilyLifeConfig(AppConfig):
    """The room of the kinds `family_activity`, `family_agreement` and `family_contact`."""

    name = "tongyu.workbenches.families.family_life"
    label = "family_life"
