"""notice.fanout: one notice from the office to 60,000 guardians, every line queued for a channel and committed."""

from typing import Any

from django.conf import settings
from django.db import connections, transaction

from tongyu.cli.bench import sessions
from tongyu.cli.bench.measure import Row, row, seconds
from tongyu.core.access import Asker
from tongyu.core.clock import today
from tongyu.core.context import acting, system_scope
from tongyu.directory.hats import hats_of, scope_of
from tongyu.notices.actions import send
from tongyu.notices.models import Delivery
from tongyu.notices.recipients import GuardiansWithin
from tongyu.notices.topics import HINTS, Topic, topics

GUARDIANS = 60_000
NAME = "bench-notice"

# As many more adults as are missing, each for one child; without the triggers, which are not what is measured.
MORE = f"""
SET LOCAL session_replication_role = replica;
WITH missing AS (SELECT {GUARDIANS} - count(DISTINCT g.guardian_id) AS n FROM directory_guardianship g
                 JOIN directory_enrolment e ON e.student_id = g.student_id AND e.left_on IS NULL
                 WHERE g.until_day IS NULL),
children AS (SELECT s.id, s.org, gen_random_uuid() AS adult FROM directory_student s
             JOIN directory_enrolment e ON e.student_id = s.id AND e.left_on IS NULL
             ORDER BY s.id LIMIT (SELECT n FROM missing)),
adults AS (INSERT INTO directory_guardian (id, org, name, name_key, invented)
           SELECT adult, org, '{NAME}', '', true FROM children)
INSERT INTO directory_guardianship (id, student_id, org, guardian_id, relation, position, from_day)
SELECT gen_random_uuid(), id, org, adult, 'other', 9, '2020-09-01' FROM children
"""
LESS = f"""
SET LOCAL session_replication_role = replica;
DELETE FROM notices_attempt; DELETE FROM notices_concern; DELETE FROM notices_delivery; DELETE FROM notices_message;
DELETE FROM directory_guardianship g USING directory_guardian a WHERE a.id = g.guardian_id AND a.name = '{NAME}';
DELETE FROM directory_guardian WHERE name = '{NAME}'
"""
BARE = """
CREATE TABLE bench_line AS
SELECT gen_random_uuid() AS id, g.guardian_id, array_agg(g.student_id) AS students, min(g.org) AS org
FROM directory_guardianship g JOIN directory_enrolment e ON e.student_id = g.student_id AND e.left_on IS NULL
WHERE g.until_day IS NULL GROUP BY g.guardian_id
"""


def measure() -> list[Row]:
    """Seconds; the bound selects the same people into a bare table. Sent once more, nobody may have it twice."""
    settings.TONGYU_CHANNELS = {"sms": {"gateway": "console", "demo": "yes"}}
    topics.register(Topic(NAME, NAME, dict(HINTS), template="notice"))
    visitor = sessions.holders("office_staff", 1, today())[0]
    asker = hats_of(visitor.account, today())[0].asker
    _as_owner(MORE)
    try:
        value = seconds(lambda: _send(asker))
        _check()
        _send(asker)
        _check()
        bound = seconds(lambda: _as_owner(BARE))
    finally:
        _as_owner(LESS)
        _as_owner("DROP TABLE IF EXISTS bench_line")
    return [row("notice.fanout", value, "s", bound)]


def _send(asker: Asker) -> None:
    with acting(scope_of(asker, purpose="bench")), transaction.atomic():
        to = [GuardiansWithin(asker.lo, asker.hi)]
        send(topic=NAME, key="1", title="全县家长会通知", body="请查看。", to=to, by=asker)


def _check() -> None:
    with acting(system_scope("bench")), transaction.atomic():
        rows = Delivery.objects.filter(state__in=["queued", "held"])
        found = rows.count(), rows.values("guardian_id").distinct().count()
    if found != (GUARDIANS, GUARDIANS):
        raise RuntimeError(f"{found[0]} lines for {found[1]} guardians are queued, not {GUARDIANS}")


def _as_owner(sql: str) -> None:
    owner: Any = connections["owner"]
    with transaction.atomic(using="owner"), owner.cursor() as cursor:
        cursor.execute(sql)
