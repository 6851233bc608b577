"""What the lint doubts in a small edition, what closes a doubt, and what is wrong with an interpretation."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from tongyu.plan import lint, reader
from tongyu.plan.sentences import actors

HEAD = {
    "id": "small",
    "number": "小政发〔2026〕1号",
    "letterhead": "小县人民政府文件",
    "notice_title": "通知",
    "notice_to": "各乡镇：",
    "notice": "现印发。",
    "title": "小方案",
    "issuer": "小县人民政府",
    "issued_on": "2026-01-01",
    "in_force_from": "2026-01-01",
    "copied_to": "无",
    "printed_copies": 1,
}
SOURCE = {"kind": "office", "note": "起始值"}


def small(
    folder: Path, text: str, words: str, group: bool = False, readings: list | None = None, **changed: object
) -> reader.Edition:
    """An edition of one clause and one obligation, read from its files (JSON is YAML)."""
    clause = {"id": "一", "order": 1, "number": "一、", "heading": "任务。", "text": text}
    clause["hash"] = hashlib.sha256(f"一、任务。{text}".encode()).hexdigest()
    members = {"clause": "一", "members": [{"department": "education", "words": "教育"}]}
    duty = {
        "id": "visit",
        "title": "家访",
        "words": words,
        "says": "家访。",
        "modality": "required",
        "bearer": ["school"],
        "accountable": ["school"],
        "supervisor": "office",
        "unit": "school",
        "period": "term",
        "minimum": "visit.minimum",
        "counts": [{"kind": "home_visit"}],
        "coverage": "touches",
        "pace": "tail",
    }
    days = {"valid_from": "2026-01-01", "source": SOURCE, "unit": "次"}
    numbers = [
        {"key": "visit.minimum", "title": "几次", "value": 0, **days},
        {"key": "pace.tail_share", "title": "份额", "value": 0.75, **days},
    ]
    case = {
        "obligation": "visit",
        "name": "none",
        "says": "无",
        "as_of": "2026-02-01",
        "unit": {"from": "2026-01-01"},
    }
    span = {"start": "2026-01-01", "end": "2026-07-01"}
    cases = [{**case, "period": span, "expect": state} for state in ("met", "not_due")]
    files = {
        "document.yaml": {**HEAD, **({"leading_group": members} if group else {}), "clauses": [clause]},
        "parameters.yaml": {"parameters": numbers},
        "obligations/1.yaml": {"clause": "一", "obligations": [{**duty, **changed}]},
        "cases/1.yaml": {"clause": "一", "cases": cases},
    }
    if readings is not None:
        kept = [{key: value for key, value in one.items() if value} for one in readings]
        files["interpretations.yaml"] = {"interpretations": kept}
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=1)
        (folder / name).write_text(dated(text), encoding="utf-8")
    return reader.read(folder)


def dated(text: str) -> str:
    """JSON has no dates: the quotes around them fall."""
    return re.sub(r'"(\d{4}-\d\d-\d\d)"', r"\1", text)


def reading(kind: str, words: str) -> dict[str, object]:
    """An interpretation of the small edition's only obligation."""
    given = {"obligation": "visit", "kind": kind, "words": words, "reading": "这样理解。", "source": SOURCE}
    return {**given, "from": "2026-01-01"}


def told(edition: reader.Edition) -> list[tuple[str, str, str]]:
    assert edition.problems == []
    return [(one.kind, one.at.key, one.words) for one in lint.open_doubts(edition)]


CLEAR = ("各学校每学期至少开展1次家访。", "每学期至少开展1次家访")
DOUBTS = {
    "no_bearer": (("每学期至少开展1次家访。", CLEAR[1]), {}, "bearer", CLEAR[1]),
    "bearer_not_member": (
        ("县教育、网信部门每学期至少开展1次家访。", CLEAR[1]),
        {"group": True, "bearer": ["department:cyberspace"], "unit": "department", "coverage": "own"},
        "bearer",
        CLEAR[1],
    ),
    "level_not_stated": (
        ("各学校每学期至少要召开1次家长会。", "每学期至少要召开1次家长会"),
        {"unit": "class", "counts": [{"kind": "event"}], "coverage": "covers"},
        "unit",
        "每学期至少要召开1次家长会",
    ),
    "ambiguous_quantity": (
        ("各学校每学期至少开展2次以上家访。", "每学期至少开展2次以上家访"),
        {},
        "words",
        "至少开展2次以上",
    ),
    "undefined_term": (("各学校每学期及时开展家访。", "每学期及时开展家访"), {}, "words", "及时"),
    "no_cadence": (("各学校要开展家访。", "要开展家访"), {}, "period", "要开展家访"),
}


