"""Talks by appointment: who may book what, siblings, changing, blocking, and who loses the right to it."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from tests.support.county import County, as_asker, as_system
from tongyu.core.clock import CHINA
from tongyu.core.ids import uuid7
from tongyu.directory.families import guarding
from tongyu.directory.models import Guardianship, Student
from tongyu.workbenches.gatherings.talks import actions, queries
from tongyu.workbenches.gatherings.talks.actions import Desk, Wanted
from tongyu.workbenches.gatherings.talks.models import Booking, TalkDay, TalkSlot
from tongyu.workbenches.gatherings.talks.queries import home
from tongyu.workbenches.gatherings.talks.rules import cut

TODAY, DAY = date(2026, 11, 23), date(2026, 11, 28)
CLOSES = datetime(2026, 11, 27, 20, tzinfo=CHINA)


def build():
    """Two classes of a school with their teachers; a father of a child in each."""
    county = County()
    county.a = county.school(county.township("太极镇"))
    county.one, county.two = county.class_(county.a, 2023, 1), county.class_(county.a, 2024, 1)
    county.t1 = county.teacher(county.one, staff=county.staff(county.a, "李老师"))
    county.t2 = county.teacher(county.two, staff=county.staff(county.a, "王老师"))
    county.chief = county.leader(county.a)
    county.big, county.small = county.pupil(county.one, "马哥"), county.pupil(county.two, "马妹")
    county.father = county.parent(county.big, county.small, name="马父")
    county.other = county.parent(county.pupil(county.one, "何二"), name="何父")
    return county


@pytest.fixture
def place(db):
    return build()


def offered(county, minutes=10, until=time(15), **kwargs):
    """An afternoon on which both class teachers receive their classes."""
    desks = [Desk(county.t1.staff_id, (county.one.code,)), Desk(county.t2.staff_id, (county.two.code,))]
    fields = {
        "by": county.chief, "id": uuid7(), "title": "期中面谈", "times": cut(DAY, time(14), until, minutes, 0),
        "closes_at": CLOSES, "desks": desks, **kwargs,
    }  # fmt: skip
    with as_asker(fields["by"]):
        return actions.offer_day(**fields)


def slots(day, asker):
    with as_system():
        return list(
            TalkSlot.objects.filter(desk__day=day, desk__staff=asker.staff_id).select_related("desk__day")
        )


def book(asker, *picks, ids=None, wish=""):
    """`picks` are (child, slot)."""
    keys = ids or [uuid7() for _ in picks]
    wanted = [Wanted(key, slot.pk, child.pk) for key, (child, slot) in zip(keys, picks, strict=True)]
    with as_asker(asker):
        return actions.book(by=asker, wanted=wanted, wish=wish)


def standing():
    with as_system():
        return {(row.name, row.starts_at.astimezone(CHINA).strftime("%H:%M")) for row in
                Booking.objects.filter(ended_at=None)}  # fmt: skip


def taken(day):
    with as_system():
        return TalkSlot.objects.filter(desk__day=day, booked=True).count()


def test_a_guardian_books_a_time_and_the_teacher_sees_who_comes(place):
    day = offered(place)
    first = slots(day, place.t1)[0]
    (row,) = book(place.father, (place.big, first), wish="数学")
    assert (row.name, row.who) == ("马哥", "马父（父亲）")
    with as_asker(place.t1):
        (desk,) = queries.desk_lists(place.t1, day)
    assert (desk.desk.name, desk.booked, desk.lines[0].booking.wish, desk.is_own) == (
        "李老师",
        1,
        "数学",
        True,
    )
    with as_asker(place.t2):
        (desk,) = queries.desk_lists(place.t2, day)
        assert (desk.desk.name, desk.booked) == ("王老师", 0)
        assert not Booking.objects.exists()
    with as_asker(place.chief):
        assert [desk.booked for desk in queries.desk_lists(place.chief, day)] == [1, 0]


def test_nobody_else_sees_a_booking_but_that_the_time_is_gone(place):
    day = offered(place)
    first = slots(day, place.t1)[0]
    book(place.father, (place.big, first))
    with as_asker(place.other):
        assert not Booking.objects.exists()
        (offer,) = queries.offers(place.other, day)
        assert first.pk not in [slot.pk for slot in offer.free]
    with pytest.raises(ValidationError, match="刚被别人约走"):
        book(place.other, (_child(place.other), first))


def _child(asker):
    """The asker's first ward, as a row with a key."""
    with as_system():
        return Student.objects.get(pk=asker.wards[0].student_id)


