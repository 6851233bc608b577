"""The shape of the plan files. Imported only while files are read: web workers never load pydantic for it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from django.utils.translation import gettext as _
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)

from tongyu.plan import vocabulary

Text = Annotated[StrictStr, Field(min_length=1)]
Slug = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9-]*$", max_length=40)]
ParameterKey = Annotated[StrictStr, Field(pattern=r"^[a-z][a-z0-9_.-]*$", max_length=60)]
State = Literal[
    "not_due", "in_progress", "behind_pace", "met", "met_late", "missing", "exempt", "unknown", "none"
]


def _one_of(words: frozenset[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in words:
            raise ValueError(
                _("不认识的词“%(given)s”，可用：%(words)s")
                % {"given": value, "words": "、".join(sorted(words))}
            )
        return value

    return AfterValidator(check)


def _unit(value: str) -> str:
    name, colon, kind = value.partition(":")
    if colon and kind in vocabulary.UNIT_KINDS.get(name, ()) or not colon and name in vocabulary.PLAIN_UNITS:
        return value
    raise ValueError(_("不认识的对象“%s”") % value)


def _some(values: tuple[object, ...]) -> tuple[object, ...]:
    """Runs after the items: a list whose only item is wrong is not called empty as well."""
    if not values:
        raise ValueError(_("不能为空"))
    return values


SOME = AfterValidator(_some)
Party = Annotated[StrictStr, _one_of(vocabulary.BEARERS)]
Values = Annotated[tuple[Text, ...], SOME]


class Model(BaseModel):
    """A mapping in a plan file: unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Clause(Model):
    """A numbered place of the document; `hash` is the SHA-256 of number, heading and text joined."""

    id: Text
    parent: Text | None = None
    order: StrictInt
    number: StrictStr
    heading: StrictStr
    text: StrictStr
    hash: Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]
    note: StrictStr = ""

    @property
    def printed(self) -> str:
        """The clause as it stands on paper."""
        return self.number + self.heading + self.text


class Member(Model):
    """A department in the leading group, and the words that put it there."""

    department: Annotated[StrictStr, _one_of(vocabulary.DEPARTMENTS)]
    words: Text


class LeadingGroup(Model):
    """The departments that the paper names as members (or heads) of the leading group."""

    clause: Text
    members: Annotated[tuple[Member, ...], SOME]


class Document(Model):
    """The official paper: its head, its clauses, its foot."""

    id: Slug
    number: Text
    letterhead: Text
    notice_title: Text
    notice_to: Text
    notice: Text
    title: Text
    issuer: Text
    issued_on: dt.date
    in_force_from: dt.date
    in_force_until: dt.date | None = None
    copied_to: Text
    printed_copies: StrictInt
    note: StrictStr = ""
    leading_group: LeadingGroup | None = None
    clauses: Annotated[tuple[Clause, ...], SOME]


class Counted(Model):
    """A record kind that counts, with the filter on its facts."""

    kind: Text
    where: dict[Text, Values] = {}


class Excepted(Model):
    """A circumstance in which an exemption may be granted."""

    reason: Text
    decided_by: Party


class Obligation(Model):
    """What a clause asks of whom."""

    id: Slug
    title: Annotated[StrictStr, Field(min_length=2, max_length=14)]
    words: Text
    says: Text
    modality: Literal["required", "encouraged"]
    bearer: Annotated[tuple[Party, ...], SOME]
    accountable: Annotated[tuple[Party, ...], SOME]
    supervisor: Party
    partners: tuple[Party, ...] = ()
    unit: Annotated[StrictStr, AfterValidator(_unit)]
    period: Annotated[StrictStr, _one_of(vocabulary.PERIODS)]
    window: ParameterKey | None = None
    days: ParameterKey | None = None
    minimum: ParameterKey
    answer: ParameterKey | None = None
    """within how many days each such record is to be answered; shown and reminded of, no part of the verdict"""
    counts: Annotated[tuple[Counted, ...], SOME]
    combine: Literal["any", "all", "each"] = "any"
    coverage: Literal["subject", "covers", "touches", "own"]
    denominator: dict[Literal["enrolled_days", "open_days"], ParameterKey] = {}
    exclusions: dict[Text, Values] = {}
    exceptions: tuple[Excepted, ...] = ()
    unknown_when: tuple[Annotated[StrictStr, _one_of(vocabulary.UNKNOWN_WHEN)], ...] = ()
    pace: Literal["even", "tail", "none"]
    note: StrictStr = ""