def test_clear_words_raise_no_doubt(tmp_path):
    assert told(small(tmp_path, *CLEAR)) == []


@pytest.mark.parametrize("kind", DOUBTS)
def test_each_kind_of_doubt_is_found_with_its_key_and_words(tmp_path, kind):
    place, changed, key, words = DOUBTS[kind]
    edition = small(tmp_path, *place, **changed)
    assert told(edition) == [(kind, f"obligations[0].{key}", words)]
    (doubt,) = lint.doubts(edition)
    line = (tmp_path / "obligations/1.yaml").read_text(encoding="utf-8").split(f'"{key}"')[0].count("\n") + 1
    assert [doubt.at.file, doubt.at.line] == ["obligations/1.yaml", line]


@pytest.mark.parametrize("kind", DOUBTS)
def test_an_interpretation_closes_its_doubt(tmp_path, kind):
    place, changed, _key, words = DOUBTS[kind]
    assert told(small(tmp_path, *place, readings=[reading(kind, words)], **changed)) == []


@pytest.mark.parametrize("kind", DOUBTS)
def test_an_interpretation_that_closes_nothing_is_an_error(tmp_path, kind):
    edition = small(tmp_path, *CLEAR, readings=[reading(kind, CLEAR[1])])
    (problem,) = edition.problems
    assert str(problem) == "interpretations.yaml:6: interpretations[0].words: 这条解释没有对应的疑点"


@pytest.mark.parametrize(
    "place",
    [
        ("各学校每学期至少开展1次家访，不断总结。教育引导学生。", CLEAR[1]),
        ("县教育部门要督促各学校每学期至少开展1次家访。", CLEAR[1]),
        ("各学校要办好家长学校。每学期至少开展1次家访。", CLEAR[1]),
        ("各学校不定期每学期开展家访。", "不定期每学期开展家访"),
    ],
)
def test_what_the_words_say_raises_no_doubt(tmp_path, place):
    assert told(small(tmp_path, *place)) == []


def test_what_is_only_encouraged_needs_neither_bearer_nor_cadence(tmp_path):
    assert told(small(tmp_path, "鼓励家访。", "鼓励家访", modality="encouraged", pace="none")) == []


def test_a_noun_is_doubted_once_in_the_whole_paper_unless_the_paper_says_whom_it_means(tmp_path):
    text = "特殊家庭学生多，各学校每学期至少开展1次家访，关心特殊家庭。"
    assert told(small(tmp_path, text, CLEAR[1])) == [("undefined_term", "clauses[0].text", "特殊家庭")]
    defined = f"{text}本方案所称特殊家庭是指单亲家庭。"
    assert told(small(tmp_path, defined, CLEAR[1])) == []


def test_manners_and_quantities_outside_the_obligations_words_are_doubted_in_the_clause(tmp_path):
    edition = small(tmp_path, f"{CLEAR[0]}及时总结3次左右。", CLEAR[1])
    assert told(edition) == [
        ("ambiguous_quantity", "clauses[0].text", "3次左右"),
        ("undefined_term", "clauses[0].text", "及时"),
    ]
    closed = [
        {**reading("ambiguous_quantity", "3次左右"), "clause": "一"},
        {**reading("undefined_term", "及时"), "clause": "一"},
    ]
    for one in closed:
        del one["obligation"]
    assert told(small(tmp_path, f"{CLEAR[0]}及时总结3次左右。", CLEAR[1], readings=closed)) == []


