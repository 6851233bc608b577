"""The loader writes all or nothing, twice the same, and nobody else writes."""

from dataclasses import astuple
from datetime import date

import pytest
from django.db import ProgrammingError, connections, transaction

from support.county import CODE
from tongyu.plan import compiler, loader, queries, reader
from tongyu.plan.models import Clause, Interpretation, Obligation, Parameter, Plan

ROWS = 1 + 21 + 95 + 108 + 97
MODELS = [Plan, Clause, Obligation, Parameter, Interpretation]
both = pytest.mark.django_db(databases=["default", "owner"])


def counts(alias: str = "owner") -> list[int]:
    return [model.objects.using(alias).count() for model in MODELS]


@both
def test_the_same_edition_again_changes_nothing(loaded):
    before = list(Obligation.objects.using("owner").values_list("pk", "key"))
    assert astuple(loader.load()) == ("yongjing-2024-5", 0, 0, ROWS, 0, 0, 0)
    assert counts() == [1, 21, 95, 108, 97]
    assert list(Obligation.objects.using("owner").values_list("pk", "key")) == before


@both
def test_a_changed_title_changes_one_row_and_keeps_its_id(loaded, folder):
    path = folder / "obligations" / "3-6.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("title: 班主任家访", "title: 班主任入户家访"),
        encoding="utf-8",
    )
    pk = Obligation.objects.using("owner").get(key="home-visit").pk
    assert astuple(loader.load(folder)) == ("yongjing-2024-5", 0, 1, ROWS - 1, 0, 0, 0)
    assert Obligation.objects.using("owner").get(pk=pk).title == "班主任入户家访"


@both
def test_an_interpretation_that_is_given_up_is_removed_and_a_later_one_kept_beside(loaded, folder):
    path = folder / "interpretations.yaml"
    text = path.read_text(encoding="utf-8")
    first = text.index("  - obligation: guidance\n    kind: ambiguous_quantity")
    entry = text[first : text.index("  - ", first + 4)]
    later = entry.replace("from: 2024-01-30", "from: 2026-09-01").replace("“以上”包括本数", "至少2次")
    path.write_text(text + later, encoding="utf-8")
    try:
        assert astuple(loader.load(folder)) == ("yongjing-2024-5", 1, 0, ROWS, 0, 0, 0)
        plan = Plan.objects.using("owner").get()
        read = {day: queries.interpretations(plan, CODE, date(2026, *day)) for day in ((8, 31), (9, 1))}
        assert [len(rows) for rows in read.values()] == [97, 97]
        words = [
            next(row.reading[:4] for row in rows if row.kind == "ambiguous_quantity")
            for rows in read.values()
        ]
        assert words == ["“以上”", "至少2次"]
    finally:
        assert astuple(loader.load()) == ("yongjing-2024-5", 0, 0, ROWS, 1, 0, 0)


@both
def test_a_faulty_edition_stores_nothing(loaded, folder):
    path = folder / "obligations" / "3-6.yaml"
    text = path.read_text(encoding="utf-8").replace("title: 班主任家访", "title: 班主任入户家访")
    path.write_text(text.replace("pace: tail", "pace: quick", 1), encoding="utf-8")
    with pytest.raises(reader.PlanError) as error:
        loader.load(folder)
    assert [problem.key for problem in error.value.problems] == ["obligations[0].pace"]
    assert Obligation.objects.using("owner").get(key="home-visit").title == "班主任家访"


@both
def test_an_obligation_once_loaded_cannot_vanish(loaded, folder):
    (folder / "obligations" / "4-1.yaml").unlink()
    (folder / "cases" / "4-1.yaml").unlink()
    (folder / "interpretations.yaml").unlink()
    path = folder / "parameters.yaml"
    kept = path.read_text(encoding="utf-8").split("  - key: ")
    path.write_text(
        "  - key: ".join(one for one in kept if not one.startswith("leading-group")), encoding="utf-8"
    )
    with pytest.raises(reader.PlanError, match="责任事项“leading-group”已经载入过"):
        loader.load(folder)
    assert counts() == [1, 21, 95, 108, 97]


@both
@pytest.mark.parametrize("model", MODELS)
def test_the_application_may_read_but_not_write(loaded, model):
    assert model.objects.exists() is True
    table = model._meta.db_table
    for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id", f"TRUNCATE {table} CASCADE"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            connections["default"].cursor().execute(statement)
    row = model.objects.first()
    row.pk = None if model is not Plan else "another"
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
        row.save(force_insert=True)


@both
def test_rules_of_the_database_are_those_of_the_files(loaded, edition, django_assert_num_queries):
    day = date(2026, 11, 23)
    plan = queries.active(CODE, day)
    with django_assert_num_queries(2):
        stored = queries.rules(plan, CODE, day)
    from_files = {one.id: one for one in compiler.rules(edition, day)}
    assert len({one.pk for one in stored}) == 95
    for one in stored:
        ours = from_files[one.id]
        assert [getattr(one, name) for name in one.__slots__ if name != "pk"] == [
            getattr(ours, name) for name in ours.__slots__ if name != "pk"
        ]


@both
def test_no_plan_is_in_force_before_it_was_issued(loaded):
    assert queries.active(CODE, date(2024, 1, 29)) is None
    assert queries.active(CODE, date(2024, 1, 30)).number == "永政办发〔2024〕5号"
