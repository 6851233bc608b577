"""One sampled day: what is stored equals what would be computed, and that equals the slow reference."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from duties import reference
from history.county import Difference, Living
from history.judging import Judge, read_books
from support.county import as_asker, as_system
from tongyu.core.context import Scope, acting
from tongyu.directory import codes
from tongyu.directory.hats import hats_of
from tongyu.directory.kinds import BodyKind
from tongyu.directory.models import Account, Appointment, Body, Enrolment, Student
from tongyu.directory.roles import OfficeStaff
from tongyu.duties import queries as boards
from tongyu.duties import states, update
from tongyu.duties.models import Standing, Tally
from tongyu.plan.models import Obligation

TOLD = (
    "state",
    "count",
    "needed",
    "met_on",
    "org",
    "bearer_org",
    "why",
    "due_on",
    "start_on",
    "end_on",
    "detail",
)


def a_day(county: Living, judge: Judge, *, everything: bool, boards: int) -> int:
    """All checks of one day; returns how many standings were compared. Raises Difference at the first that fails."""
    as_recomputed(county)
    compared = as_reference(county, judge, everything=everything)
    parents_are_sums(county)
    boards_add_up(county, boards)
    one_class_each(county)
    ended_posts_see_nothing(county)
    return compared


def as_recomputed(county: Living) -> None:
    """What was kept record by record is what a full recomputation says, standings and counts alike."""
    before = stored()
    update.recompute_all(county.day, county.code)
    differ(county, "kept record by record", expected=stored(), found=before)


def stored() -> dict[Any, Any]:
    """Every standing and every count."""
    with as_system():
        rows = Standing.objects.order_by().values_list(
            "obligation_id", "period_key", "subject", "unit_org", *TOLD
        )
        found: dict[Any, Any] = {(one[0], one[1], one[2] or one[3]): one[4:] for one in rows}
        found |= {(*key, "count"): numbers for key, numbers in tally_rows(Tally.objects.all())}
    return found


def as_reference(county: Living, judge: Judge, *, everything: bool) -> int:
    """What is stored is what the slow reference says of the windows that must be right today."""
    with as_system():
        wanted = judge.expected(county.day, everything=everything)
        expected, windows, judged = wanted.standings, wanted.windows, judge.duties()
        found = {
            key: told
            for key, told in standing_rows()
            if key[0] in judged and (everything or key[:2] in windows)
        }
        if everything:
            expected |= left_standing(judge, county.day, found)
        counted = {
            key: +Counter(dict(zip(states.STATES, numbers, strict=True)))
            for key, numbers in tally_rows(Tally.objects.filter(unknown=0))
            if key[:2] in windows
        }
    differ(county, "reference", expected, found)
    differ(county, "counts as the reference", wanted.counts, counted)
    return len(expected)


def standing_rows() -> Iterator[tuple[Any, Any]]:
    """The key of each standing, and what it says in the reference's words.

    Who owes nothing and has done nothing need not stand there.
    """
    rows = Standing.objects.exclude(state=states.UNKNOWN)
    rows = rows.exclude(subject__isnull=False, count=0, why="nothing_due").order_by()
    for duty, key, subject, place, *told in rows.values_list(
        "obligation_id", "period_key", "subject", "unit_org", "state", "count", "met_on", "org", "bearer_org"
    ):
        yield (duty, key, subject or place), tuple(told)


def tally_rows(tallies: QuerySet[Tally]) -> Iterator[tuple[Any, Any]]:
    """The key of each count of a place, and its numbers."""
    for duty, key, place, *numbers in tallies.order_by().values_list(
        "obligation_id", "period_key", "place", *states.STATES
    ):
        yield (duty, key, place), numbers


def differ(county: Living, check: str, expected: dict[Any, Any], found: dict[Any, Any]) -> None:
    """Raise Difference at the first key of which they do not say the same."""
    if expected == found:
        return
    for key in sorted(expected.keys() | found.keys(), key=str):
        if expected.get(key) != found.get(key):
            raise Difference(
                county.day, check, **named(key), expected=expected.get(key), found=found.get(key)
            )


def left_standing(judge: Judge, day: date, found: dict[Any, Any]) -> dict[Any, Any]:
    """What the edition before had asked of running windows is asked no more, and stands as it was left."""
    books = read_books()
    rows = Standing.objects.order_by().values_list("obligation_id", "period_key", "end_on").distinct()
    ends = {(duty, key): end for duty, key, end in rows}
    left = {key: told for key, told in found.items() if judge.is_left(books, key, ends[key[:2]], day)}
    judge.left = judge.left or left
    return judge.left


def named(key: Any) -> dict[str, Any]:
    """An obligation, a window and a unit in words."""
    with as_system():
        duty = Obligation.objects.get(pk=key[0])
    return {"duty": f"{duty.plan_id} {duty.key}", "window": key[1], "place": key[2]}


def parents_are_sums(county: Living) -> None:
    """Counts of places are those of their standings.

    People who owe nothing and have done nothing are counted without standing there; how many, the reference says.
    """
    counted: Counter[Any] = Counter()
    told: Counter[Any] = Counter()
    with as_system():
        for row in Standing.objects.order_by().values_list("obligation_id", "period_key", "org", "state"):
            counted[row] += 1
        for key, numbers in tally_rows(Tally.objects.all()):
            told.update({(*key, state): one for state, one in zip(states.STATES, numbers, strict=True)})
        of_people = set(
            Obligation.objects.filter(rule__unit__in=reference.PEOPLE).values_list("pk", flat=True)
        )
    for key in counted.keys() | (+told).keys():
        unlisted = key[3] == states.NOT_DUE and key[0] in of_people and told[key] > counted[key]
        if counted[key] != told[key] and not unlisted:
            raise Difference(
                county.day, "counts of places", **named(key), expected=counted[key], found=told[key]
            )


def boards_add_up(county: Living, many: int) -> None:
    """The figures of so many obligations on the office's board are the sums over the places right below the county."""
    office = county.who(OfficeStaff, codes.county_body_code(county.code, codes.OFFICE_NUMBER))
    assert office is not None
    width = codes.WIDTH[BodyKind.TOWNSHIP]
    with as_asker(office):
        period = boards.period_on(office, county.day)
        sums: dict[int, Counter[str]] = defaultdict(Counter)
        by_place: dict[tuple[int, int], Counter[str]] = defaultdict(Counter)
        for (duty, _key, place), numbers in tally_rows(Tally.objects.filter(period_key__in=period.keys)):
            counts = dict(zip(states.STATES, numbers, strict=True))
            sums[duty].update(counts)
            by_place[duty, place - place % width].update(counts)
        rates = list(boards.obligation_rates(office, period))
        for rate in county.dice("boards").sample(rates, min(many, len(rates))):
            if rate.measurable and +Counter(rate.counts) != +sums[rate.obligation.pk]:
                raise Difference(
                    county.day, "the county's board", duty=rate.obligation.key,
                    expected=dict(sums[rate.obligation.pk]), found=rate.counts,
                )  # fmt: skip
            for place in boards.place_rates(office, period, BodyKind.TOWNSHIP, obligation=rate.obligation.pk):
                if rate.measurable and +Counter(place.counts) != +by_place[rate.obligation.pk, place.code]:
                    raise Difference(
                        county.day, "a township's board", duty=rate.obligation.key, place=place.code,
                        expected=dict(by_place[rate.obligation.pk, place.code]), found=place.counts,
                    )  # fmt: skip