class ObligationFile(Model):
    """One file per clause."""

    clause: Text
    obligations: Annotated[tuple[Obligation, ...], SOME]


class Source(Model):
    """Where a number comes from: the plan's words, a local paper, or our starting value (office)."""

    kind: Literal["plan", "local", "office"]
    clause: Text | None = None
    words: Text | None = None
    paper: Text | None = None
    date: dt.date | None = None
    who: Text | None = None
    note: Text | None = None


class Bounds(Model):
    """What a county may choose, where the plan does not say it."""

    at_least: StrictInt | StrictFloat | None = None
    at_most: StrictInt | StrictFloat | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Bounds:
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(_("at_least 不能大于 at_most"))
        return self


class Nation(Model):
    """What the nation itself asks of a number, by which paper and clause."""

    value: StrictInt | StrictFloat | StrictStr
    paper: Text
    clause: StrictStr = ""


class Parameter(Model):
    """One number (or window MM-DD..MM-DD), valid from a day."""

    key: ParameterKey
    title: Text
    value: StrictInt | StrictFloat | StrictStr
    unit: Text
    valid_from: dt.date
    source: Source
    bounds: Bounds | None = None
    nation: Nation | None = None


class ParameterFile(Model):
    """Every number of the edition."""

    parameters: tuple[Parameter, ...]


class Interpretation(Model):
    """How the office reads words that are not clear: closes one doubt of the lint from a day on."""

    obligation: Slug | None = None
    clause: Text | None = None
    kind: Annotated[StrictStr, _one_of(vocabulary.DOUBTS)]
    words: Text
    reading: Text
    source: Source
    since: dt.date = Field(alias="from")

    @model_validator(mode="after")
    def _one_target(self) -> Interpretation:
        if (self.obligation is None) == (self.clause is None):
            raise ValueError(_("obligation 和 clause 要写且只写一个"))
        return self


class InterpretationFile(Model):
    """Every interpretation of the edition."""

    interpretations: tuple[Interpretation, ...]


class Move(Model):
    """How some clauses, or some obligations, of the edition before go on in this one."""

    old: Annotated[tuple[Text, ...], SOME]
    new: tuple[Text, ...] = ()
    kind: Annotated[StrictStr, _one_of(vocabulary.MOVES)]


class MigrationFile(Model):
    """What became of every clause and every obligation of the edition before."""

    since: Slug = Field(alias="from")
    clauses: Annotated[tuple[Move, ...], SOME]
    obligations: Annotated[tuple[Move, ...], SOME]


class Span(Model):
    """Days [start, end); a record that comes until `late_until` (exclusive) meets it late."""

    start: dt.date
    end: dt.date
    late_until: dt.date | None = None
    school_days: StrictBool = True


class CaseUnit(Model):
    """When the unit was there: [from, until)."""

    since: dt.date = Field(alias="from")
    until: dt.date | None = None


class CaseFact(Model):
    """A record, seen from the unit: made by whom, about which part of the county."""

    kind: Text
    occurred_on: dt.date
    ended_on: dt.date | None = None
    category: StrictStr = ""
    confirmed: StrictBool | None = None
    attributes: dict[Text, StrictStr] = {}
    by: Literal["bearer", "other"] = "bearer"
    scope: Literal["unit", "above", "below", "elsewhere"] = "unit"
    subject: Literal["unit", "other"] = "unit"


class CaseExemption(Model):
    """Days [from, until) on which the unit is exempt, by whom and why."""

    since: dt.date = Field(alias="from")
    until: dt.date | None = None
    reason: Text
    decided_by: Party


class Case(Model):
    """A worked example: with these records the duty stands so on that day."""

    obligation: Slug
    name: Text
    says: Text
    period: Span
    as_of: dt.date
    unit: CaseUnit
    facts: tuple[CaseFact, ...] = ()
    exemption: CaseExemption | None = None
    expect: State


class CaseFile(Model):
    """One file per clause."""

    clause: Text
    cases: tuple[Case, ...]


WINDOW = re.compile(r"^(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\.\.(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$")