def test_a_booking_sent_again_gives_the_same_answer(place):
    day, key = offered(place), [uuid7()]
    first, second = slots(day, place.t1)[:2]
    (row,) = book(place.father, (place.big, first), ids=key)
    (again,) = book(place.father, (place.big, first), ids=key)
    assert (again.pk, again.ended_at, taken(day)) == (row.pk, None, 1)
    with pytest.raises(ValidationError, match="内容不同"):
        book(place.father, (place.big, second), ids=key)
    with as_asker(place.father):
        actions.cancel_booking(by=place.father, booking=row)
    (again,) = book(place.father, (place.big, first), ids=key)
    assert (again.pk, again.ended, taken(day)) == (row.pk, "family", 0)


def test_siblings_are_booked_back_to_back_or_not_at_all(place):
    day = offered(place)
    with as_asker(place.father):
        offer = queries.offers(place.father, day)
        pair = queries.pairs(offer)[0]
    assert [slot.starts_at.astimezone(CHINA).strftime("%H:%M") for _offer, slot in pair.talks] == [
        "14:00",
        "14:10",
    ]
    times = {offer.ward.name: slot for offer, slot in pair.talks}
    book(place.other, (_child(place.other), times["马哥"]))
    both = [(place.big, times["马哥"]), (place.small, times["马妹"])]
    with pytest.raises(ValidationError, match="刚被别人约走"):
        book(place.father, *both)
    assert standing() == {("何二", "14:00")}
    with as_asker(place.father):
        pair = queries.pairs(queries.offers(place.father, day))[0]
    times = {offer.ward.name: slot for offer, slot in pair.talks}
    book(place.father, (place.big, times["马哥"]), (place.small, times["马妹"]))
    assert standing() == {("何二", "14:00"), ("马哥", "14:10"), ("马妹", "14:00")}
    with as_asker(place.father):
        assert queries.pairs(queries.offers(place.father, day)) == []


def test_a_guardian_is_not_at_two_talks_at_once(place):
    day = offered(place)
    one, two = slots(day, place.t1)[0], slots(day, place.t2)[0]
    with pytest.raises(ValidationError, match="这个时间已经约了另一次面谈"):
        book(place.father, (place.big, one), (place.small, two))
    book(place.father, (place.big, one))
    with pytest.raises(ValidationError, match="这个时间已经约了另一次面谈"):
        book(place.father, (place.small, two))
    assert (standing(), taken(day)) == ({("马哥", "14:00")}, 1)


def test_another_time_for_the_same_child_and_teacher_is_a_change(place):
    day = offered(place)
    first, second = slots(day, place.t1)[:2]
    book(place.father, (place.big, first))
    book(place.father, (place.big, second))
    assert (standing(), taken(day)) == ({("马哥", "14:10")}, 1)
    book(place.other, (_child(place.other), first))
    with pytest.raises(ValidationError, match="刚被别人约走"):
        book(place.father, (place.big, first))
    assert standing() == {("马哥", "14:10"), ("何二", "14:00")}


def test_the_other_parent_books_no_second_time_for_the_child(place):
    day, mother = offered(place), place.parent(place.big, relation="mother", name="马母")
    first, second = slots(day, place.t1)[:2]
    book(place.father, (place.big, first))
    with pytest.raises(ValidationError, match="这个孩子已经约了这位老师"):
        book(mother, (place.big, second))
    assert taken(day) == 1


def test_only_the_teachers_of_the_own_child_receive(place):
    day = offered(place)
    with pytest.raises(PermissionDenied):
        book(place.other, (_child(place.other), slots(day, place.t2)[0]))
    with pytest.raises(PermissionDenied):
        book(place.other, (place.big, slots(day, place.t1)[0]))
    assert taken(day) == 0


def test_single_children_are_invited_and_no_other_family_learns_of_it(place):
    day = offered(place, by=place.t1, desks=[Desk(place.t1.staff_id, (place.one.code,), (place.big.pk,))])
    with as_asker(place.father):
        assert [one.pk for one in queries.invited_days(place.father)] == [day.pk]
    with as_asker(place.other):
        assert list(queries.invited_days(place.other)) == []
    with pytest.raises(PermissionDenied):
        book(place.other, (_child(place.other), slots(day, place.t1)[0]))


