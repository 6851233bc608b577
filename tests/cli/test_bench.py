"""The bench: shape of its rows, arithmetic, and that it can touch nothing but its own databases."""

import io

import pytest

from tongyu.cli import bench
from tongyu.cli.bench import databases, load, measure, multiply, runner, wsgi
from tongyu.cli.main import UsageError

ISSUE = {
    "engine.full",
    "board.office",
    "board.freshness",
    "record.visit",
    "record.visit.scale",
    "class.open",
    "parent.home",
    "migrate.empty",
    "memory.two_workers",
    "roster.import",
    "year.recompute",
    "plan.dryrun",
    "rollover.county",
}


def test_every_figure_of_the_issue_is_measured():
    assert set(runner.FIGURES) == ISSUE


def test_row_has_the_five_fields_and_the_ratio_is_taken_before_rounding():
    found = measure.row("engine.full", 2.71828, "s", 0.12345)
    assert found.as_dict() == {
        "name": "engine.full",
        "value": 2.72,
        "unit": "s",
        "bound": 0.123,
        "ratio": 22.0,
    }


def test_row_without_a_bound_has_ratio_zero():
    assert measure.row("x", 5.0, "s", 0.0).ratio == 0.0


def test_percentile_is_the_nearest_rank():
    assert measure.percentile(list(range(1, 101)), 0.95) == 95
    assert measure.percentile([7.0], 0.95) == 7.0


def test_median_is_taken_after_the_warm_up():
    calls = []
    measure.median_seconds(lambda: calls.append(1), warm_up=2, times=3)
    assert len(calls) == 5


def test_unknown_figure_is_told():
    with pytest.raises(UsageError, match="no figure 'speed'"):
        bench.main(["speed"])


def test_only_bench_databases_may_be_dropped():
    with pytest.raises(databases.BenchError, match="tongyu is no bench database"):
        databases.drop("tongyu")


@pytest.mark.parametrize(
    ("column", "kind", "expected"),
    [
        ("org", "bigint", "+ k * 100000000000"),
        ("id", "uuid", "md5"),
        ("phone_index", "bytea", "sha256"),
        ("id", "bigint", "+ k * 1000000000"),
        ("username", "character varying", "|| '_' || k"),
    ],
)
def test_copies_of_a_county_move_by_column(column, kind, expected):
    assert expected in multiply._shifted(column, kind).as_string(None)


def test_names_and_plan_keys_do_not_move():
    for column, kind in (
        ("name", "text"),
        ("obligation_id", "smallint"),
        ("period_key", "character varying"),
    ):
        assert multiply._shifted(column, kind).as_string(None) == f't."{column}"'


def _call(application, path):
    held = []
    body = application({"PATH_INFO": path, "wsgi.input": io.BytesIO()}, lambda *answer: held.extend(answer))
    return held[0], dict(held[1]), b"".join(body)


def test_stopwatch_adds_the_time_and_leaves_the_answer_alone():
    def product(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/html")])
        return [b"hello"]

    status, headers, body = _call(wsgi.Timed(product), "/")
    assert (status, body) == ("200 OK", b"hello")
    assert float(headers[wsgi.HEADER]) >= 0


def test_bare_answer_has_the_asked_size():
    status, _, body = _call(wsgi.Timed(wsgi.bare), f"{wsgi.PATH}4321")
    assert (status, len(body)) == ("200 OK", 4321)


def test_a_wrong_answer_spoils_the_figure():
    with pytest.raises(RuntimeError, match="1 of 2 answers were not 200"):
        load.require([load.Answer(200, 1, 0.1, 0.1), load.Answer(500, 1, 0.1, 0.1)], 200)
    with pytest.raises(RuntimeError):
        load.require([], 200)


def test_clients_share_the_running_number():
    seen = []

    class Nobody:
        pass

    def work(_, number):
        seen.append(number)
        return load.Answer(200, 0, 0.0, 0.0)

    answers, spent = load.drive([Nobody(), Nobody()], work, 0.05)
    assert sorted(seen) == list(range(len(answers)))
    assert spent >= 0.05
