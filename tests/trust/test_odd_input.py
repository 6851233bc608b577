"""Odd addresses and odd forms: whatever is sent, nothing answers 5xx (bad input of trust.md). Seeded, bounded."""

import random
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from support.county import as_system, signed_in
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from trust.rights import (
    ADMIN,
    DEPARTMENT,
    GUARDIAN,
    LEADER,
    OFFICE,
    RIGHTS,
    SUBJECT,
    TEACHER,
    TOWNSHIP,
    Right,
)
from trust.test_rights import arguments
from trust.world import World, build

SEED = 20261123
POST_ROUNDS = 3
WORN = {
    OFFICE: "office",
    LEADER: "leader A",
    TEACHER: "teacher A1",
    TOWNSHIP: "township 1",
    DEPARTMENT: "education",
    SUBJECT: "subject A1",
    ADMIN: "admin",
    GUARDIAN: "parent A1",
}
PREFERRED = (TEACHER, LEADER, OFFICE, DEPARTMENT, TOWNSHIP, SUBJECT, ADMIN, GUARDIAN)
ODD = [
    b"\x00",
    b"a\x00b",
    b"\xed\xa0\x80",  # a lone surrogate
    b"\xff\xfe",
    b"9" * 30,
    b"9" * 4999,
    b"-1",
    b"9223372036854775808",
    b"0001-01-01",
    b"9999-12-31",
    b"2026-02-30",
    b"NaN",
    b"Infinity",
    b"1e999",
    "１２".encode(),
    "²".encode(),
    "\u202e\u200b".encode(),
    "字".encode() * 5000,
    b"'\"><script>=cmd",
    b"%s%%(x)s{0}",
    b"[]",
    b"",
]
ASKED = (
    "page q sort state place township student org body category period kind of who format version clause bearer "
    "modality visitor role account status group code next pick duty show"
).split()
POSTED = {
    "home_visits:follow_up": ["done_on"],
    "events:hold": ["occurred_on", "participants", "hours", "summary"],
    "events:cancel": ["reason"],
    "transfers:confirm": ["to_class", "day"],
    "transfers:decline": ["reason"],
    "transfers:withdraw": ["reason"],
    "documents:add_version": ["id", "made_on", "summary", "reference"],
    "appointments:withdraw": ["reason"],
    "records:remove_attachment": ["reason"],
    "records:withdraw": ["reason", "version"],
    "school_calendar:holiday": ["day", "first_day", "last_day", "name", "kind"],
    "school_calendar:remove_holiday": ["day", "id", "holiday"],
    "home:hat": ["hat"],
    "rollover:ready": ["ready"],
    "rollover:open": ["start_year"],
    "rollover:run": ["mark"],
    "disputes:answer": ["verdict", "answer"],
    "disputes:ask": ["body"],
    "disputes:state": ["statement"],
    "disputes:withdraw": [],
    "supervision:send": ["id", "school_days", "pick"],
    "directory_pages:undo": [],
}
HUGE = {
    "home_visits:class_of": [10**30],
    "committees:school": [10**30],
    "directory_pages:reorganise": [10**30],
    "committees:elect": [10**19],
    "duty_board:place": ["home-visit", 10**30],
    "duty_board:standing": [10**30],
    "disputes:new_of_duty": [10**30],
    "disputes:new_of_rate": ["home-visit", 10**30],
    "disputes:at": ["home-visit", 10**30],
    "school_calendar:year_of": [10**9],
    "school_calendar:term": [10**9, 10**9],
    "rollover:overview": [10**9],
    "rollover:open": [10**9],
    "rollover:school": [10**9, 10**30],
    "rollover:classes": [2027, 10**30],
    "duty_board:obligation": ["\x00"],
    "events:enter": ["\x00"],
    "documents:file": ["\x00"],
    "directory_pages:template": ["\x00"],
    "appointments:new_role": ["\x00"],
}


