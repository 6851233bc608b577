"""The chain of closings: whoever alters, drops or slips in something, even as the database's owner, is found out."""

import json
import shutil
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from duties.test_closing import AFTER_YEAR, T1, YEAR, close, rechecked, restate, rule_of, visit, visits
from support.county import County, as_system
from tongyu.core import seals
from tongyu.core.commands import verify_seals
from tongyu.duties import commands, update
from tongyu.duties.closing.models import ClosedDuty, Closing, Difference
from tongyu.plan import loader
from tongyu.plan.models import Obligation
from tongyu.plan.reader import DEFAULT_EDITION, PlanError


@pytest.fixture
def closed(committed, plan, settings):
    """A county with a closed first term, a closed year and a restatement; the office and the closings."""
    county = County()
    with as_system():
        county._school_year(2027)
    class_ = county.class_(county.school(county.township()))
    teacher, office = county.teacher(class_), county.office_staff()
    pupils = [county.pupil(class_) for _ in range(3)]
    visit(teacher, pupils[0])
    settings.TONGYU_TODAY = AFTER_YEAR
    with as_system("engine"):
        update.recompute_all(AFTER_YEAR, county.code)
    seals.seal_waiting()
    made = [close(office, T1), close(office, YEAR)]
    visit(teacher, pupils[1])
    made.append(restate(office, YEAR))
    seals.seal_waiting()
    return county, office, made, (teacher, pupils[2])


def owner(sql, *values):
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.lo', '0', false), set_config('app.hi', '9000000000000000000', false)"
        )
        cursor.execute("SELECT set_config('app.actor', 'superuser', false)")
        cursor.execute("ALTER TABLE duties_closing DISABLE TRIGGER USER")
        cursor.execute(sql, values)
        assert cursor.rowcount > 0
        cursor.execute("ALTER TABLE duties_closing ENABLE TRIGGER USER")


def verified(capsys):
    code = commands.verify_closings([])
    return code, capsys.readouterr().out


def test_an_honest_chain_is_sound_and_every_tampering_is_found(closed, capsys):
    _county, _office, (_term, year, _restated), _late = closed
    assert verified(capsys)[0] == 0
    assert verify_seals([]) == 0
    capsys.readouterr()
    visited = rule_of("home-visit").pk
    duty = ClosedDuty.objects.get(closing=year, obligation_id=visited).pk
    tamperings = [
        (
            "UPDATE duties_closedstanding SET state = 'met' WHERE duty_id = %s AND state = 'missing'",
            "UPDATE duties_closedstanding SET state = 'missing' WHERE duty_id = %s AND met_on IS NULL",
            [duty],
            "冻结的履责项被改动、删除或增加过",
        ),
        (
            "UPDATE duties_closedduty SET rule = jsonb_set(rule, '{compiled,title}', '\"别的\"') WHERE id = %s",
            "UPDATE duties_closedduty SET rule = jsonb_set(rule, '{compiled,title}', to_jsonb((SELECT o.title FROM"
            " plan_obligation o WHERE o.id = obligation_id))) WHERE id = %s",
            [duty],
            "规则或依据被改动过",
        ),
        (
            "UPDATE duties_closing SET by_name = '别人' WHERE id = %s",
            f"UPDATE duties_closing SET by_name = '{year.by_name}' WHERE id = %s",
            [year.pk],
            "凭证被改动过",
        ),
        (
            "UPDATE duties_tally SET met = met + 1 WHERE obligation_id = %s AND period_key = '2026'",
            "UPDATE duties_tally SET met = met - 1 WHERE obligation_id = %s AND period_key = '2026'",
            [visited],
            "看板上的数字却与冻结的不同",
        ),
    ]
    for act, undo, values, told in tamperings:
        owner(act, *values)
        code, out = verified(capsys)
        assert (code, told in out) == (1, True), out
        owner(undo, *values)
        assert verified(capsys)[0] == 0, undo


def test_a_dropped_closing_is_found_in_the_middle_and_at_the_end(closed, capsys):
    _county, _office, (term, _year, restated), _late = closed
    for gone, told in ((restated, "审计里记着一次结账"), (term, "之前缺 1 次结账")):
        owner(
            "DELETE FROM duties_closedstanding WHERE duty_id IN"
            " (SELECT id FROM duties_closedduty WHERE closing_id = %s)",
            gone.pk,
        )
        owner("DELETE FROM duties_closedduty WHERE closing_id = %s", gone.pk)
        owner("DELETE FROM duties_closing WHERE id = %s", gone.pk)
        code, out = verified(capsys)
        assert (code, told in out) == (1, True), out


def test_a_changed_plan_does_not_change_last_year(closed, capsys):
    """An edition loaded later leaves out primary schools; the closed year is judged by the rule it was closed under."""
    county, _office, (_term, year, _restated), _late = closed
    before, row = visits(), Obligation.objects.get(key="home-visit")
    asked = {**row.rule, "exclusions": {"stage": ["primary"]}}
    try:
        owner("UPDATE plan_obligation SET rule = %s WHERE id = %s", json.dumps(asked), row.pk)
        assert rule_of("home-visit", AFTER_YEAR).exclusions
        with as_system("engine"):
            update.recompute_all(AFTER_YEAR, county.code)
        assert set(rechecked(year).values()) == {0}
        with as_system():
            assert (visits(), Difference.objects.count()) == (before, 0)
        assert commands.recheck(["2026"]) == 0
    finally:
        owner("UPDATE plan_obligation SET rule = %s WHERE id = %s", json.dumps(row.rule), row.pk)


def test_recheck_tells_of_a_record_that_came_later(closed, capsys):
    _county, office, _made, (teacher, unvisited) = closed
    visit(teacher, unvisited)
    assert commands.recheck(["2026"]) == 1
    assert "有 1 项与冻结的不同" in capsys.readouterr().out
    restate(office, YEAR, reason="补录")
    assert commands.recheck(["2026"]) == 0
    with as_system():
        assert Closing.objects.count() == 4


def test_an_edition_with_a_number_dated_into_a_closed_period_is_refused(closed, tmp_path):
    folder = tmp_path / "edition"
    shutil.copytree(DEFAULT_EDITION, folder)
    file = folder / "parameters.yaml"
    number = (
        "  - {{key: pace.tail_share, title: 学期过去多少, value: 0.5, unit: 比例, valid_from: {day},"
        " source: {{kind: office, note: 起始值}}}}\n"
    )
    text = file.read_text()
    file.write_text(text + number.format(day="2026-10-01"))
    with pytest.raises(PlanError, match="2026—2027学年已于2027-09-01结账，其中的日子不能再改"):
        loader.load(folder)
    try:
        file.write_text(text + number.format(day="2027-09-01"))
        assert loader.load(folder).created == 1
    finally:
        assert loader.load().removed == 1


def test_two_who_close_at_once_close_once(committed, plan, settings):
    county = County()
    offices = [county.office_staff(), county.office_staff()]
    settings.TONGYU_TODAY = AFTER_YEAR
    answers = []

    def attempt(office):
        try:
            answers.append(close(office, T1).number)
        except ValidationError as refused:
            answers.append(refused.messages)
        finally:
            connections["default"].close()

    threads = [threading.Thread(target=attempt, args=(office,)) for office in offices]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [1, ["这一时段已于2027-09-01结账。"]]
