"""What the answers of a child's guardians come to. Pure: no clock, no database.

A decision supersedes the same guardian's earlier one and never edits it; one guardian's decision never overwrites
another's: two that differ are a state, 意见不一致, which people settle. The order in which different guardians answer
does not matter. Reading and confirming are facts of their time; of signatures only those count whose writers may decide
for the child today, so that a block takes a signature's weight away with it (民法典第二十七条、第三十六条).
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _


class Need(models.TextChoices):
    """What is asked of a family."""

    READ = "read", _("知道就行")
    CONFIRM = "confirm", _("请确认")
    SIGN = "sign", _("请签字")


class Whose(models.TextChoices):
    """Whose signature it takes, of those who may decide for the child."""

    ANY = "any", _("一位监护人签字即可")
    ALL = "all", _("每位监护人都要签字")


class Act(models.TextChoices):
    """What a guardian did."""

    READ = "read", _("已读")
    CONFIRM = "confirm", _("已确认")
    AGREE = "agree", _("同意")
    DECLINE = "decline", _("不同意")
    TAKE_BACK = "take_back", _("收回签字")


DECISIONS = (Act.AGREE, Act.DECLINE, Act.TAKE_BACK)
"""What supersedes an earlier one of the same guardian."""


class State(models.TextChoices):
    """What one child's answers come to."""

    OPEN = "open", _("还没有答复")
    PARTLY = "partly", _("还差签字")
    DONE = "done", _("已送达")
    CONFIRMED = "confirmed", _("已确认")
    AGREED = "agreed", _("同意")
    DECLINED = "declined", _("不同意")
    CONFLICT = "conflict", _("监护人意见不一致")
    NOBODY = "nobody", _("没有可以签字的监护人")
    GONE = "gone", _("孩子已离开，不再问")


def words_of(state: str, need: str) -> str:
    """The state as it is read: who has only to know has not answered anything."""
    if state == State.OPEN and need == Need.READ:
        return str(_("还没有看到"))
    return str(State(state).label)


SETTLED = frozenset({State.DONE, State.CONFIRMED, State.AGREED, State.DECLINED})
"""The family has answered."""
OVER = SETTLED | {State.GONE}
"""Nothing more is asked of the family."""


class Given(NamedTuple):
    """One answer: whose, which in this guardian's order, what."""

    guardian: UUID
    number: int
    act: str


@dataclass(frozen=True)
class Tally:
    """What the state follows from. SQL counts the same for a whole county.

    `here`: the child is in a class of the bulletin's place today.
    """

    reached: bool = False
    confirmed: bool = False
    deciders: int = 0
    agreed: int = 0
    declined: int = 0
    here: bool = True


def decisions(answers: Iterable[Given]) -> dict[UUID, str]:
    """The decision of each guardian that stands: the latest, unless it was taken back."""
    latest: dict[UUID, Given] = {}
    for given in answers:
        if (
            given.act in DECISIONS
            and given.number > latest.get(given.guardian, Given(given.guardian, 0, "")).number
        ):
            latest[given.guardian] = given
    return {guardian: given.act for guardian, given in latest.items() if given.act != Act.TAKE_BACK}


def tally(answers: Collection[Given], deciders: Collection[UUID]) -> Tally:
    """Count one child's answers; `deciders` are the guardians who may decide for the child today."""
    standing = [act for guardian, act in decisions(answers).items() if guardian in deciders]
    return Tally(
        reached=bool(answers),
        confirmed=any(given.act == Act.CONFIRM for given in answers),
        deciders=len(set(deciders)),
        agreed=standing.count(Act.AGREE),
        declined=standing.count(Act.DECLINE),
    )


def state_of(need: str, whose: str, counted: Tally) -> State:
    """What these answers come to, for what was asked.

    With `Whose.ALL` one who declines settles it, since all would have to agree; agreement waits for everybody. Of a
    child that has left nothing more is asked; what was answered before stands.
    """
    state = _answered(need, whose, counted)
    return state if counted.here or state in SETTLED else State.GONE


def _answered(need: str, whose: str, counted: Tally) -> State:
    if need == Need.READ:
        return State.DONE if counted.reached else State.OPEN
    if need == Need.CONFIRM:
        return State.CONFIRMED if counted.confirmed else State.OPEN
    if not counted.deciders:
        return State.NOBODY
    if counted.agreed and counted.declined:
        return State.CONFLICT
    if counted.declined:
        return State.DECLINED
    if not counted.agreed:
        return State.OPEN
    if whose == Whose.ALL and counted.agreed < counted.deciders:
        return State.PARTLY
    return State.AGREED
