"""A county lives through three school years (`make history`: five): each figure is what the reference says."""

import pytest

from history import clock, database, story


@pytest.mark.history
@pytest.mark.slow
def test_a_county_lives_through_its_years(django_db_setup, django_db_blocker, worker):
    with (
        django_db_blocker.unblock(),
        database.own_database(f"tongyu_history_{worker or 'main'}"),
        clock.moved(story.FIRST_DAY) as moving,
    ):
        lived = story.live(story.SMALL, 622923, moving)
    done = lived.county.done
    assert (done["roll-over run"], done["roll-over undone"]) == (4, 1)
    assert (done["merger"], done["split"], done["change of township"]) == (2, 1, 1)
    assert (done["edition"], done["number set"], done["roster undone"]) == (1, 1, 1)
    assert (done["closing asked"], done["restatement asked"]) == (4, 1)
    assert len(lived.compared_on) >= 15
