"""Checks the chain of closings: that none was altered, dropped or slipped in, nor a single frozen standing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection, connections
from django.utils.translation import gettext as _

from tongyu.duties.closing.chain import FIRST, digest, hash_of
from tongyu.duties.closing.compare import frozen_hash
from tongyu.duties.closing.guard import label_of
from tongyu.duties.closing.models import ClosedDuty, Closing
from tongyu.duties.closing.stored import StoredDuty, from_row, own_numbers, whole
from tongyu.duties.periods import STANDING

SHOWN = """
SELECT count(*) FROM duties_tally t
WHERE t.obligation_id = %(obligation)s AND t.period_key = %(key)s AND t.place >= %(lo)s AND t.place < %(hi)s
HAVING {sums}
"""
TOLD = """
SELECT DISTINCT row_id FROM audit_event WHERE subject = 'duties_closing' AND act = 'insert'
EXCEPT SELECT id::text FROM duties_closing
"""
SEALS = "SELECT encode(hash, 'hex') FROM audit_seal WHERE number = %s"


@dataclass(frozen=True)
class Check:
    """What a check of the closings found: one sentence for each fault."""

    closings: int
    standings: int
    faults: list[str]


def check() -> Check:
    """Every closing of every county, in order; the caller has a transaction and the engine's scope.

    Reads every frozen standing once, and the audit through the owner's connection; changes nothing.
    """
    faults: list[str] = []
    closings = list(Closing.objects.order_by("lo", "number"))
    editions: dict[tuple[int, str, int, str], list[int]] = {}
    latest: dict[tuple[int, str, int, str], tuple[Closing, ClosedDuty]] = {}
    before: Closing | None = None
    for closing in closings:
        before = before if before and before.lo == closing.lo else None
        faults += _link(closing, before)
        duties = list(closing.duties.order_by("pk"))
        faults += _own(closing, duties)
        for duty in duties:
            key = (closing.lo, closing.period_key, duty.obligation_id, duty.period_key)
            editions.setdefault(key, []).append(duty.pk)
            latest[key] = closing, duty
            faults += _duty(closing, duty, from_row(duty, editions[key]))
        before = closing
    for closing, duty in latest.values():
        faults += _shown(closing, duty)
    faults += _dropped()
    return Check(len(closings), sum(closing.standings for closing in closings), faults)


def named(closing: Closing) -> str:
    """第 3 号 2026—2027学年第一学期 更正 1."""
    text = _("第 %(number)d 号结账（%(period)s）") % {
        "number": closing.number,
        "period": label_of(closing.period_key),
    }
    restated = _("更正 %(n)d") % {"n": closing.edition}
    return f"{text} {restated}" if closing.edition else text


def _link(closing: Closing, before: Closing | None) -> Iterator[str]:
    expected = before.number + 1 if before else 1
    if closing.number != expected:
        yield _("%(closing)s之前缺 %(n)d 次结账：被删除。") % {
            "closing": named(closing),
            "n": closing.number - expected,
        }
    elif closing.before != (before.hash if before else FIRST):
        yield _("%(closing)s接不上前一次结账：前一次被改动过。") % {"closing": named(closing)}


def _own(closing: Closing, duties: Sequence[ClosedDuty]) -> Iterator[str]:
    if closing.hash != hash_of(closing, duties):
        yield _("%(closing)s的凭证被改动过：内容与指纹不符。") % {"closing": named(closing)}
    with connections["owner"].cursor() as cursor:
        cursor.execute(SEALS, [closing.basis["audit"]["seal"]])
        found = cursor.fetchone()
    if closing.basis["audit"]["seal"] and (found is None or found[0] != closing.basis["audit"]["hash"]):
        yield _("%(closing)s时的审计封条第 %(n)d 号不见了或被换过。") % {
            "closing": named(closing),
            "n": closing.basis["audit"]["seal"],
        }


def _duty(closing: Closing, row: ClosedDuty, duty: StoredDuty) -> Iterator[str]:
    told: dict[str, Any] = {
        "closing": named(closing),
        "title": row.rule["compiled"]["title"],
        "key": row.period_key,
    }
    own = "own" in row.rule and row.rule["own"] != digest(own_numbers(duty.editions[0]))
    if own or row.rule_hash != digest(row.rule) or row.inputs_hash != digest(row.inputs):
        yield _("%(closing)s“%(title)s”（%(key)s）的规则或依据被改动过。") % told
    number, found = frozen_hash(duty, *whole(closing.lo))
    if (number, found) != (row.standings, row.standings_hash):
        yield _("%(closing)s“%(title)s”（%(key)s）冻结的履责项被改动、删除或增加过。") % told


def _shown(closing: Closing, row: ClosedDuty) -> Iterator[str]:
    """Whether the boards show other sums for a closed window than what was frozen last."""
    if row.period_key == STANDING:
        return
    lo, hi = whole(closing.lo)
    sums = " OR ".join(f"COALESCE(sum(t.{state}), 0) <> {number}" for state, number in row.counts.items())
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"obligation": row.obligation_id, "key": row.period_key, "lo": lo, "hi": hi}
        cursor.execute(SHOWN.format(sums=sums), values)
        if cursor.fetchone():
            yield _("“%(title)s”（%(key)s）已结账，看板上的数字却与冻结的不同。") % {
                "title": row.rule["compiled"]["title"],
                "key": row.period_key,
            }


def _dropped() -> Iterator[str]:
    """Closings that the audit tells of and that are not there: the last ones cannot be missed by their successors."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(TOLD)
        for (pk,) in cursor.fetchall():
            yield _("审计里记着一次结账（编号 %(id)s），现在不见了：被删除。") % {"id": pk}
