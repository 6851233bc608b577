"""The audit sealed in batches: the job that seals, and the check that nothing was changed, removed or slipped in."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.utils.translation import gettext as _

BATCH = 50_000
SHOWN = 20
"""So many rows of one broken seal are named; of more the number is told."""
PRINT = 16
NOTHING = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
"""What the first seal stands on: the hash of no bytes."""

STAND = """
SELECT s.number, s.first_id, s.next_id, s.events, encode(s.before, 'hex'), encode(s.hash, 'hex'),
       s.hash = audit_seal_hash(s), COALESCE(s.events = e.n AND s.rows_hash = e.h, false)
FROM audit_seal s CROSS JOIN LATERAL (
    SELECT count(*) AS n, sha256(string_agg(audit_row_hash(a), ''::bytea ORDER BY a.id)) AS h
    FROM audit_event a WHERE a.id >= s.first_id AND a.id < s.next_id) e
ORDER BY s.number
"""
ROWS = """
SELECT a.id, substr(audit_row_hash(a), 1, 8) FROM audit_event a, audit_seal s
WHERE s.number = %s AND a.id >= s.first_id AND a.id < s.next_id
"""
NOTES = """
SELECT row_id, new ->> 'hash' FROM audit_event
WHERE act = 'seal' AND actor = 'system:audit' AND subject = 'audit_seal' ORDER BY id
"""
OPEN = "SELECT count(*) FROM audit_event WHERE id >= (SELECT COALESCE(max(next_id), 1) FROM audit_seal)"


@dataclass(frozen=True)
class Head:
    """The latest seal. Whoever keeps its number and hash elsewhere can tell later that nothing before it changed."""

    number: int
    hash: str


@dataclass(frozen=True)
class Check:
    """What a check of the audit found: one sentence for each fault; none when all is as it was sealed."""

    seals: int
    sealed: int
    open: int
    head: Head
    faults: list[str]


def seal_waiting(most: int = BATCH) -> int:
    """Seal what no running transaction can add to any more, in batches of at most `most`; returns how many rows.

    What others are writing at the moment is left to the next time. Must not be called inside a transaction.
    """
    sealed, found = 0, 1
    while found:
        with transaction.atomic(durable=True), connections[DEFAULT_DB_ALIAS].cursor() as cursor:
            cursor.execute("SELECT audit_seal_batch(%s)", [most])
            found = int(cursor.fetchone()[0])
        sealed += found
    return sealed


def head(using: str = DEFAULT_DB_ALIAS) -> Head:
    """The latest seal; number 0 when nothing has been sealed yet."""
    with connections[using].cursor() as cursor:
        cursor.execute("SELECT number, encode(hash, 'hex') FROM audit_seal ORDER BY number DESC LIMIT 1")
        found = cursor.fetchone()
    return Head(*found) if found else Head(0, NOTHING)


def has(text: str, using: str = "owner") -> bool:
    """Whether a seal with this hash, or a beginning of it of eight digits or more, stands."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM audit_seal WHERE starts_with(encode(hash, 'hex'), %s))",
            [text.lower()],
        )
        return len(text) >= 8 and bool(cursor.fetchone()[0])


def check(using: str = "owner") -> Check:
    """Compare every sealed row with its seal and every seal with the one before; read by the owner, changes nothing."""
    with connections[using].cursor() as cursor:
        cursor.execute(STAND)
        seals = cursor.fetchall()
        cursor.execute(NOTES)
        notes = cursor.fetchall()
        cursor.execute(OPEN)
        still_open = cursor.fetchone()[0]
        faults = [*_chain(seals), *_missing(seals, notes)]
        for number, *_rest, sound in seals:
            if not sound:
                faults += _rows(cursor, number)
    last = Head(seals[-1][0], seals[-1][5]) if seals else Head(0, NOTHING)
    return Check(len(seals), sum(seal[3] for seal in seals), still_open, last, faults)


def _chain(seals: list[tuple[Any, ...]]) -> Iterator[str]:
    """Faults of the seals themselves: one altered, one taken out, a gap between two."""
    expected, before, from_id = 1, NOTHING, 1
    for number, first_id, next_id, _events, stands_on, own, sound, _rows_sound in seals:
        if number != expected:
            yield _("第 %(first)d 号封条之前缺 %(n)d 枚封条：封条被删除。") % {
                "first": number,
                "n": number - expected,
            }
        elif stands_on != before or first_id != from_id:
            yield _("第 %(number)d 号封条接不上前一枚：前一枚被替换过。") % {"number": number}
        if not sound:
            yield _("第 %(number)d 号封条本身被改动过。") % {"number": number}
        expected, before, from_id = number + 1, own, next_id


def _missing(seals: list[tuple[Any, ...]], notes: list[tuple[str, str]]) -> Iterator[str]:
    """Seals that the audit tells of and that are not there: the last ones cannot be missed by their successors."""
    last = seals[-1][0] if seals else 0
    standing = {str(seal[0]): seal[5] for seal in seals}
    for number, noted in notes:
        if number not in standing and int(number) > last:
            yield _("第 %(number)s 号封条不见了：审计里记着它曾经封存。") % {"number": number}
        elif number in standing and standing[number] != noted:
            yield _("第 %(number)s 号封条与审计里记下的不一致：封条被重做过。") % {"number": number}


def _rows(cursor: Any, number: int) -> list[str]:
    """Which rows of a broken seal were changed, removed, or added."""
    cursor.execute("SELECT prints FROM audit_seal WHERE number = %s", [number])
    prints = bytes(cursor.fetchone()[0])
    sealed = {
        int.from_bytes(prints[at : at + 8], "big", signed=True): prints[at + 8 : at + PRINT]
        for at in range(0, len(prints), PRINT)
    }
    cursor.execute(ROWS, [number])
    standing = {row[0]: bytes(row[1]) for row in cursor.fetchall()}
    told = {
        _("审计记录 %(ids)s 被改动（第 %(number)d 号封条）。"): [
            row for row in sealed if row in standing and standing[row] != sealed[row]
        ],
        _("审计记录 %(ids)s 被删除（第 %(number)d 号封条）。"): [
            row for row in sealed if row not in standing
        ],
        _("审计记录 %(ids)s 是封存之后塞进来的（第 %(number)d 号封条）。"): [
            row for row in standing if row not in sealed
        ],
    }
    found = [text % {"ids": _listed(ids), "number": number} for text, ids in told.items() if ids]
    return found or [_("第 %(number)d 号封条与它的记录不符。") % {"number": number}]


def _listed(ids: list[int]) -> str:
    text = "、".join(str(one) for one in sorted(ids)[:SHOWN])
    return text if len(ids) <= SHOWN else _("%(ids)s 等 %(n)d 条") % {"ids": text, "n": len(ids)}
