"""`tongyu plan check` and `tongyu plan show`."""

import json
import subprocess
import sys

import pytest
from django.core.checks import Error

from tongyu.cli.plan import main
from tongyu.plan import checks, commands, reader


def test_check_of_the_shipped_edition_succeeds(capsys):
    assert commands.check([]) == 0
    assert capsys.readouterr().out == (
        "方案通过检查：21 条、95 项责任、289 个算例\n原文疑点：97 处已有解释，0 处待解释\n"
    )


def test_check_warns_of_open_doubts_and_fails_with_strict(folder, capsys):
    path = folder / "interpretations.yaml"
    text = path.read_text(encoding="utf-8")
    first = text.index("  - obligation: guidance\n    kind: ambiguous_quantity")
    path.write_text(text[:first] + text[text.index("  - ", first + 4) :], encoding="utf-8")
    said = "obligations[4].words: “至少组织2次以上”没有说清多少才够（ambiguous_quantity：“至少组织2次以上”）"
    assert commands.check([str(folder)]) == 0
    shown = capsys.readouterr()
    assert shown.err == f"obligations/3-6.yaml:89: {said}\n"
    assert shown.out.endswith("原文疑点：96 处已有解释，1 处待解释\n")
    assert commands.check([str(folder), "--strict"]) == 1
    shown = capsys.readouterr()
    assert [shown.out, shown.err.splitlines()[1:]] == ["", ["共 1 处疑点没有解释"]]


def test_strict_check_of_the_shipped_edition_succeeds():
    assert main(["check", "--strict"]) == 0


def test_check_of_a_spoilt_edition_fails_and_says_where(folder, capsys):
    path = folder / "obligations" / "4-1.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("unit: county", "unit: moon"), encoding="utf-8")
    assert commands.check([str(folder)]) == 1
    assert "obligations/4-1.yaml:12: obligations[0].unit: 不认识的对象“moon”" in capsys.readouterr().err


def test_show_json_is_an_object_of_clauses_and_obligations(capsys):
    assert commands.show(["--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == ["plan", "clauses", "obligations", "parameters", "interpretations"]
    assert shown["plan"]["number"] == "永政办发〔2024〕5号"
    assert [len(shown["clauses"]), len(shown["obligations"]), len(shown["parameters"])] == [21, 95, 108]
    assert len(shown["interpretations"]) == 97
    assert next(one for one in shown["interpretations"] if one["kind"] == "ambiguous_quantity") == {
        "obligation": "guidance",
        "kind": "ambiguous_quantity",
        "words": "至少组织2次以上",
        "reading": "“以上”包括本数：做满2次即为完成，多做的照常登记。",
        "source": {"kind": "office", "note": "起始解释，待办公室确定"},
        "from": "2024-01-30",
    }
    visit = next(one for one in shown["obligations"] if one["id"] == "home-visit")
    assert [visit["clause"], visit["words"]] == ["三(六)", "班主任每学年对每名学生至少开展1次家访"]
    assert visit["counts"] == [{"kind": "home_visit", "where": {"category": ["class_teacher"]}}]


def test_show_of_a_folder_that_is_not_there_fails(tmp_path, capsys):
    assert commands.show([str(tmp_path / "none"), "--json"]) == 1
    assert capsys.readouterr().out == ""


def test_check_needs_no_settings_and_no_database(folder):
    code = f"import sys; from tongyu.plan import commands; sys.exit(commands.check([{str(folder)!r}]))"
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": "src"}, capture_output=True, check=False
    )
    assert [run.returncode, run.stderr] == [0, b""]


def test_system_check_accepts_a_registered_kind_and_refuses_an_unknown(monkeypatch, folder):
    path = folder / "obligations" / "4-1.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace(
            "{kind: leading_group}", "{kind: round_table, where: {size: [big]}}"
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(reader, "EDITIONS", folder.parent)
    monkeypatch.setattr(checks, "_sources", [])
    (error,) = checks.shipped_editions_are_valid()
    assert isinstance(error, Error)
    assert "obligations[0].counts[0].kind: 不认识的记录种类“round_table”" in error.msg
    checks.kinds_from(lambda: {"round_table": frozenset()})
    (error,) = checks.shipped_editions_are_valid()
    assert "round_table 没有字段“size”" in error.msg
    checks.kinds_from(lambda: {"round_table": frozenset(["size"])})
    assert checks.shipped_editions_are_valid() == []


def test_web_workers_load_neither_pydantic_nor_yaml_for_the_plan():
    code = (
        "import sys; from django.conf import settings; settings.configure();"
        "from tongyu.plan import rules, checks, vocabulary, compiler, wording;"
        "sys.exit(sorted({'pydantic', 'yaml'} & set(sys.modules)) != [])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": "src"}, capture_output=True, check=False
    )
    assert [run.returncode, run.stderr] == [0, b""]


@pytest.mark.parametrize("command", ["check", "show"])
def test_commands_take_the_folder_wherever_it_stands(command, folder, capsys):
    assert getattr(commands, command)(["--json", str(folder)]) == 0
    assert capsys.readouterr().out != ""
