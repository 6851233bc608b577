"""What is unclear in the official words of an edition: six kinds of doubt, found by rules on words and fields."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tongyu.plan import labels, wording
from tongyu.plan.sentences import actors, squeeze
from tongyu.plan.yaml_lines import Located, Place, Problem

if TYPE_CHECKING:
    from tongyu.plan.reader import Edition
    from tongyu.plan.schema import Clause, Obligation

COUNTED = r"(?:次|场|个|名|份|项|期|课时|小时|天)"
NUMERAL = r"[0-9一二两三四五六七八九十百]+"
QUANTITY = re.compile(
    rf"(?:至少|不少于|不低于)[^，。；]{{0,6}}?{NUMERAL}{COUNTED}(?:以上|左右|上下)"
    rf"|{NUMERAL}{COUNTED}(?:以上|左右|上下)|约{NUMERAL}{COUNTED}"
    rf"|{NUMERAL}(?:-|—|–|~|～|至|到){NUMERAL}{COUNTED}|若干|(?:多|数|几){COUNTED}(?![一-龥]*第)"
)
"""以上 includes the number and 至少 says the same again; 左右 and 若干 leave it open."""
MANNERS = re.compile("(?<!不)定期|适时|及时|经常|常态化")
"""How soon or how often: each place means its own, so each needs its own reading."""
NOUNS = ("特殊家庭", "弱势群体", "有关部门", "相关部门")
"""Who is meant: one reading holds for the whole paper, at the first place."""
CADENCE = re.compile("每个?(?:年(?!级)|半年|两年|季度|月|周)|学期|学年|年度|逐[年月]|开学")
CADENCED = frozenset(("term", "school_year", "month", "window", "term_start"))
LEVELS = {
    "class": re.compile("班级|各班|每班|每个班"),
    "grade": re.compile("年级"),
    "school": re.compile("校级|全校|各校|各学校|每所学校"),
}
GATHERINGS = frozenset(("event",))


@dataclass(frozen=True, slots=True)
class Doubt:
    """Words of the paper that can be read in more than one way, where they stand, and what is unclear."""

    kind: str
    clause: str
    obligation: str | None
    words: str
    at: Problem

    @property
    def name(self) -> tuple[str, str, str]:
        """What an interpretation must name to close it: the obligation or clause, the kind, the words."""
        return self.obligation or self.clause, self.kind, squeeze(self.words)

    def __str__(self) -> str:
        return f"{self.at}（{self.kind}：“{self.words}”）"


@dataclass(frozen=True, slots=True)
class Asked:
    """An obligation with its clause and its place in the file."""

    clause: Clause
    one: Obligation
    source: Located
    place: Place

    def doubt(self, kind: str, key: str, words: str, said: str) -> Doubt:
        """A doubt about this obligation, at one of its keys."""
        at = self.source.problem((*self.place, key), said)
        return Doubt(kind, self.clause.id, self.one.id, words, at)


def doubts(edition: Edition) -> list[Doubt]:
    """Every doubt of a sound edition, in the order of its files; those of the paper's words alone last."""
    assert edition.document
    clauses = {clause.id: clause for clause in edition.document.clauses}
    asked = [
        Asked(clauses[file.clause], one, source, ("obligations", index))
        for source, file in edition.files
        for index, one in enumerate(file.obligations)
    ]
    group = edition.document.leading_group
    members = frozenset(one.department for one in group.members) if group else None
    found: list[Doubt] = []
    for each in asked:
        found += _bearer(each)
        found += _members(each, members)
        found += _level(each)
        found += _words(each)
        found += _cadence(each)
    found += _paper(edition, found)
    return found


def open_doubts(edition: Edition) -> list[Doubt]:
    """The doubts that no interpretation closes."""
    closed = {(one.obligation or one.clause, one.kind, squeeze(one.words)) for one in edition.readings}
    return [doubt for doubt in doubts(edition) if doubt.name not in closed]


def _bearer(each: Asked) -> Iterator[Doubt]:
    """The words name nobody who acts, or somebody else than the edition."""
    if each.one.modality != "required":
        return
    named = actors(each.clause.printed, each.one.words)
    missing = [party for party in each.one.bearer if not _is_named(party, named)]
    if missing and not named:
        said = _("原文没有写由谁承担，方案数据写的是%s") % wording.parties(missing)
        yield each.doubt("no_bearer", "bearer", each.one.words, said)
    elif missing:
        said = _("原文写的是%(named)s，没有写由%(bearer)s承担") % {
            "named": wording.parties(sorted(named)),
            "bearer": wording.parties(missing),
        }
        yield each.doubt("no_bearer", "bearer", each.one.words, said)