def test_after_the_closing_hour_families_neither_book_nor_cancel_and_the_teacher_still_does(place):
    day = offered(place)
    first, second = slots(day, place.t1)[:2]
    (row,) = book(place.father, (place.big, first))
    with as_system():
        TalkDay.objects.update(closes_at=datetime(2026, 11, 22, 20, tzinfo=CHINA))
    for act in (
        lambda: book(place.father, (place.big, second)),
        lambda: _cancel(place.father, row),
    ):
        with pytest.raises(ValidationError, match="截止"):
            act()
    aunt = place.guardian(place.big, "马姑", "relative")
    with as_asker(place.t1):
        actions.end_booking(by=place.t1, slot=first, line="改期")
        slot = TalkSlot.objects.select_related("desk__day").get(pk=second.pk)
        actions.book_for(by=place.t1, id=uuid7(), slot=slot, student=place.big.pk, guardian=aunt.pk)
    assert standing() == {("马哥", "14:10")}


def _cancel(asker, row):
    with as_asker(asker):
        return actions.cancel_booking(by=asker, booking=row)


def test_a_teacher_books_for_a_family_without_a_phone(place):
    day = offered(place)
    first = slots(day, place.t1)[0]
    grandmother = place.guardian(place.big, "马奶", "grandparent")
    with as_asker(place.t1):
        slot = TalkSlot.objects.select_related("desk__day").get(pk=first.pk)
        key = {"id": uuid7(), "slot": slot, "student": place.big.pk, "guardian": grandmother.pk}
        made = [actions.book_for(by=place.t1, **key) for _again in range(2)]
        assert {row.who for row in made} == {"马奶（祖父母或外祖父母）"}
        with pytest.raises(PermissionDenied):
            actions.book_for(by=place.t1, **{**key, "id": uuid7(), "student": place.small.pk})
    with as_asker(place.t2), pytest.raises(PermissionDenied):
        actions.book_for(by=place.t2, **{**key, "id": uuid7()})
    assert standing() == {("马哥", "14:00")}


def test_blocking_a_booked_time_tells_the_family_and_asks_it_anew(place):
    day = offered(place)
    first = slots(day, place.t1)[0]
    book(place.father, (place.big, first))
    with as_asker(place.t1):
        with pytest.raises(ValidationError, match="写一句话"):
            actions.block_slot(by=place.t1, slot=first)
        for _again in range(2):
            actions.block_slot(by=place.t1, slot=first, line="临时开会")
    with as_asker(place.father):
        assert [(row.ended, row.ended_line) for row in queries.own_bookings(place.father)] == [
            ("teacher", "临时开会")
        ]
        assert {task.student_id for task in home.asked_of(place.father, TODAY)} == {
            place.big.pk,
            place.small.pk,
        }
    with pytest.raises(ValidationError, match="刚被别人约走"):
        book(place.father, (place.big, first))
    with as_asker(place.t1):
        actions.unblock_slot(by=place.t1, slot=first)
    book(place.father, (place.big, first))
    with as_asker(place.t2), pytest.raises(PermissionDenied):
        actions.block_slot(by=place.t2, slot=first, line="不行")


def test_a_day_called_off_ends_every_booking_and_says_why(place):
    day = offered(place)
    book(place.father, (place.big, slots(day, place.t1)[0]))
    with as_asker(place.chief):
        for _again in range(2):
            actions.cancel_day(by=place.chief, day=day, reason="大雪停课")
    assert (standing(), taken(day)) == (set(), 0)
    with as_asker(place.father):
        assert home.asked_of(place.father, TODAY) == []
    with pytest.raises(ValidationError, match="面谈日已取消"):
        book(place.other, (_child(place.other), slots(day, place.t1)[1]))
    with as_asker(place.t1), pytest.raises(PermissionDenied):
        actions.cancel_day(by=place.t1, day=day, reason="不行")


def test_a_teacher_is_not_offered_twice_at_the_same_time(place):
    offered(place)
    with pytest.raises(ValidationError, match="已经安排了别的面谈"):
        offered(place, by=place.t1, desks=[Desk(place.t1.staff_id, (place.one.code,))], until=time(14, 30))
    with as_system():
        assert TalkDay.objects.count() == 1