@pytest.mark.parametrize(
    ("changed", "line", "key", "message"),
    [
        ({"obligation": "nothing"}, 4, ".obligation", "没有责任事项“nothing”"),
        ({"kind": "mood"}, 5, ".kind", "不认识的词“mood”"),
        ({"words": "从未写过"}, 6, ".words", "条款 一 的原文里没有这句话"),
        ({"clause": "一"}, 3, "", "obligation 和 clause 要写且只写一个"),
        ({"obligation": None}, 3, "", "obligation 和 clause 要写且只写一个"),
        ({"obligation": None, "clause": "九"}, 12, ".clause", "方案里没有条款“九”"),
        ({"source": {"kind": "local", "paper": "小发〔2026〕2号"}}, 8, ".source", "来源是本地文件时要写"),
        ({"source": {"kind": "plan"}}, 8, ".source", "解释的来源是 office 或 local"),
        ({"source": {"kind": "office"}}, 8, ".source", "起始值要写 note"),
        ({"colour": "red"}, 13, ".colour", "不认识的键"),
        ({"from": "soon"}, 12, ".from", "应是日期"),
    ],
)
def test_a_bad_interpretation_names_its_file_line_and_key(tmp_path, changed, line, key, message):
    given = {**reading("no_cadence", "要开展家访"), **changed}
    edition = small(tmp_path, "各学校要开展家访。", "要开展家访", readings=[given])
    said = [str(problem) for problem in edition.problems]
    assert len(said) == 1
    assert said[0].startswith("interpretations.yaml:")
    assert f": interpretations[0]{key}: {message}" in said[0]
    if "source" not in changed:
        assert said[0].startswith(f"interpretations.yaml:{line}:")


def test_the_same_doubt_may_be_read_anew_from_a_later_day_only(tmp_path):
    place = ("各学校要开展家访。", "要开展家访")
    first = reading("no_cadence", "要开展家访")
    later = {**first, "from": "2026-09-01"}
    assert told(small(tmp_path, *place, readings=[first, later])) == []
    (problem,) = small(tmp_path, *place, readings=[first, first]).problems
    assert problem.key == "interpretations[1]"
    assert problem.message == "同一个疑点在同一天有两条解释"


@pytest.mark.parametrize(
    ("old", "new", "key", "message"),
    [
        ("department: women", "department: league", "members[3].department", "成员“league”出现两次"),
        ("words: 妇联", "words: 工会", "members[2].words", "条款 四(一) 的原文里没有这句话"),
        ("clause: 四(一)", "clause: 五", "clause", "方案里没有条款“五”"),
        ("department: women", "department: moon", "members[2].department", "不认识的词“moon”"),
    ],
)
def test_a_member_that_the_paper_does_not_name_is_an_error(folder, old, new, key, message):
    path = folder / "document.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    (problem,) = reader.read(folder).problems
    assert problem.key == f"leading_group.{key}"
    assert message in problem.message


def test_the_shipped_edition_leaves_no_doubt_open(edition):
    assert lint.open_doubts(edition) == []
    found = lint.doubts(edition)
    assert len({one.name for one in found}) == len(found) == len(edition.readings)
    assert {one.source.note for one in edition.readings} == {"起始解释，待办公室确定"}


def test_the_shipped_edition_is_doubted_where_the_issue_says(edition):
    found = {(one.kind, one.obligation, one.words) for one in lint.doubts(edition)}
    assert {name[1] for name in found if name[0] == "bearer_not_member"} == {"net-governance"}
    assert ("level_not_stated", "parent-meeting", "每学期至少要召开1次家长会") in found
    assert [name for name in found if name[0] == "ambiguous_quantity"] == [
        ("ambiguous_quantity", "guidance", "至少组织2次以上")
    ]
    assert ("undefined_term", None, "特殊家庭") in found


@pytest.mark.parametrize(
    ("text", "words", "named"),
    [
        ("由县司法、教育部门负责，制定手册。", "制定手册", {"department:justice", "department:education"}),
        ("县委宣传部、妇联等部门负责人为成员，成立小组。", "成立小组", set()),
        ("各乡镇、各有关部门和学校，要落实。", "要落实", {"township", "department:all", "school"}),
        ("团县委要统筹。妇联要指导。", "要统筹", {"department:league"}),
    ],
)
def test_who_acts_is_read_from_the_sentence(text, words, named):
    assert actors(text, words) == named