def _is_named(party: str, named: frozenset[str]) -> bool:
    return party in named or party.startswith("department:") and "department:all" in named


def _members(each: Asked, members: frozenset[str] | None) -> Iterator[Doubt]:
    """A department owes something and is not in the leading group that the paper sets up."""
    if members is None or each.one.modality != "required":
        return
    owing = dict.fromkeys((*each.one.bearer, *each.one.accountable))
    strangers = [
        party
        for party in owing
        if party.startswith("department:")
        and party != "department:all"
        and party.partition(":")[2] not in members
    ]
    if strangers:
        said = _("%s要承担责任，却不在领导小组成员之列") % wording.parties(strangers)
        yield each.doubt("bearer_not_member", "bearer", each.one.words, said)


def _level(each: Asked) -> Iterator[Doubt]:
    """A gathering is owed for each class, grade or school, and the words do not say on which level."""
    one = each.one
    gathering = any(counted.kind in GATHERINGS for counted in one.counts)
    if one.modality != "required" or not gathering or one.unit not in LEVELS or one.bearer == (one.unit,):
        return
    if not LEVELS[one.unit].search(squeeze(one.words)):
        said = _("原文没有写在哪一级开展，方案数据按%s计") % labels.UNITS[one.unit]
        yield each.doubt("level_not_stated", "unit", one.words, said)


def _words(each: Asked) -> Iterator[Doubt]:
    """Quantities and terms within the words of the obligation."""
    for kind, words, said in _unclear(squeeze(each.one.words)):
        yield each.doubt(kind, "words", words, said)


def _cadence(each: Asked) -> Iterator[Doubt]:
    """The rule counts by a period that the words do not give."""
    one, words = each.one, squeeze(each.one.words)
    if one.modality != "required" or one.period not in CADENCED or CADENCE.search(words):
        return
    if "不定期" in words:
        said = _("原文写“不定期”，方案数据按“%s”计") % labels.PERIODS[one.period]
    else:
        said = _("原文没有写多久一次，方案数据按“%s”计") % labels.PERIODS[one.period]
    yield each.doubt("no_cadence", "period", one.words, said)


def _unclear(text: str) -> Iterator[tuple[str, str, str]]:
    """Each quantity and each word of manner in the text that can be read in two ways, once."""
    for words in dict.fromkeys(found[0] for found in QUANTITY.finditer(text)):
        yield "ambiguous_quantity", words, _("“%s”没有说清多少才够") % words
    for words in dict.fromkeys(found[0] for found in MANNERS.finditer(text)):
        yield "undefined_term", words, _("“%s”没有说明是多久之内、多久一次") % words


def _paper(edition: Edition, found: list[Doubt]) -> Iterator[Doubt]:
    """The same in the clauses beside the obligations' words, and nouns that the paper does not define."""
    assert edition.document
    assert edition.document_source
    whole = squeeze("".join(clause.printed for clause in edition.document.clauses))
    waiting = [noun for noun in NOUNS if not _defined(noun, whole)]
    asked: dict[str, list[str]] = {}
    for key, one in edition.obligations:
        asked.setdefault(key, []).append(squeeze(one.words))
    for index, clause in enumerate(edition.document.clauses):
        text = squeeze(clause.printed)
        unclear = list(_unclear(_without(text, asked.get(clause.id, []))))
        for noun in [noun for noun in waiting if noun in text]:
            waiting.remove(noun)
            unclear.append(("undefined_term", noun, _("“%s”没有说明指哪些") % noun))
        for kind, words, said in unclear:
            at = edition.document_source.problem(("clauses", index, "text"), said)
            yield Doubt(kind, clause.id, None, words, at)


def _without(text: str, asked: list[str]) -> str:
    """The text with the words of its obligations cut out: what stands in them is doubted there."""
    for words in sorted(asked, key=len, reverse=True):
        text = text.replace(words, "▮")
    return text


def _defined(noun: str, text: str) -> bool:
    """The paper says itself whom it means."""
    return bool(re.search(rf"所称的?“?{noun}|{noun}(?:学生|”)*，?(?:是指|系指|指的是|包括|指)", text))