def test_the_database_itself_refuses_overlapping_times_of_one_teacher(place):
    day = offered(place)
    slot = slots(day, place.t1)[0]
    slot.pk, slot.starts_at = uuid7(), slot.starts_at + timedelta(minutes=3)
    with as_system(), pytest.raises(IntegrityError, match="talkslot_teacher_once"), transaction.atomic():
        slot.save(force_insert=True)


def test_what_cannot_be_offered_is_told_at_the_field(place):
    far = place.class_(place.school(place.township("岘塬镇"), "别校"))
    own = Desk(place.t1.staff_id, (place.one.code,))
    for changed, field in (
        ({"desks": []}, "staff"),
        ({"desks": [Desk(place.t1.staff_id, (far.code,))]}, "classes"),
        ({"desks": [Desk(uuid7(), (place.one.code,))]}, "staff"),
        ({"desks": [Desk(place.t1.staff_id, (place.one.code,), (place.small.pk,))]}, "students"),
        ({"closes_at": datetime(2026, 11, 29, tzinfo=CHINA)}, "closes"),
        ({"times": cut(date(2026, 11, 20), time(14), time(15), 10, 0)}, "day"),
        ({"by": place.t1, "desks": [own, Desk(place.t2.staff_id, (place.one.code,))]}, "staff"),
    ):
        with pytest.raises(ValidationError) as refused:
            offered(place, **changed)
        assert field in refused.value.error_dict, changed


def test_an_offer_sent_again_is_one_day(place):
    key = uuid7()
    assert offered(place, id=key).pk == offered(place, id=key).pk
    with as_system():
        assert (TalkDay.objects.count(), TalkSlot.objects.count()) == (1, 12)


def test_a_block_frees_the_time_at_once(place):
    day = offered(place)
    first = slots(day, place.t1)[0]
    book(place.father, (place.big, first))
    with as_asker(place.chief):
        tie = Guardianship.objects.get(guardian_id=place.father.wards[0].guardian_id, student=place.big)
        guarding.block(by=place.chief, guardianship=tie, reason="家庭暴力", document="保护令 1 号")
    with as_asker(place.father):
        assert not Booking.objects.exists()
        with pytest.raises(PermissionDenied):
            actions.cancel_booking(by=place.father, booking=Booking(student_id=place.big.pk))
    with as_asker(place.t1):
        (desk,) = queries.desk_lists(place.t1, day)
        assert desk.booked == 0
    with as_asker(place.other):
        (offer,) = queries.offers(place.other, day)
        assert offer.free[0].pk == first.pk
    book(place.other, (_child(place.other), first))
    assert standing() == {("何二", "14:00")}
    with as_system():
        assert set(Booking.objects.values_list("ended", flat=True)) == {"no_right", ""}


def test_a_child_that_left_the_school_leaves_its_talks(place):
    day = offered(place)
    book(place.father, (place.big, slots(day, place.t1)[0]), (place.small, slots(day, place.t2)[1]))
    with as_system():
        place.big.enrolments.update(left_on=TODAY)
        assert actions.release(student=place.small.pk) == 0
        assert actions.release() == 1
    assert (standing(), taken(day)) == ({("马妹", "14:10")}, 1)


def test_a_guardian_writes_no_booking_of_another_child_even_past_the_actions(place):
    day = offered(place)
    first = slots(day, place.t1)[0]
    row = {
        "slot_id": first.pk, "desk_id": first.desk_id, "org": place.one.code, "name": "x", "who": "x",
        "starts_at": first.starts_at, "ends_at": first.ends_at, "booked_at": CLOSES, "by_account": 1,
    }  # fmt: skip
    guardian = place.other.wards[0].guardian_id
    with as_asker(place.other), pytest.raises(DatabaseError), transaction.atomic():
        Booking.objects.create(student_id=place.big.pk, guardian_id=guardian, **row)


def test_the_home_page_asks_for_a_time_and_then_tells_it(place):
    day = offered(place)
    with as_asker(place.father):
        assert [(task.title, task.line) for task in home.asked_of(place.father, TODAY)] == [
            ("期中面谈 11月28日", "李老师 · 请选时间"),
            ("期中面谈 11月28日", "王老师 · 请选时间"),
        ]
    book(place.father, (place.big, slots(day, place.t1)[0]))
    with as_asker(place.father):
        assert [task.student_id for task in home.asked_of(place.father, TODAY)] == [place.small.pk]
        assert [line.text for line in home.told_to(place.father, TODAY)] == ["11月28日 14:00 和李老师面谈"]