class Fields(HTMLParser):
    """The fields of the forms of a page with the values that stand there."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inputs, text areas, and the last option of a select."""
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name != "csrfmiddlewaretoken" and name:
            chosen = given.get("type") not in ("radio", "checkbox") or "checked" in given
            if chosen or name not in self.found:
                self.found[name] = given.get("value") or ""
        elif tag == "textarea" and name:
            self.found[name] = "文字"
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.found[self._select] = given.get("value") or ""


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def world(db: None, plan: None, settings, tmp_path) -> World:
    """Places, records, duties; what the requests store is thrown away."""
    settings.MEDIA_ROOT = tmp_path
    made = build()
    update.recompute_all(date(2026, 11, 23))
    with as_system():
        pupil = made.rows["pupil", "A1"]
        made.rows["standing", "A1"] = Standing.objects.filter(subject=pupil.pk).order_by("id")[0]
    return made


def body_of(values: dict[str, bytes]) -> str:
    """The values as a form sends them, byte by byte."""
    return "&".join(
        f"{quote_from_bytes(name.encode())}={quote_from_bytes(text)}" for name, text in values.items()
    )


def clients(world: World) -> dict[str, Client]:
    """One client for each principal, that answers 500 instead of raising."""
    made = {who: signed_in(asker) for who, asker in world.askers.items()}
    for client in made.values():
        client.raise_request_exception = False
    return made


def walk(world: World) -> Iterator[tuple[str, Right, str, str]]:
    """Every address with somebody who may open it."""
    for name, right in RIGHTS.items():
        address = reverse(name, args=arguments(world, right.row, "A1") if right.row else [])
        yield name, right, address, WORN[next(role for role in PREFERRED if role in right.roles)]


def sent(client: Client, method: str, address: str, body: str = "") -> int:
    """The status of one request whose changes are undone."""
    with transaction.atomic():
        if method == "GET":
            status = client.get(f"{address}?{body}").status_code
        else:
            status = client.post(address, body, content_type="application/x-www-form-urlencoded").status_code
        transaction.set_rollback(True)
    return status


@pytest.mark.slow
def test_odd_addresses_and_forms_are_refused_and_never_break(world):
    chance = random.Random(SEED)
    signed = clients(world)
    wrong: list[str] = []
    count = 0

    def tried(who: str, method: str, address: str, values: dict[str, bytes]) -> int:
        nonlocal count
        count += 1
        status = sent(signed[who], method, address, body_of(values))
        if status >= 500:
            shown = {name: text[:40] for name, text in values.items()}
            wrong.append(f"{who} {method} {address} {shown}: {status}")
        return status

    for name, right, address, who in walk(world):
        known = POSTED.get(name, [])
        if not right.post:
            tried(who, "GET", address, {key: chance.choice(ODD) for key in ASKED if key != "format"})
            tried(who, "GET", address, {key: chance.choice(ODD) for key in ASKED} | {"format": b"xlsx"})
            page = signed[who].get(address)
            if page.streaming or b'method="post"' not in page.content:
                continue
            standing = Fields(page.content.decode()).found
            known = list(standing)
        else:
            standing = dict.fromkeys(known, "")
        for _round in range(POST_ROUNDS):
            values = {key: text.encode() for key, text in standing.items()}
            for key in known:
                if chance.random() < 0.4:
                    values[key] = chance.choice(ODD)
            if tried(who, "POST", address, values) == 405:
                break
    for name, args in HUGE.items():
        right = RIGHTS[name]
        who = WORN[next(role for role in PREFERRED if role in right.roles)]
        with suppress(NoReverseMatch):
            tried(who, "GET", reverse(name, args=args), {})
            tried(who, "POST", reverse(name, args=args), {})
    assert not wrong, f"{len(wrong)} of {count}\n" + "\n".join(wrong)
    assert count >= 250


def test_the_check_can_fail(world, monkeypatch):
    """The control: a view that lets a NUL reach the database is noticed."""
    from tongyu.workbenches.families.home_visits import queries

    monkeypatch.setattr(queries, "named", lambda rows, words: rows.filter(student__name="a\x00"))
    client = clients(world)["teacher A1"]
    assert sent(client, "GET", reverse("home_visits:list"), "q=x") == 500
