"""What the nation asks of a number: no plan, no county and no school may ask less. By made-up editions."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from plan.test_numbers import VALUES
from support.county import CODE, as_system
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.plan import loader, numbers, queries, reader, wording
from tongyu.plan.models import LocalNumber, Plan
from tongyu.plan.strictness import MINIMUM, WINDOW, is_as_strict, tightens

both = pytest.mark.django_db(databases=["default", "owner"])
DAY = date(2026, 11, 23)
VISITS = "words: 班主任每学年对每名学生至少开展1次家访}"
QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
LEI_FENG = 'value: "03-01..03-31"'


def with_floor(folder, value, after=VISITS):
    """The edition with a floor of a paper that is made up."""
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    assert text.count(after) == 1
    floor = f"\n    nation: {{value: {value}, paper: 示例部〔2026〕1号, clause: 第三条}}"
    path.write_text(text.replace(after, after + floor), encoding="utf-8")
    return text[: text.index(after)].count("\n") + 2


def said(folder):
    return [str(problem) for problem in reader.read(folder).problems]


def the_plan():
    """What was just loaded stands in the owner's transaction."""
    return Plan.objects.using("owner").get()


@pytest.fixture
def floored(loaded, folder):
    """The edition in the database with the nation asking for one visit; as it was afterwards."""
    with_floor(folder, 1)
    loader.load(folder)
    yield folder
    loader.load()


def test_a_plan_that_asks_as_much_as_the_nation_is_sound(folder):
    with_floor(folder, 1)
    with_floor(folder, '"02-20..04-10"', LEI_FENG)
    assert said(folder) == []


@pytest.mark.parametrize(("value", "after"), [(2, VISITS), ('"03-05..03-31"', LEI_FENG)])
def test_a_plan_that_is_looser_than_the_nation_is_refused_at_its_line(folder, value, after):
    line = with_floor(folder, value, after)
    (problem,) = said(folder)
    assert problem.startswith(f"parameters.yaml:{line}: parameters[")
    assert problem.endswith("].nation.value: 方案的数比国家规定的松，只能从严")


@pytest.mark.parametrize(("value", "after"), [('"一次"', VISITS), (3, LEI_FENG), ('"三月"', LEI_FENG)])
def test_a_floor_that_cannot_be_compared_is_refused(folder, value, after):
    with_floor(folder, value, after)
    assert "写法相同" in "".join(said(folder))


def test_unknown_and_missing_keys_of_the_floor_are_told(folder):
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace(VISITS, f"{VISITS}\n    nation: {{value: 1, colour: red}}"), encoding="utf-8"
    )
    told = "".join(said(folder))
    assert "nation.paper: 缺少这个键" in told
    assert "nation.colour: 不认识的键" in told


@both
def test_a_countys_number_is_not_looser_than_the_nation(floored):
    known = numbers.definition(the_plan(), "home-visit.minimum", DAY, using="owner")
    numbers.check(known, 2)
    with pytest.raises(ValidationError, match="国家规定1（示例部〔2026〕1号第三条），不能比它松。方案定为1"):
        numbers.check(known, 0)


@both
def test_where_the_plan_says_nothing_the_nations_number_still_binds_the_county(loaded, folder):
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    first = text.index("  - key: open-days.window")
    entry = text[first : text.index("  - key:", first + 4)]
    floor = "    nation: {value: 20, paper: 示例部〔2026〕1号, clause: 第三条}\n"
    path.write_text(text.replace(entry, entry + floor), encoding="utf-8")
    try:
        loader.load(folder)
        known = numbers.definition(the_plan(), "open-days.window", DAY, using="owner")
        numbers.check(known, 18)
        with pytest.raises(ValidationError, match="不能比它松"):
            numbers.check(known, 21)
    finally:
        loader.load()


@both
def test_the_level_of_a_number_is_told(floored):
    row = queries.parameters(the_plan(), CODE, DAY)["home-visit.minimum"]
    assert (wording.level(row), wording.nation(row)) == ("国家", "国家规定1：示例部〔2026〕1号第三条")


@both
def test_a_floor_above_a_countys_standing_number_is_not_loaded(loaded, folder):
    key = "enrolled-days.month"
    path = folder / "parameters.yaml"
    text = path.read_text(encoding="utf-8")
    first = text.index(f"  - key: {key}")
    entry = text[first : text.index("  - key:", first + 4)]
    floor = "    nation: {value: 15, paper: 示例部〔2026〕1号, clause: 第三条}\n"
    path.write_text(text.replace(entry, entry + floor), encoding="utf-8")
    with as_system():
        row = LocalNumber(
            org=CODE, hi=codes.upper(CODE, BodyKind.COUNTY), plan=queries.active(CODE, DAY), key=key, value=20,
            valid_from=date(2026, 9, 1), paper="永协办〔2026〕3号", paper_date=date(2026, 8, 20), reason="-",
            by_account=1,
        )  # fmt: skip
        row.save(using="owner", force_insert=True)
    with pytest.raises(reader.PlanError, match="自2026-09-01起定的 20 比国家规定的松，请先终止"):
        loader.load(folder)


@QUICK
@given(
    st.sampled_from([role for role in VALUES if role != WINDOW]).flatmap(
        lambda role: st.tuples(st.just(role), VALUES[role], VALUES[role])
    )
)
def test_what_tightens_asks_more_and_never_less(case):
    role, own, standing = case
    if tightens(role, own, standing):
        assert is_as_strict(role, own, standing)
        assert own != standing
        assert not (role == MINIMUM and standing == 0)
        assert not tightens(role, standing, own)


@QUICK
@given(VALUES[WINDOW], VALUES[WINDOW])
def test_a_window_is_never_a_schools(own, standing):
    assert not tightens(WINDOW, own, standing)
