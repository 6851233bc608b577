"""Foreign keys cross walls as strings: they point downwards, and never from room to room."""

from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.house import may_reach, own_models


def wrong_way(found: list[type[models.Model]]) -> list[str]:
    """Foreign keys that point up, or into another room."""
    return [
        f"{model.__module__}.{model.__name__}.{field.name} points to {field.related_model.__module__}"
        for model in found
        for field in model._meta.get_fields(include_hidden=True)
        if (field.many_to_one or field.one_to_one or field.many_to_many)
        and field.concrete
        and isinstance(field.related_model, type)
        and field.related_model.__module__.startswith("tongyu.")
        and not may_reach(model.__module__, field.related_model.__module__)
    ]


def test_foreign_keys_point_downwards():
    assert wrong_way(own_models()) == []


@isolate_apps("tongyu.directory")
def test_a_foreign_key_to_another_room_is_found():
    class Visit(models.Model):
        __module__ = "tongyu.workbenches.families.home_visits.models"

        class Meta:
            app_label = "directory"

    class Event(models.Model):
        __module__ = "tongyu.workbenches.gatherings.events.models"
        visit = models.ForeignKey(Visit, models.CASCADE)

        class Meta:
            app_label = "directory"

    assert len(wrong_way([Visit, Event])) == 1
