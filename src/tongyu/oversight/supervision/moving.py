"""What happens to notices by themselves: items answered and closed by the standings, steps, warnings, digests.

Each function may run any number of times on a day: what is done is not done again.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from tongyu.core import clock
from tongyu.directory import codes
from tongyu.directory.kinds import BodyKind
from tongyu.duties.models import Tally
from tongyu.duties.periods import STANDING
from tongyu.oversight.supervision import lagging
from tongyu.oversight.supervision.actions import word
from tongyu.oversight.supervision.addressing import office_of
from tongyu.oversight.supervision.models import Digest, DigestWord, NoticeItem, WordKind
from tongyu.oversight.supervision.steps import SchoolDays, is_due

BETWEEN_WARNINGS = timedelta(days=7)
"""The same duty is not warned of twice in a week."""

SYNC = """
UPDATE supervision_noticeitem i SET
  answered_on = COALESCE(i.answered_on, CASE WHEN x.done > i.done_then THEN %(day)s::date END),
  closed_on = CASE WHEN x.ending <> '' THEN %(day)s::date END,
  ending = x.ending
FROM (
  SELECT o.id, COALESCE(sum(LEAST(s.count, s.needed)), 0) AS done,
         CASE WHEN count(s.id) = 0 THEN 'gone'
              WHEN count(s.id) FILTER (WHERE s.state IN ('missing', 'behind_pace')) = 0 THEN 'cleared'
              WHEN NOT (o.obligation_id, o.period_key) IN (SELECT * FROM unnest(%(ids)s::int[], %(keys)s::text[]))
              THEN 'lapsed' ELSE '' END AS ending
  FROM supervision_noticeitem o
  LEFT JOIN duties_standing s ON s.obligation_id = o.obligation_id AND s.period_key = o.period_key
    AND s.bearer_org = o.bearer
  WHERE o.closed_on IS NULL AND o.org >= %(lo)s AND o.org < %(hi)s
  GROUP BY o.id
) x
WHERE x.id = i.id AND (x.ending <> '' OR (i.answered_on IS NULL AND x.done > i.done_then))
"""
WARN = f"""
INSERT INTO supervision_digestword (org, kind, obligation_id, period_key, bearer, due_on, since)
SELECT CASE WHEN t.bearer IN (%(lo)s, %(group)s) THEN %(office)s ELSE t.bearer END, 'pace',
       t.obligation_id, t.period_key, t.bearer, d.due_on, %(day)s::date
FROM {lagging.WINDOWS}
JOIN duties_tally t ON t.obligation_id = w.obligation AND t.period_key = w.period_key
JOIN unnest(%(ids)s::int[], %(keys)s::text[], %(dues)s::date[]) AS d(obligation, period_key, due_on)
  ON d.obligation = w.obligation AND d.period_key = w.period_key
WHERE t.bearer >= %(lo)s AND t.bearer < %(hi)s AND t.behind_pace > 0 AND d.due_on > %(day)s::date
  AND NOT EXISTS (SELECT FROM supervision_digestword b
                  WHERE b.kind = 'pace' AND b.bearer = t.bearer AND b.obligation_id = t.obligation_id
                    AND b.period_key = t.period_key AND b.since > %(lately)s::date)
  AND NOT EXISTS (SELECT FROM supervision_noticeitem i
                  WHERE i.closed_on IS NULL AND i.bearer = t.bearer AND i.obligation_id = t.obligation_id
                    AND i.period_key = t.period_key)
GROUP BY t.bearer, t.obligation_id, t.period_key, d.due_on
ON CONFLICT DO NOTHING
"""


def sync(county: int, day: date) -> None:
    """Note which open items have new records, and close those of which nothing lags any more. One statement.

    What is missed in a window that takes no more records is closed as such: it stays missing on the boards, and no
    notice can mend it.
    """
    with connection.cursor() as cursor:
        cursor.execute(SYNC, {**_windows(county, day), "day": day, **_whole(county)})


def escalate(county: int, day: date, days: SchoolDays) -> None:
    """Take today's steps: the next in the chain of every open item whose time is up. Each step once, in order."""
    if day not in days:
        return
    whole = _whole(county)
    late = NoticeItem.objects.filter(
        closed_on=None, notice__deadline__lt=day, org__gte=whole["lo"], org__lt=whole["hi"]
    )
    moved, words = [], []
    for item in late.select_related("notice").select_for_update(of=("self",)).order_by("id"):
        taken = sorted(one for one in (item.accountable_on, item.supervisor_on) if one)
        if not is_due(days, item.notice.deadline, taken, len(item.chain), day):
            continue
        step = item.chain[len(taken)]
        kind = WordKind(step)
        setattr(item, f"{step}_on", day)
        told = item.accountables if kind == WordKind.ACCOUNTABLE else [item.supervisor]
        words += [word(item, kind, org, item.notice.deadline, day) for org in told if org is not None]
        moved.append(item)
    NoticeItem.objects.bulk_update(moved, ["accountable_on", "supervisor_on"], batch_size=500)
    DigestWord.objects.bulk_create(words, ignore_conflicts=True)


def warn(county: int, day: date) -> None:
    """Tell bearers what is behind its pace and still has time; at most once a week each. One statement."""
    group = codes.county_body_code(county, codes.LEADING_GROUP_NUMBER)
    values = {
        **_windows(county, day),
        **_whole(county),
        "day": day,
        "lately": day - BETWEEN_WARNINGS,
        "office": office_of(county),
        "group": group,
    }
    with connection.cursor() as cursor:
        cursor.execute(WARN, values)


def digest(county: int, day: date) -> int:
    """Put what is still true into one digest for each body that has not had one today; returns how many were made."""
    whole = _whole(county)
    waiting = DigestWord.objects.filter(
        told_on=None, since__lte=day, org__gte=whole["lo"], org__lt=whole["hi"]
    )
    waiting.filter(~still_true()).delete()
    had = Digest.objects.filter(org=OuterRef("org"), day=day)
    orgs = waiting.filter(~Exists(had)).values_list("org", flat=True).distinct().order_by("org")
    moment = clock.now()
    made = Digest.objects.bulk_create([Digest(org=org, day=day, made_at=moment) for org in orgs])
    new = Digest.objects.filter(day=day, made_at=moment)
    waiting.filter(org__in=new.values("org")).update(told_on=day)
    return len(made)


def still_true() -> Q:
    """A word about an item that is open, or about a pace that is still behind."""
    item = NoticeItem.objects.filter(pk=OuterRef("item"), closed_on=None)
    behind = Tally.objects.filter(
        obligation_id=OuterRef("obligation_id"),
        period_key=OuterRef("period_key"),
        bearer=OuterRef("bearer"),
        behind_pace__gt=0,
    )
    return Q(Exists(item)) | (Q(kind=WordKind.PACE) & Q(Exists(behind)))


def _windows(county: int, day: date) -> dict[str, Any]:
    windows = lagging.open_windows(county, day)
    return {
        "ids": [pk for pk, _key in windows],
        "keys": [key for _pk, key in windows],
        "dues": [
            date.max if key == STANDING else period.due_on for (_pk, key), (_rule, period) in windows.items()
        ],
    }


def _whole(county: int) -> dict[str, int]:
    return {"lo": county, "hi": codes.upper(county, BodyKind.COUNTY)}
