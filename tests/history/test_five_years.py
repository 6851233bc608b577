"""A county lives through five school years, and on every day sampled each figure is what the slow reference says."""

import pytest

from history import clock, database, story


@pytest.mark.slow
def test_five_years_of_a_county(django_db_setup, django_db_blocker, worker):
    with (
        django_db_blocker.unblock(),
        database.own_database(f"tongyu_history_{worker or 'main'}"),
        clock.moved(story.FIRST_DAY) as moving,
    ):
        lived = story.live(story.SMALL, 622923, moving)
    done = lived.county.done
    assert (done["roll-over run"], done["merger"], done["split"], done["change of township"]) == (5, 3, 1, 1)
    assert (done["edition"], done["number set"], done["roster undone"]) == (1, 1, 1)
    assert done["closing asked"] >= 5
    assert done["restatement asked"] >= 1
    assert len(lived.compared_on) >= 25
