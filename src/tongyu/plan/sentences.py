"""Who acts in an official sentence: the grammar that the lint reads, and nothing more."""

from __future__ import annotations

import re
from collections.abc import Iterator

ORGAN = r"(?=部门|局|部|、|等)"
"""A department's short name counts only as a name: “教育部门”, “教育、民政”, not “教育引导学生”."""
NAMES = {
    "department:all": r"(?:有关|相关|成员)部门|部门|(?:职责)?成员单位|职责单位|(?:有关|相关)单位",
    "department:education": rf"教育{ORGAN}",
    "department:publicity": rf"宣传{ORGAN}",
    "department:police": rf"公安{ORGAN}",
    "department:justice": rf"司法{ORGAN}",
    "department:civil_affairs": rf"民政{ORGAN}",
    "department:culture": rf"文旅{ORGAN}",
    "department:health": rf"卫健{ORGAN}",
    "department:market": rf"市场监管{ORGAN}",
    "department:cyberspace": rf"网信{ORGAN}",
    "department:league": r"团县委|团委|共青团",
    "department:women": r"妇联",
    "department:science": r"科协",
    "department:next_generation": r"关工委",
    "department:disabled": r"残联",
    "office": r"(?:领导小组)?办公室",
    "leading_group": r"(?:协同育人工作)?领导小组(?!办公室)",
    "county": r"县委(?!宣传|网信)|县(?:人民)?政府(?!各部门)",
    "township": r"乡镇",
    "class_teacher": r"班主任",
    "school": r"(?:学校|中小学校?|幼儿园)(?!家庭|教育)",
    "family": r"家长(?!学校)|家庭成员|监护人",
    "venue": r"[一-龥]{0,6}基地|图书馆|博物馆|文化馆|游泳馆|体育馆|场馆",
}
"""How a party of the plan is called in the papers of a county."""

_ITEM = r"(?:县域|县委|县)?(?:各类|各|有关|相关)*(?:" + "|".join(NAMES.values()) + ")(?:局部门|部门|局|部)?"
_LIST = re.compile(rf"由?((?:{_ITEM})(?:(?:、|和|与)(?:{_ITEM}))*)")
_URGED = re.compile(rf"(?:要|应|负责)?督促((?:{_ITEM})(?:(?:、|和|与)(?:{_ITEM}))*)")
_PERSONS = re.compile("等?(?:部门|单位)?(?:主要|分管)?(?:负责人|领导任)")
"""“公安、司法等部门负责人为成员” makes up a group: nobody is told to act."""
_ENDS = "。！？；"


def squeeze(text: str) -> str:
    """The text without white space: how words and clauses are compared."""
    return re.sub(r"\s", "", text)


def actors(text: str, words: str) -> frozenset[str]:
    """Whom the text names as acting where the words stand: in their sentence, else in the nearest before it."""
    squeezed, wanted = squeeze(text), squeeze(words)
    upto = squeezed[: squeezed.index(wanted) + len(wanted)]
    for sentence in reversed(re.split(f"[{_ENDS}]", upto.rstrip(_ENDS))):
        if found := frozenset(_acting(sentence)):
            return found
    return frozenset()


def _acting(sentence: str) -> Iterator[str]:
    """A party acts where a part of the sentence begins with it, or where it is urged (督促) to act."""
    for part in sentence.split("，"):
        head = _LIST.match(part)
        if head and _PERSONS.match(part, head.end()):
            head = None
        after = part[head.end() :] if head else part
        for found in (head, _URGED.match(after)):
            if found:
                yield from _named(found[1])


def _named(listed: str) -> Iterator[str]:
    """The parties in a list. “教育、民政等部门” names two, not all departments."""
    for item in re.split("[、和与]", listed):
        rest = re.sub(r"^(?:县域|县(?!委|政府|人民))?(?:各类|各)*", "", item)
        for party, pattern in NAMES.items():
            # What follows a name in its list was split off: give the lookahead something to see.
            if re.match(pattern, rest + "、"):
                yield party
