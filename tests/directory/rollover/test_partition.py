"""Whatever schools say and files did: the five outcomes are a partition of all pupils, or it does not commit."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.county import as_system
from support.rollover import LAST_DAY, NEW_YEAR, begin
from tongyu.directory import codes
from tongyu.directory.models import Body, Enrolment, RollOver, RollOverLine, Student
from tongyu.directory.models.rollover import Outcome
from tongyu.directory.rollover.preview import make_preview
from tongyu.directory.rollover.sorting import moved_pupils, outcomes
from tongyu.directory.rollover.writing import whole_county

pytestmark = pytest.mark.django_db
LAST_GRADE = {"primary": 6, "nine_year": 9}
DAY = timedelta(days=1)

time = st.fixed_dictionaries(
    {
        "place": st.integers(0, 7),
        "entered": st.sampled_from(
            [date(2024, 9, 1), date(2027, 3, 1), LAST_DAY, NEW_YEAR, NEW_YEAR + 3 * DAY]
        ),
        "left": st.sampled_from([None, None, None, LAST_DAY, NEW_YEAR, NEW_YEAR + 2 * DAY]),
        "why": st.sampled_from(["转学", "离校", ""]),
    }
)
said = st.one_of(
    st.none(), st.tuples(st.sampled_from(["retained", "left", "transferred"]), st.integers(0, 7))
)
county_of_pupils = st.lists(st.tuples(st.lists(time, min_size=1, max_size=3), said), max_size=12)


class Undo(Exception):
    """Takes an example's pupils away."""


@pytest.fixture
def places(county, school, nine_year):
    """Classes of every fate: they move up, graduate, are closed already, or are of the new year."""
    made = [county.class_(school, year, 1) for year in (2021, 2022, 2024, 2025)]
    made += [county.class_(nine_year, year, 1) for year in (2018, 2019)]
    made.append(county.class_(school, 2023, 1, closed_on=date(2027, 3, 1)))
    made.append(county.class_(school, 2027, 1, opened_on=NEW_YEAR))
    return made


def by_hand(times, place_of, line):
    """The outcome of one pupil by the words of the brief, or None; not enrolled on the last day: no pupil at all."""
    then = [
        one for one in times if one.entered_on <= LAST_DAY and (one.left_on is None or one.left_on > LAST_DAY)
    ]
    if not then:
        return "nobody"
    last = max(then, key=lambda one: (one.entered_on, one.id))
    later = sorted(
        (one for one in times if one.entered_on > LAST_DAY), key=lambda one: (one.entered_on, one.id)
    )
    body = place_of[last.org]
    school = Body.objects.get(code=codes.containing(last.org, "school"))
    ends = body.entry_year + LAST_GRADE[school.school_kind] <= 2027
    there = body.entry_year < 2027 and (body.closed_on is None or body.closed_on > LAST_DAY)
    if later and later[0].org // 10**5 != last.org // 10**5:
        return "transferred"
    if later and later[0].org // 100 == last.org // 100 + 1:
        return "retained"
    if not there:
        return None
    if not later and last.left_on is not None:
        return "transferred" if last.leave_reason.startswith("转") else "graduated" if ends else "left"
    if not later and line and line.org == school.code:
        if line.outcome != "retained":
            return line.outcome
        target = place_of.get(line.target)
        stands = target is not None and (target.closed_on is None or target.closed_on > NEW_YEAR)
        still = stands and not target.entry_year + LAST_GRADE[school.school_kind] <= 2027
        if still and line.target // 100 == last.org // 100 + 1:
            return "retained"
    return "graduated" if ends else "promoted"


def enrol(pupils, places, row):
    for number, (times, line) in enumerate(pupils):
        child = Student.objects.create(
            org=places[times[0]["place"]].code, name="-", student_number="-",
            student_number_index=bytes([1, number]),
        )  # fmt: skip
        open_ = False
        for one in times:
            left = one["left"]
            if left is not None and left < one["entered"] or (left is None and open_):
                left = one["entered"] + DAY
            open_ |= left is None
            Enrolment.objects.create(
                student=child, org=places[one["place"]].code, entered_on=one["entered"], left_on=left,
                leave_reason=one["why"] if left else "",
            )  # fmt: skip
        if line:
            outcome, place = line
            RollOverLine.objects.create(
                roll_over=row, org=codes.containing(child.org, "school"), student=child, outcome=outcome, reason="-",
                target=places[place].code if outcome == "retained" else None,
                to_school="某校" if outcome == "transferred" else "", entered_at="2027-08-01T00:00:00Z",
            )  # fmt: skip


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(pupils=county_of_pupils)
def test_the_outcomes_are_a_partition_of_all_enrolled_pupils(places, office, pupils):
    row = begin(office)
    place_of = {body.code: body for body in places}
    try:
        with as_system(), transaction.atomic():
            enrol(pupils, places, row)
            found = make_preview(row, *whole_county(row))
            sorted_ = outcomes(row, found.shape, *whole_county(row))
            lines = {line.student_id: line for line in RollOverLine.objects.all()}
            expected = {
                child.pk: by_hand(list(child.enrolments.all()), place_of, lines.get(child.pk))
                for child in Student.objects.prefetch_related("enrolments")
            }
            enrolled = {key: outcome for key, outcome in expected.items() if outcome != "nobody"}
            assert len(sorted_) == len({key for key, _outcome in sorted_}), "nobody is sorted twice"
            assert dict(sorted_) == enrolled
            assert found.sums.enrolled == len(enrolled)
            assert {key: n for key, n in found.sums.total.items() if n} == {
                one: list(enrolled.values()).count(one) for one in Outcome.values if one in enrolled.values()
            }
            assert found.sums.complete == (None not in enrolled.values())
            if not found.sums.complete:
                assert found.blocks
            moved = moved_pupils(row, found.shape, *whole_county(row))
            assert len({one.student for one in moved}) == len(moved)
            assert all(one.outcome != "promoted" and one.outcome == enrolled[one.student] for one in moved)
            raise Undo
    except Undo:
        pass


def test_the_check_can_fail(county, school, office, monkeypatch):
    """The control: a pupil whom the sorting forgets is noticed, and nothing commits."""
    from tongyu.directory.rollover import sorting

    county.pupil(county.class_(school, 2023, 1), entered_on=date(2024, 9, 1))
    row = begin(office)
    monkeypatch.setattr(
        sorting, "COUNTS", sorting.COUNTS.replace("FROM sorted GROUP", "FROM sorted WHERE false GROUP")
    )
    with as_system():
        found = make_preview(RollOver.objects.get(pk=row.pk), *whole_county(row))
    assert not found.sums.complete
    assert [one.text[:4] for one in found.blocks] == ["有学生没"]
