"""Two workers, two people at the office, a killed job: with real commits."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from oversight.supervision.test_supervision import LATER, pick, send
from support.county import as_system
from tongyu.oversight.supervision import jobs, moving
from tongyu.oversight.supervision.models import Digest, DigestWord, NoticeItem, SupervisionNotice


@pytest.fixture
def late(real_world):
    """May: of three pupils one was visited."""
    real_world.county.pupil(real_world.class_, "祁远山")
    real_world.compute(LATER)
    return real_world


def test_two_workers_at_once_make_one_digest_and_one_step(late):
    notice = send(late.office, [pick("home-visit", late.school)])[0]
    day = date(2027, 6, 1)

    def work(_number):
        try:
            return jobs.move(late.county.code, day)
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(3) as pool:
        made = list(pool.map(work, range(3)))
    assert sorted(made)[:2] == [0, 0]
    assert sorted(made)[2] > 0
    with as_system():
        assert Digest.objects.filter(org=late.class_.code).count() == 1
        assert NoticeItem.objects.get(notice=notice).accountable_on == day
        assert DigestWord.objects.filter(kind="accountable").count() == 1


def test_a_job_killed_in_the_middle_leaves_nothing_and_the_next_one_does_all(late, monkeypatch):
    county = late.county.code
    digest = moving.digest

    def killed(*arguments):
        digest(*arguments)
        raise KeyboardInterrupt

    monkeypatch.setattr(moving, "digest", killed)
    with pytest.raises(KeyboardInterrupt):
        jobs.move(county, LATER)
    with as_system():
        assert (Digest.objects.count(), DigestWord.objects.count()) == (0, 0)
    monkeypatch.setattr(moving, "digest", digest)
    assert jobs.move(county, LATER) > 0


def test_two_at_the_office_send_at_once_and_each_duty_is_supervised_once(late):
    askers = [late.office, late.county.office_staff()]
    chosen = [pick("home-visit", late.school)]

    def work(asker):
        try:
            return len(send(asker, chosen))
        except ValidationError as error:
            return error.messages[0]
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(work, askers))
    assert 1 in found
    assert any("都已在督办中" in str(one) for one in found)
    with as_system():
        assert (SupervisionNotice.objects.count(), NoticeItem.objects.count()) == (1, 1)
