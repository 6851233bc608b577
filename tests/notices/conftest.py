"""A class with families, and a channel that remembers what it was handed instead of calling anybody."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

from support.county import DAY, County, as_system
from tongyu.core.access import Asker
from tongyu.directory.families.accounts import with_phone as with_phone_account
from tongyu.directory.families.joining import link
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Guardian
from tongyu.notices import channels
from tongyu.notices.channels.base import Kind, Outcome, Parcel
from tongyu.notices.topics import HINTS, SMS, Topic, topics

NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")


def topic(key: str, **more: object) -> Topic:
    """A topic of the tests, registered once; the registry itself stays open in tests."""
    if key not in topics:
        topics._entries[key] = Topic(
            key,
            "班级通知",
            more.pop("words", dict(HINTS)),
            template="notice",
            **more,  # type: ignore[arg-type]
        )
    return topics.get(key)


topic("test_notice")


class Postman:
    """A channel as the others are; `answers` are given in order, then everything is sent."""

    label = "试验渠道"

    def __init__(self, key: str = SMS, window: timedelta = timedelta(0), batch: int = 100) -> None:
        self.key, self.window, self.batch = key, window, batch
        self.calls: list[list[Parcel]] = []
        self.answers: list[Outcome | Exception] = []
        self.on = True

    def ready(self) -> bool:
        return self.on

    def deliver(self, parcels: Sequence[Parcel]) -> dict[object, Outcome]:
        self.calls.append(list(parcels))
        answer = self.answers.pop(0) if self.answers else Outcome(Kind.SENT, vendor_id="1")
        if isinstance(answer, BaseException):
            raise answer
        return {parcel.id: answer for parcel in parcels}

    @property
    def sent(self) -> list[str]:
        """The addresses handed over, in order."""
        return [parcel.address for call in self.calls for parcel in call]


@pytest.fixture
def noon() -> Iterator[Any]:
    """The clock, at noon of a school day; `noon.move_to` moves it."""
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def postman(monkeypatch: pytest.MonkeyPatch) -> Postman:
    """The only channel that is there: text messages."""
    made = Postman()
    off = Postman()
    off.on = False
    monkeypatch.setattr(channels, "channel", lambda key: made if key == made.key else off)
    return made


def join(guardian: Guardian, phone: str) -> Asker:
    """The guardian has an account from now on."""
    with as_system():
        account = with_phone_account(phone)
        link(guardian, account)
        account.refresh_from_db()
    return hats_of(account, DAY)[-1].asker


def with_phone(guardian: Guardian, phone: str) -> Guardian:
    """The guardian, reachable by SMS."""
    with as_system():
        guardian.phone = phone
        guardian.save()
    return guardian


def small_class() -> SimpleNamespace:
    """Two pupils who are siblings with one mother, the father of one of them, and a pupil without anybody."""
    county = County()
    school = county.school(county.township())
    class_ = county.class_(school)
    first, second, third = (county.pupil(class_, name) for name in ("马大某", "马小某", "祁某某"))
    mother = with_phone(county.guardian(first, "马母", "mother"), "13800000001")
    father = county.guardian(first, "马父")
    from tongyu.directory.models import Guardianship

    with as_system():
        Guardianship.objects.create(
            student=second, org=second.org, guardian=mother, relation="mother", from_day="2026-09-01"
        )
    return SimpleNamespace(
        county=county,
        school=school,
        class_=class_,
        first=first,
        second=second,
        third=third,
        mother=mother,
        father=father,
        teacher=county.teacher(class_),
        leader=county.leader(school),
    )
