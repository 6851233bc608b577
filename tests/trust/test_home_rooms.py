"""A guardian's home asks only the rooms whose condition says that they might have something: none says no wrongly."""

import re

import pytest
from django.db import connection, transaction

from support.county import as_asker, as_system
from tongyu.core.clock import today
from tongyu.plan import loader
from tongyu.records import family
from trust.world import World, build

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def world(plan: None, db: None) -> World:
    """Something of every room for the child of each place."""
    return build()


def test_what_a_room_has_to_say_reaches_the_home_of_the_family(world):
    on = today()
    heard = set()
    for father in world.fathers.values():
        with as_asker(father):
            home = family.home_of(father, on)
            assert {task.url for room in family.asked for task in room.find(father, on)} == {
                task.url for task in home.tasks
            }
            assert {line.text for room in family.told for line in room.find(father, on)} == {
                line.text for line in home.told
            }
            for tile in family.tiles:
                assert home.lines[tile.key] in {str(tile.line(father, on)), str(tile.otherwise)}
            heard |= {room.key for room in family.asked if room.find(father, on)}
            heard |= {room.key for room in family.told if room.find(father, on)}
    assert len(heard) >= 5, heard


def test_every_condition_can_say_no(world):
    """The control, where every row is in sight: for nobody's children, places and account no condition holds. One
    that asks row-level security whose the rows are is left out."""
    rooms = [one.when for one in (*family.asked, *family.told, *family.tiles) if one.when != family.ALWAYS]
    assert len(rooms) >= 15
    whose = [when for when in rooms if re.search(r"%\((students|places|account)\)s", when)]
    values = {"students": [], "places": [], "account": 0, "on": today(), "moment": f"{today()}T00:00:00Z"}
    assert len(whose) >= len(rooms) - 1
    with as_system(), transaction.atomic(), connection.cursor() as cursor:
        for when in whose:
            cursor.execute(f"SELECT {when}", values)
            assert cursor.fetchone()[0] is False, when
