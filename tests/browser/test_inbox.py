"""A parent's phone: the message is marked, read, and not marked any more; each line names the child."""

import psycopg
import pytest

from support.site import no_overflow
from tongyu.config import embedded

pytestmark = pytest.mark.browser

# As `send` stores it; the running site is another process.
TELL = """
WITH child AS (
    SELECT a.id AS guardian, a.account_id, g.student_id, g.org, s.name
    FROM directory_account o JOIN directory_guardian a ON a.account_id = o.id
    JOIN directory_guardianship g ON g.guardian_id = a.id AND g.until_day IS NULL
    JOIN directory_student s ON s.id = g.student_id
    WHERE o.username = 'parent' ORDER BY g.student_id LIMIT 1),
said AS (
    INSERT INTO notices_message (id, org, topic, key, title, body, url, words, sent_at, expires_at)
    SELECT gen_random_uuid(), org, 'plain', gen_random_uuid()::text, '周五下午两点半开家长会', '请准时参加。', '', '{}',
           now(), now() + interval '7 days' FROM child RETURNING id),
line AS (
    INSERT INTO notices_delivery (id, message_id, org, account_id, guardian_id, family, made_at, urgent, state, due_at,
                                  channel, tried, attempts, failures, code)
    SELECT gen_random_uuid(), said.id, org, account_id, guardian, true, now(), false, 'inside', now(),
           '', '{}', 0, 0, ''
    FROM child, said RETURNING id)
INSERT INTO notices_concern (delivery_id, org, student_id, guardian_id)
SELECT line.id, org, student_id, guardian FROM child, line
RETURNING (SELECT name FROM child)
"""


def test_a_parent_reads_a_message_on_the_phone(site, sign_in):
    with psycopg.connect(embedded.owner_url(site.database), autocommit=True) as owner:
        owner.execute("SELECT set_config('app.actor', 'system:test', false)")
        ((child,),) = owner.execute(TELL).fetchall()
    page = sign_in("parent", phone=True)
    page.goto("/notices/")
    line = page.locator(".rows li", has_text="周五下午两点半开家长会")
    assert child in line.inner_text()
    assert line.get_by_text("未读").is_visible()
    assert no_overflow(page)
    with page.expect_response(lambda answer: answer.url.endswith("/read/")) as seen:
        line.get_by_role("link").click()
    assert seen.value.ok
    assert page.get_by_text("请准时参加。").is_visible()
    assert no_overflow(page)
    page.get_by_role("link", name="消息").first.click()
    line.wait_for()
    assert line.get_by_text("未读").count() == 0
    page.get_by_role("link", name="提醒方式").click()
    page.get_by_role("button", name="保存").wait_for()
    assert no_overflow(page)
