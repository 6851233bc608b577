"""Counting an election: pure, the same whatever the order of the ballots and however they were given."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

Choices = tuple[str, ...]
FEWEST = 5
"""Fewer ballots than that, and from no more than half of the children, are not opened: a result of two or three
ballots would say who voted for whom."""


@dataclass(frozen=True)
class Paper:
    """The paper ballots as two persons counted them: how many, how many invalid or blank, votes by candidate."""

    papers: int = 0
    invalid: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """Everything a result rests on. `ballots` says of each set of names how many ballots name exactly these."""

    seats: int
    quorum: int
    """More than this share of the children, in percent, must have taken part."""
    children: int
    candidates: tuple[str, ...]
    ballots: Mapping[Choices, int]
    paper: Paper = Paper()


@dataclass(frozen=True)
class Outcome:
    """Who got how many votes, who is elected, and between whom a lot must decide about `left` seats."""

    children: int
    took_part: int
    papers: int
    invalid: int
    """Ballots without a valid vote: abstentions, blank and spoilt ones. Unsaid, like the votes, without a quorum."""
    quorum_met: bool
    votes: dict[str, int]
    elected: list[str]
    tied: list[str]
    left: int

    def stored(self) -> dict[str, Any]:
        """As the election keeps it."""
        return asdict(self)


def pile(ballots: Iterable[Iterable[str]]) -> dict[Choices, int]:
    """Single ballots, in whatever order, as `Box` holds them."""
    return dict(Counter(tuple(sorted(set(choices))) for choices in ballots))


def count(box: Box) -> Outcome:
    """The result.

    Without a quorum nobody is elected, and what the ballots say stays unsaid. Otherwise the seats go to those with
    the most votes, to nobody without one. Where the last seats fall between candidates of equally many votes, none
    of these is elected: they are `tied` and a lot decides.
    """
    votes = {one: int(box.paper.counts.get(one, 0)) for one in sorted(box.candidates)}
    for choices, number in box.ballots.items():
        for one in choices:
            votes[one] += number
    online = sum(box.ballots.values())
    took_part = online + box.paper.papers
    met = quorum_met(took_part, box.children, box.quorum)
    elected, tied = _seated(votes, box.seats) if met else ([], [])
    return Outcome(
        children=box.children,
        took_part=took_part,
        papers=box.paper.papers,
        invalid=box.ballots.get((), 0) + box.paper.invalid if met else 0,
        quorum_met=met,
        votes=votes if met else {},
        elected=elected,
        tied=tied,
        left=box.seats - len(elected) if tied else 0,
    )


def quorum_met(took_part: int, children: int, quorum: int) -> bool:
    """Whether so many ballots decide: more than the share that was set, and enough to hide each of them."""
    enough = took_part >= FEWEST or took_part * 2 > children
    return enough and took_part * 100 > quorum * children


def _seated(votes: Mapping[str, int], seats: int) -> tuple[list[str], list[str]]:
    order = sorted((one for one in votes if votes[one]), key=lambda one: (-votes[one], one))
    if len(order) <= seats or votes[order[seats - 1]] > votes[order[seats]]:
        return order[:seats], []
    cut = votes[order[seats - 1]]
    return [one for one in order if votes[one] > cut], [one for one in order if votes[one] == cut]


def digest(box: Box) -> str:
    """The SHA-256 of everything the result rests on, in one fixed form."""
    content = {
        "seats": box.seats,
        "quorum": box.quorum,
        "children": box.children,
        "candidates": sorted(box.candidates),
        "ballots": sorted([sorted(choices), number] for choices, number in box.ballots.items()),
        "papers": box.paper.papers,
        "invalid": box.paper.invalid,
        "counts": {one: number for one, number in sorted(box.paper.counts.items()) if number},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
