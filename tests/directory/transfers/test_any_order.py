"""In whatever order two schools propose, confirm, send back and withdraw, and whenever the day's work runs: a pupil is
in one class or in none, is met for what was done this year wherever it was done, and nothing is left to recompute."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.county import as_system
from tongyu.directory.models import Enrolment, Guardianship, Student, Transfer, TransferKind
from tongyu.directory.models.transfers import OPEN
from tongyu.directory.transfers.carrying import carry_out_due, stop_without_pupil
from tongyu.duties import update
from tongyu.duties.models import Standing

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
REFUSALS = (ValidationError, PermissionDenied, Transfer.DoesNotExist, Student.DoesNotExist)

ACTS = ("propose", "confirm", "night", "visit", "propose", "confirm", "within", "away", "decline", "withdraw")
step = st.tuples(st.sampled_from(ACTS), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))


class Undo(Exception):
    """Takes an example's moves away."""


class World:
    """The story's two schools on a day that moves on; each act is tried as the school whose turn it is would try it."""

    def __init__(self, story, visit, clock):
        self.story, self.visit, self.clock, self.day = story, visit, clock, DAY
        self.pupils = [
            story.pupil,
            story.county.pupil(story.class_, "孔令文"),
            story.county.pupil(story.other_class, "妥英"),
        ]
        self.rooms = [story.class_, story.second, story.other_class]
        self.visited = set()
        for one in self.pupils:
            story.county.guardian(one)

    def here(self, one):
        """Leader, teacher and the other school's leader, as seen from the school that has the pupil."""
        with as_system():
            org = Student.objects.get(pk=one.pk).org
        story = self.story
        if org // 10**5 == story.school.code // 10**5:
            return story.leader, story.teacher, story.other_leader, story.other_school
        return story.other_leader, story.other_teacher, story.leader, story.school

    def latest(self, one):
        with as_system():
            found = Transfer.objects.filter(student=one.pk).order_by("-entered_at", "-pk").first()
        if found is None:
            raise Transfer.DoesNotExist
        return found

    def tried(self, act, number, ahead, room):
        one, day, place = self.pupils[number], self.day + timedelta(days=ahead), self.rooms[room]
        own, teacher, other, their_school = self.here(one)
        story = self.story
        if act == "propose":
            story.begin(
                by=own, student=one.pk, kind=TransferKind.BETWEEN, to_school=their_school.code, day=day
            )
        elif act == "within":
            story.begin(by=own, student=one.pk, kind=TransferKind.WITHIN, to_class=place.code, day=day)
        elif act == "away":
            story.begin(by=own, student=one.pk, kind=TransferKind.AWAY, elsewhere="临夏市一小", day=day)
        elif act == "confirm":
            row = self.latest(one)
            theirs = [each for each in self.rooms if each.code // 10**5 == (row.to_school or 0) // 10**5]
            story.confirm(row, by=other, to_class=theirs[room % len(theirs)] if theirs else place, day=day)
        elif act == "decline":
            story.decline(self.latest(one), by=other)
        elif act == "withdraw":
            story.withdraw(self.latest(one), by=own)
        elif act == "visit":
            self.visit(teacher, one, self.day)
            self.visited.add(one.pk)
        else:
            self.day += timedelta(days=1)
            self.clock.TONGYU_TODAY = self.day
            with as_system("directory.due_transfers"):
                carry_out_due(self.day)
                stop_without_pupil(self.day)

    def check(self):
        with as_system():
            for one in self.pupils:
                times = list(Enrolment.objects.filter(student=one.pk).order_by("entered_on", "id"))
                spans = sorted(
                    (t.entered_on, t.left_on or date.max) for t in times if t.left_on != t.entered_on
                )
                assert all(first[1] <= second[0] for first, second in zip(spans, spans[1:], strict=False))
                still = [t for t in times if t.left_on is None]
                org = Student.objects.get(pk=one.pk).org
                assert [t.org for t in still] in ([], [org])
                assert set(Guardianship.objects.filter(student=one.pk).values_list("org", flat=True)) == {org}
                assert Transfer.objects.filter(student=one.pk, state__in=OPEN).count() <= 1
                rows = Standing.objects.filter(subject=one.pk, obligation__key="home-visit")
                wanted = [(org, "met" if one.pk in self.visited else None)] if still else []
                found = [(row.org, "met" if row.state == "met" else None) for row in rows]
                assert found == wanted


def run(world, steps):
    """Every step as it comes; a refusal changes nothing. Takes everything away at the end."""
    update.recompute_all(DAY, world.story.county.code)
    for act, number, days_ahead, place in steps:
        try:
            with transaction.atomic():
                world.tried(act, number, days_ahead, place)
        except REFUSALS:
            continue
        world.check()
    assert update.recompute_all(world.day, world.story.county.code).changed == 0
    raise Undo


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(step, min_size=6, max_size=16))
def test_moves_in_any_order_leave_every_pupil_in_one_place_and_nothing_to_recompute(
    story, visit, settings, steps
):
    settings.TONGYU_TODAY = DAY
    with pytest.raises(Undo), transaction.atomic():
        run(World(story, visit, settings), steps)
