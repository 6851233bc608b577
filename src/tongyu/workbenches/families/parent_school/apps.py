"""The parent school: team, place, plan, activities; courses for guardians; guidance stations of the townships."""

from django.apps import AppConfig


class ParentSchoolConfig(AppConfig):
    """Parent schools, guidance stations, courses and lessons, needs surveys."""

    name = "tongyu.workbenches.families.parent_school"
    label = "parent_school"

    def ready(self) -> None:
        """The shipped courses are loaded with all that rooms ship."""
        from tongyu.records.shipped import Shipped, shipped
        from tongyu.workbenches.families.parent_school.actions.shipping import load

        shipped.register(Shipped("parent_school", load))
