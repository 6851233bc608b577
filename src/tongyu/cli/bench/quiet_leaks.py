"""quiet.leaks: 100,000 messages at random minutes, through start, decision and answer; how many ring in quiet hours.

The functions are those of `tongyu.notices`; the database and the vendor are left out. Workers come late, vendors fail,
are busy or give no answer, digests are put off to any minute.
"""

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.conf import settings

from tongyu.cli.bench.measure import SEED, Row, row
from tongyu.notices import actions, deciding, delivering
from tongyu.notices.channels.base import Kind, Outcome
from tongyu.notices.models import Delivery, Message, State
from tongyu.notices.topics import HINTS, Topic, topics

SENDS = 100_000
START = datetime(2026, 9, 1, tzinfo=UTC)
NAME = "bench-quiet"
KINDS = [Kind.SENT] * 5 + [Kind.FAILED, Kind.LATER, Kind.UNSURE, Kind.REFUSED]


def measure() -> list[Row]:
    """Rings inside the quiet hours; a message that never came to an end is a fault of its own."""
    settings.TONGYU_CHANNELS = {"sms": {"gateway": "console", "demo": "yes"}}
    topics.register(Topic(NAME, NAME, dict(HINTS), template="notice", expires=timedelta(days=30)))
    dice = random.Random(SEED)  # noqa: S311 - a simulation
    leaks = sum(_one(dice, number) for number in range(SENDS))
    return [row("quiet.leaks", leaks, "leaks", 0)]


def _one(dice: random.Random, number: int) -> int:
    """One message from its sending to its end; returns how often it rang when it should not."""
    kind = topics.get(NAME)
    now = START + timedelta(minutes=dice.randrange(300 * 24 * 60), seconds=dice.randrange(60))
    at = now + timedelta(minutes=dice.randrange(2 * 24 * 60)) if dice.random() < 0.3 else None
    state, due = actions.start_of(kind, now, at)
    message = Message(topic=NAME, key=str(number), title="通知", sent_at=now, expires_at=now + kind.expires)
    line = Delivery(
        id=UUID(int=number), message=message, guardian_id=UUID(int=1), family=True, state=state, due_at=due
    )
    facts = deciding.Facts({line.pk}, {}, {}, set(), {}, {(line.pk, "sms"): "1"}, {line.pk})
    leaks = 0
    for _round in range(60):
        if line.state not in (State.QUEUED, State.HELD):
            return leaks
        late = dice.choice([0, 0, 0, 1, 30, 600, 900])
        moment = line.due_at + timedelta(minutes=late, seconds=dice.randrange(60))
        leaks += _step(
            line,
            facts,
            moment,
            Outcome(dice.choice(KINDS), after=timedelta(minutes=dice.choice([1, 15, 60]))),
        )
    raise RuntimeError(f"message {number} comes to no end: {line.state}")


def _step(line: Delivery, facts: deciding.Facts, moment: datetime, outcome: Outcome) -> int:
    """A worker's round for the line; 1 when it rang in the night of China."""
    found = deciding.decided(line, facts, moment)
    if found.parcel is None:
        line.state, line.due_at = found.state, found.due_at or line.due_at
        return 0
    line.channel = found.channel
    changes = delivering.after(line, outcome, moment, repeats=True, before=line.called_at is not None)
    line.called_at = line.called_at or moment
    for name, value in changes.items():
        setattr(line, name, value)
    hour = (moment.hour + 8) % 24
    return int(hour >= 21 or hour < 7)
