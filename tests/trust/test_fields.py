"""Planted canaries: no page, export or error shows a field to a role that may not read it (check C02)."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date

import pytest
from django.urls import reverse

from support.county import as_system, signed_in
from tongyu.core.encryption import blind_index
from tongyu.directory.models import Guardian, Guardianship, Staff, Student
from tongyu.duties import update
from tongyu.duties.models import Standing
from tongyu.plan import loader
from tongyu.records.models import Revision
from tongyu.workbenches.families.home_visits.models import HomeVisit
from trust.rights import RIGHTS
from trust.test_rights import arguments
from trust.world import PLACES, REACH, World, build
from trust.world_home import canaries_at_home

NOBODY: set[str] = set()
"""Whole numbers and addresses stand on no page: they are masked or left out."""
MARKS = re.compile(r">\s*(残疾|留守|单亲)\s*<")
SEES_MARKS = {"school_leader", "class_teacher"}


def keepers(place: str) -> set[str]:
    """Who may read what was said at a visit: the class teacher who wrote it and the school's leader."""
    return {f"teacher {place}", f"leader {place[0]}"}


def readers(place: str) -> set[str]:
    """Whose jurisdiction holds the pupils of the place."""
    return {who for who, reach in REACH.items() if place in reach}


def canaries(place: str) -> dict[str, set[str]]:
    """Planted text → who may read it, by hand."""
    number = f"{PLACES.index(place):02d}"
    return {
        f"6229232018031277{number}": NOBODY,
        f"G6229232018031288{number}": NOBODY,
        f"139555566{number}": NOBODY,
        f"137555577{number}": NOBODY,
        f"暗号住址{place}": NOBODY,
        f"暗号旧话{place}": keepers(place),
        f"暗号记录{place}": keepers(place),
        f"暗号跟进{place}": keepers(place),
        f"暗号话题{place}": keepers(place),
        f"暗号学生{place}": readers(place),
        f"暗号家长{place}": keepers(place) | {f"parent {place}"},
        f"暗号兼读{place}": keepers(place),
        f"暗号来人{place}": {"office", "education", f"leader {place[0]}"},
        f"暗号消息{place}": {f"teacher {place}", f"parent {place}"},
        **canaries_at_home(place, keepers(place), {f"parent {place}"} & REACH.keys()),
        f"暗号问题{place}": {*keepers(place), f"parent {place}"},
        f"暗号想谈{place}": {f"teacher {place}"},
        f"暗号谈话{place}": {f"teacher {place}", f"parent {place}"},
        f"暗号通知{place}": {*keepers(place), f"parent {place}"},
        f"暗号献策{place}": {f"leader {place[0]}", f"parent {place}"},
    }


def plant(world: World, place: str) -> None:
    """The canaries of one place, on the rows that the world already has."""
    planted = list(canaries(place))
    identity, number, phone, staff_phone, address, before, line, follow_up, topic, name, parent = planted[:11]
    pupil: Student = world.rows["pupil", place]
    pupil.name, pupil.id_number, pupil.student_number, pupil.address = name, identity, number, address
    pupil.student_number_index, pupil.id_index = blind_index(number), blind_index(identity)
    pupil.disability, pupil.left_behind, pupil.single_parent = "61", 1, True
    pupil.save()
    guardian = Guardian.objects.create(org=pupil.org, name=parent, phone=phone, id_number=identity)
    Guardianship.objects.create(
        student=pupil, org=pupil.org, guardian=guardian, relation="father", from_day=date(2026, 9, 1)
    )
    teacher = Staff.objects.get(pk=world.askers[f"teacher {place}"].staff_id)
    teacher.phone = staff_phone
    teacher.save()
    visit: HomeVisit = HomeVisit.objects.get(pk=world.rows["visit", place].pk)
    visit.line = before
    Revision.objects.create(
        kind="home_visit", record_id=visit.pk, org=visit.org, act=Revision.CORRECTED, reason="写错",
        before_text=visit.snapshot_text(), by_account=1, by_role="class_teacher",
    )  # fmt: skip
    visit.line, visit.follow_up, visit.topics = line, follow_up, ["study", topic]
    visit.save()


@pytest.fixture(scope="module")
def plan(django_db_setup: None, django_db_blocker: pytest.FixtureDef) -> None:
    """The shipped edition, so that duties stand."""
    with django_db_blocker.unblock():
        loader.load()


@pytest.fixture
def world(db: None, plan: None, settings, tmp_path) -> World:
    """Four places with their canaries and duties."""
    settings.MEDIA_ROOT = tmp_path
    made = build()
    with as_system():
        for place in PLACES:
            plant(made, place)
    update.recompute_all(date(2026, 11, 23))
    with as_system():
        for place in PLACES:
            subject = made.rows["pupil", place].pk
            made.rows["standing", place] = Standing.objects.filter(subject=subject).order_by("id")[0]
    return made


def addresses(world: World, name: str) -> Iterator[str]:
    """The page for every place, and its workbook; forms with the pupil filled in."""
    right = RIGHTS[name]
    for place in PLACES if right.row else PLACES[:1]:
        address = reverse(name, args=arguments(world, right.row, place) if right.row else [])
        yield address
        if name.endswith((":list", ":obligations", ":place", ":staff", ":students", ":bodies", ":school")):
            yield f"{address}?format=xlsx"
    if name == "home_visits:new":
        for place in PLACES:
            yield f"{reverse(name)}?student={world.rows['pupil', place].pk}"
    if name == "duty_board:obligations":
        for place in PLACES:
            yield f"{reverse('duty_board:export')}?place={world.rows['class', place].code}"


def text_of(answer) -> str:
    """All the text of a page, or of every sheet of a workbook."""
    if answer.streaming:
        return ""
    if answer.content[:2] != b"PK":
        return answer.content.decode()
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        return "".join(book.read(name).decode("utf-8", "replace") for name in book.namelist())


@pytest.mark.slow
def test_c02_no_page_shows_a_field_to_a_role_that_may_not_read_it(world):
    planted = {text: allowed for place in PLACES for text, allowed in canaries(place).items()}
    leaks, seen, pages = [], set(), 0
    for who, asker in world.askers.items():
        client = signed_in(asker)
        for name, right in RIGHTS.items():
            if right.post or asker.role.key not in right.roles:
                continue
            for address in dict.fromkeys(addresses(world, name)):
                text = text_of(client.get(address))
                pages += 1
                for canary in planted:
                    if canary in text:
                        seen.add((who, canary))
                        if who not in planted[canary]:
                            leaks.append(f"{who} {address}: {canary}")
                if asker.role.key not in SEES_MARKS and (mark := MARKS.search(text)):
                    leaks.append(f"{who} {address}: {mark[0]}")
    assert not leaks, f"{len(leaks)} leaks on {pages} pages\n" + "\n".join(leaks)
    assert pages > 500
    shown = {canary for _who, canary in seen}
    meant = {canary for canary, allowed in planted.items() if allowed}
    assert shown == meant, "each canary that may be read is read by somebody, or the check is blind"
