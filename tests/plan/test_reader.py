"""What is wrong with a plan is said with file, line and key, all of it at once."""

from pathlib import Path

import pytest

from tongyu.plan import reader

VISITS = "obligations/3-6.yaml"


def spoil(folder: Path, name: str, old: str, new: str) -> int:
    """Replace the first `old`; returns the line where it stood."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def said(folder: Path) -> list[str]:
    return [str(problem) for problem in reader.read(folder).problems]


def at(line: int, key: str, message: str, file: str = VISITS) -> str:
    return f"{file}:{line}: {key}: {message}"


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ('supervisor: "department:education"', "supervisor: mayor", "supervisor", "不认识的词“mayor”"),
        ("unit: school\n", "unit: galaxy\n", "unit", "不认识的对象“galaxy”"),
        ("period: term\n", "period: decade\n", "period", "不认识的词“decade”"),
        ("pace: tail", "pace: quick", "pace", "不认识的词“quick”"),
        ("modality: required", "modality: maybe", "modality", "不认识的词“maybe”"),
        ("pace: tail", "colour: red", "colour", "不认识的键"),
        (
            "title: 学校领导家访",
            "title: 学校领导每学期带头深入学生家庭开展家访活动",
            "title",
            "太长，最多 14 个字",
        ),
        (
            "words: 学校领导带头开展家访",
            "words: 学校领导带头开展夜访",
            "words",
            "条款 三(六) 的原文里没有这句话",
        ),
        (
            "minimum: leader-visit.minimum",
            "minimum: nowhere.minimum",
            "minimum",
            "参数表里没有“nowhere.minimum”",
        ),
        ("{kind: home_visit,", "{kind: moon_visit,", "counts[0].kind", "不认识的记录种类“moon_visit”"),
        ("{category: [leader]}", "{colour: [red]}", "counts[0].where.colour", "home_visit 没有字段“colour”"),
        ("period: term\n", "period: window\n", "period", "window 还要写 window"),
        ("period: term\n", "period: deadline\n", "period", "deadline 只用于 incident"),
        ("period: term\n", "period: standing\n", "pace", "常设事项没有进度"),
    ],
)
def test_a_spoilt_obligation_names_its_file_line_and_key(folder, old, new, key, message):
    line = spoil(folder, VISITS, old, new)
    found = [text for text in said(folder) if f"obligations[0].{key}: {message}" in text]
    assert len(found) == 1
    if key != "pace" or "standing" not in new:
        assert found[0].startswith(f"{VISITS}:{line}: ")


def test_a_missing_key_names_the_obligation_it_is_missing_from(folder):
    spoil(folder, VISITS, "    says: 每所学校的领导每学期至少带头家访1次。\n", "")
    assert said(folder)[0] == at(3, "obligations[0].says", "缺少这个键")


def test_an_unknown_clause_is_named(folder):
    spoil(folder, VISITS, "clause: 三(六)", "clause: 九(九)")
    assert at(1, "clause", "方案里没有条款“九(九)”") in said(folder)


def test_a_duplicate_id_is_named_where_it_comes_again(folder):
    line = spoil(folder, VISITS, "id: home-visit", "id: leader-visit")
    assert at(line, "obligations[1].id", "责任事项“leader-visit”出现两次") in said(folder)


def test_a_key_written_twice_is_an_error(folder):
    line = spoil(folder, VISITS, "    unit: school\n", "    unit: school\n    unit: class\n")
    assert said(folder)[0] == at(line + 1, "obligations[0].unit", "同一个键写了两次")


def test_broken_yaml_names_its_line(folder):
    spoil(folder, VISITS, "bearer: [school]", "bearer: [school")
    assert any(text.startswith(f"{VISITS}:") and "YAML 写法有误" in text for text in said(folder))


def test_a_changed_clause_no_longer_fits_its_hash(folder):
    spoil(folder, "document.yaml", "至少开展1次家访", "至少开展2次家访")
    messages = said(folder)
    assert any("hash: 与原文不符" in text and text.startswith("document.yaml:") for text in messages)
    assert any("条款 三(六) 的原文里没有这句话" in text for text in messages)


def test_numbers_need_a_whole_source(folder):
    line = spoil(
        folder,
        "parameters.yaml",
        "source: {kind: office, note: 起始值，待办公室以文件确定}",
        "source: {kind: local, paper: 永协办〔2026〕3号}",
    )
    assert said(folder) == [
        at(line, "parameters[0].source", "来源是本地文件时要写 paper、date 和 who", "parameters.yaml")
    ]


def test_a_number_that_nothing_uses_is_an_error(folder):
    with (folder / "parameters.yaml").open("a", encoding="utf-8") as file:
        file.write(
            "  - {key: spare, title: 多余, value: 1, unit: 次, valid_from: 2024-01-30,\n"
            "     source: {kind: office, note: 无}}\n"
        )
    assert [text.split(": ", 1)[1] for text in said(folder)] == [
        "parameters[108].key: 没有责任事项用到参数“spare”"
    ]


def test_a_date_that_is_none_is_named(folder):
    line = spoil(folder, "parameters.yaml", "valid_from: 2024-01-30", "valid_from: 2024-02-31")
    assert any(
        text.startswith(f"parameters.yaml:{line}: parameters[0].valid_from: ") for text in said(folder)
    )


def test_a_countable_obligation_without_its_cases_is_an_error(folder):
    spoil(folder, "cases/3-6.yaml", "expect: exempt", "expect: met")
    assert said(folder) == [at(3, "obligations[0].id", "还缺算例：exempt")]


def test_all_errors_are_told_not_only_the_first(folder):
    spoil(folder, VISITS, "pace: tail", "pace: quick")
    spoil(folder, "cases/3-1.yaml", "expect: met", "expect: done")
    spoil(folder, "document.yaml", "至少要召开1次", "至少要召开3次")
    spoil(folder, "parameters.yaml", "unit: 比例", "units: 比例")
    files = {text.split(":")[0] for text in said(folder)}
    assert files == {VISITS, "cases/3-1.yaml", "parameters.yaml", "document.yaml"}


def test_a_file_that_cannot_be_read_does_not_make_others_look_wrong(folder):
    spoil(folder, VISITS, "pace: tail", "pace: quick")
    assert len(said(folder)) == 1


def test_a_folder_that_is_not_there_and_an_empty_one(tmp_path):
    assert said(tmp_path / "none") == [f"{tmp_path / 'none'}:1: 没有这个文件夹"]
    assert len(said(tmp_path)) == 4


def test_a_file_in_another_encoding_is_told(folder):
    (folder / VISITS).write_bytes("clause: 三(六)".encode("gb18030"))
    assert f"{VISITS}:1: 文件不是 UTF-8 编码" in said(folder)
