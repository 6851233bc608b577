"""Two places at once: the second place is told the name, and the pupil counts once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from support.county import County, as_asker, as_system
from tongyu.core.ids import uuid7
from tongyu.directory.models import SecondPlace, SecondPlaceMode, Student, TransferKind
from tongyu.directory.transfers import second
from tongyu.duties import update
from tongyu.duties.models import Standing, Tally

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)
INCLUSIVE, BOARDING = SecondPlaceMode.INCLUSIVE_CLASS, SecondPlaceMode.BOARDING


def add(story, *, by=None, mode=INCLUSIVE, place=None, from_day=DAY, id=None):
    asker = by or story.leader
    with as_asker(asker):
        return second.add_second_place(
            by=asker, id=id or uuid7(), student=story.pupil.pk, mode=mode, place=(place or story.other_class).code,
            from_day=from_day,
        )  # fmt: skip


def end(by, row, until_day=DAY):
    with as_asker(by):
        return second.end_second_place(by=by, second_place=row.pk, until_day=until_day)


def guests(asker):
    with as_asker(asker):
        return [(one.name, one.mode) for one in second.guests(asker, DAY)]


def counted(county):
    """Every tally and every standing of a pupil."""
    with as_system():
        tallies = list(
            Tally.objects.order_by("obligation", "period_key", "place").values_list(
                "place", "met", "in_progress"
            )
        )
        return tallies, Standing.objects.exclude(subject=None).count()


def refused(call, *arguments, field="", **keywords):
    with pytest.raises(ValidationError) as error:
        call(*arguments, **keywords)
    if field:
        assert field in error.value.error_dict


def test_the_pupil_counts_once_wherever_it_is_taught(story):
    before = counted(story.county)
    for mode, place in ((INCLUSIVE, story.other_class), (BOARDING, story.other_school)):
        add(story, mode=mode, place=place)
    assert update.recompute_all(DAY, story.county.code).changed == 0
    assert counted(story.county) == before


def test_the_class_teacher_of_the_second_class_learns_the_name_and_no_more(story):
    assert guests(story.other_teacher) == []
    add(story)
    assert guests(story.other_teacher) == [("马小兰", "inclusive_class")]
    with as_asker(story.other_teacher):
        assert not Student.objects.exists()
    with as_system():
        Student.objects.filter(pk=story.pupil.pk).update(name="马小岚")
    assert guests(story.other_teacher) == [("马小岚", "inclusive_class")]


def test_boarding_is_known_to_the_school_and_not_to_its_class_teachers(story):
    add(story, mode=BOARDING, place=story.other_school)

    def seen(asker):
        with as_asker(asker):
            return second.visible(asker).count()

    askers = (
        story.leader,
        story.teacher,
        story.other_leader,
        story.other_teacher,
        story.county.office_staff(),
    )
    assert [seen(one) for one in askers] == [1, 1, 1, 0, 0]


def test_it_ends_on_a_day_by_either_school(story):
    row = add(story, from_day=DAY - timedelta(days=5))
    assert end(story.other_leader, row).until_day == DAY
    assert guests(story.other_teacher) == []
    assert end(story.leader, row).ended_by == story.other_leader.account_id
    again = add(story)
    refused(end, story.leader, again, until_day=DAY + timedelta(days=1), field="until_day")
    stranger = story.county.leader(story.county.school(story.county.township("外镇"), "外镇小学"))
    for asker in (stranger, story.teacher, story.other_teacher):
        with pytest.raises(PermissionDenied):
            end(asker, again)


def test_it_goes_along_when_the_pupil_moves_and_ends_where_the_pupil_arrives(story):
    row = add(story)
    story.begin(kind=TransferKind.WITHIN, to_class=story.second.code)
    with as_system():
        moved = SecondPlace.objects.get(pk=row.pk)
    assert (moved.org, moved.until_day) == (story.second.code, None)
    story.confirm(story.propose())
    with as_system():
        assert SecondPlace.objects.get(pk=row.pk).until_day == DAY
    assert guests(story.other_teacher) == []


def test_it_ends_when_the_pupil_leaves_the_county(story):
    row = add(story)
    story.begin(kind=TransferKind.AWAY)
    with as_system():
        assert SecondPlace.objects.get(pk=row.pk).until_day == DAY


def test_odd_places_days_and_doubles_are_refused(story):
    refused(add, story, place=story.class_, field="place")
    refused(add, story, place=story.other_school, field="place")
    refused(add, story, mode=BOARDING, field="place")
    refused(add, story, from_day=date(2026, 8, 1), field="from_day")
    key = uuid7()
    assert add(story, id=key).pk == add(story, id=key).pk
    refused(add, story)
    with pytest.raises(PermissionDenied):
        add(story, by=story.other_leader, place=story.second)
    with pytest.raises(PermissionDenied):
        add(story, by=story.teacher)


def test_a_place_in_another_county_is_none(story):
    far = County(622924)
    school = far.school(far.township("外县镇"), "外县小学")
    refused(add, story, place=far.class_(school), field="place")
    refused(add, story, mode=BOARDING, place=school, field="place")
