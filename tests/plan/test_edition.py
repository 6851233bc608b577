"""The shipped edition says what the paper says."""

import hashlib
from collections import Counter
from datetime import date

from tongyu.plan import compiler
from tongyu.plan.consistency import squeeze
from tongyu.plan.rules import CountedKind, Denominator, ExceptionRule, ObligationRule, PeriodRule
from tongyu.records.kinds import kinds

DAY = date(2026, 11, 23)
TASKS = [f"三({number})" for number in "一二三四五六七八九"]
MEASURES = [f"四({number})" for number in "一二三"]
PRINCIPLES = [f"二.{number}" for number in range(1, 5)]
CLAUSES = ["引言", "一", "二", *PRINCIPLES, "三", *TASKS, "四", *MEASURES]


def rule(edition, key: str) -> ObligationRule:
    return next(one for one in compiler.rules(edition, DAY) if one.id == key)


def test_shipped_edition_has_no_problem(edition):
    assert edition.problems == []


def test_clauses_are_those_of_the_paper_in_order(edition):
    assert [clause.id for clause in edition.document.clauses] == CLAUSES


def test_hash_of_every_clause_is_of_its_printed_text(edition):
    for clause in edition.document.clauses:
        printed = (clause.number + clause.heading + clause.text).encode()
        assert clause.hash == hashlib.sha256(printed).hexdigest()


def test_sentences_cut_by_a_page_break_are_joined(edition):
    texts = {clause.id: clause.text for clause in edition.document.clauses}
    for clause, words in {
        "三(二)": "依法履行家庭教育主体责任",
        "三(四)": "协同用力，深入落实",
        "三(六)": "督促各学校认真落实家访制度",
        "三(七)": "特殊教育学生补助公用经费",
        "三(九)": "疾病的发生，提高学校卫生安全意识",
        "四(二)": "纳入教育质量评价重要内容",
    }.items():
        assert texts[clause].count(words) == 1
    assert not any("\n" in text or "**" in text for text in texts.values())


def test_each_of_95_obligations_stands_verbatim_in_its_clause(edition):
    texts = {clause.id: squeeze(clause.text) for clause in edition.document.clauses}
    found = {one.id: texts[clause].count(squeeze(one.words)) for clause, one in edition.obligations}
    assert len(edition.obligations) == 95
    assert found == dict.fromkeys(found, 1)


def test_every_countable_obligation_has_cases_met_missed_and_exempt(edition):
    expected: dict[str, set[str]] = {}
    for _source, file in edition.cases:
        for case in file.cases:
            expected.setdefault(case.obligation, set()).add(case.expect)
    rules = compiler.rules(edition, DAY)
    assert Counter(one.countable for one in rules) == {True: 81, False: 14}
    for one in rules:
        needed = (
            {"met", "missing", "exempt"} if one.countable else set() if one.required else {"met", "not_due"}
        )
        assert needed <= expected.get(one.id, set()), one.id


def test_case_names_are_unique_for_each_obligation(edition):
    names = Counter((case.obligation, case.name) for _source, file in edition.cases for case in file.cases)
    assert set(names.values()) == {1}


def test_home_visit_compiles_to_the_rule_the_engine_reads(edition):
    assert rule(edition, "home-visit") == ObligationRule(
        pk=0,
        id="home-visit",
        clause="三(六)",
        words="班主任每学年对每名学生至少开展1次家访",
        title="班主任家访",
        says="班主任每学年对班上每名学生至少家访1次。",
        modality="required",
        bearer=("class_teacher",),
        accountable=("school",),
        supervisor="department:education",
        partners=(),
        unit="student",
        unit_kind=None,
        period=PeriodRule("school_year"),
        minimum=1,
        counts=(CountedKind("home_visit", {"category": ("class_teacher",)}),),
        combine="any",
        coverage="subject",
        denominator=Denominator(enrolled_days=30),
        exclusions={},
        exceptions=(
            ExceptionRule("休学或长期住院", "school"),
            ExceptionRule("监护人书面说明不便且由教育部门同意", "department:education"),
        ),
        unknown_when=("no_room", "no_calendar"),
        pace="even",
        tail_share=0.75,
        note="进度：按今天应达的份额与已做的份额比较",
    )


def test_periods_with_numbers_take_them_from_the_parameters(edition):
    assert rule(edition, "lei-feng").period == PeriodRule("window", window=((3, 1), (3, 31)))
    assert rule(edition, "first-lesson").period == PeriodRule("term_start", days=30)
    assert [str(rule(edition, key).period) for key in ("lei-feng", "first-lesson", "guidance")] == [
        "window:03-01..03-31",
        "term_start:30d",
        "term",
    ]


def test_several_records_combine_as_the_text_says(edition):
    assert rule(edition, "evaluation-means").combine == "all"
    assert rule(edition, "evaluation-means").kinds == ("material_review", "questionnaire", "field_visit")
    assert rule(edition, "parent-school").combine == "each"
    assert rule(edition, "parent-school").counts[0].where == {
        "category": ("team", "place", "plan", "activity")
    }
    assert rule(edition, "care-elders").kinds == ("family_aid", "event")


def test_what_is_only_encouraged_has_no_pace(edition):
    encouraged = [one for one in compiler.rules(edition, DAY) if not one.required]
    assert len(encouraged) == 11
    assert {one.pace for one in encouraged} == {"none"}


def test_a_later_value_of_a_number_holds_from_its_day():
    dated = [("a", date(2024, 1, 30), 1), ("a", date(2026, 9, 1), 2)]
    assert compiler.values_on(dated, date(2026, 8, 31)) == {"a": 1}
    assert compiler.values_on(dated, date(2026, 9, 1)) == {"a": 2}
    assert compiler.values_on(dated, date(2020, 1, 1)) == {"a": 1}


def test_filter_values_are_among_those_their_room_knows(edition):
    unknown = []
    for one in compiler.rules(edition, DAY):
        for counted in (item for item in one.counts if item.kind in kinds):
            fields = kinds.get(counted.kind).where
            for name, values in counted.where.items():
                allowed = set(map(str, fields[name].values)) if name in fields else set()
                unknown += [(one.id, name, value) for value in values if allowed and value not in allowed]
                unknown += [(one.id, name, "no such field")] if name not in fields else []
    assert unknown == []