def one_class_each(county: Living) -> None:
    """Every pupil is in exactly one class that stands today, or has left."""
    with as_system():
        there: dict[Any, list[int]] = defaultdict(list)
        for row in Enrolment.objects.filter(entered_on__lte=county.day):
            if row.left_on is None or row.left_on > county.day:
                there[row.student_id].append(row.org)
        standing = set(
            Body.objects.standing_on(county.day)
            .filter(kind=BodyKind.SCHOOL_CLASS)
            .values_list("code", flat=True)
        )
        for pupil, org in Student.objects.values_list("pk", "org"):
            classes = there.get(pupil, [])
            if len(classes) > 1 or (classes and classes != [org]) or not set(classes) <= standing:
                raise Difference(
                    county.day, "one class each", place=org, pupil=pupil, expected="one class", found=classes
                )


def ended_posts_see_nothing(county: Living, many: int = 12) -> None:
    """Whoever does not hold a post any more sees no pupil of the place, unless by another post."""
    dice = county.dice("ended posts")
    with as_system():
        rows = Appointment.objects.filter(until_day__lte=county.day, withdrawn_at=None).exclude(
            account_id=None
        )
        ended = list(rows.order_by("until_day", "org", "role").values_list("account_id", "org"))
    for account_id, org in dice.sample(ended, min(many, len(ended))):
        with as_system():
            account = Account.objects.get(pk=account_id)
            body = Body.objects.get(code=org)
        for hat in hats_of(account, county.day):
            if hat.asker.reaches(org) or hat.asker.lo < body.hi and org < hat.asker.hi:
                continue
            with as_asker(hat.asker):
                seen = Student.objects.filter(org__gte=org, org__lt=body.hi).count()
            if seen:
                raise Difference(county.day, "rights after a post", place=org, expected=0, found=seen)
        if not hats_of(account, county.day):
            with acting(_nobody(account_id)), transaction.atomic():
                seen = Student.objects.filter(org__gte=org, org__lt=body.hi).count()
            if seen:
                raise Difference(county.day, "rights after a post", place=org, expected=0, found=seen)


def _nobody(account_id: int) -> Any:
    return Scope(person=str(account_id), actor=f"account:{account_id}")
