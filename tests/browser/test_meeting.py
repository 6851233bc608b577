"""A parent meeting from its plan to the last family told, and talks for two children back to back."""

import re

import psycopg
import pytest
from playwright.sync_api import Page, expect

from support.site import no_overflow
from tongyu.config import embedded

pytestmark = pytest.mark.browser

EVERYWHERE = """
SELECT set_config('app.lo', '0', false), set_config('app.hi', '9223372036854775807', false),
       set_config('app.actor', 'system:test', false)
"""
ACCOUNT = """
INSERT INTO directory_account (username, password, email, is_active, password_given, created_at, guardian)
SELECT 'two-children', password, '', true, false, now(), true FROM directory_account WHERE username = 'teacher'
RETURNING id
"""
OF_CLASS = """
SELECT g.guardian_id, s.id, s.name, s.org FROM directory_guardianship g JOIN directory_student s ON s.id = g.student_id
JOIN directory_appointment a ON a.org = s.org AND a.role = 'class_teacher' AND a.until_day IS NULL
JOIN directory_account c ON c.id = a.account_id AND c.username = 'teacher'
JOIN directory_guardian p ON p.id = g.guardian_id AND p.account_id IS NULL
JOIN directory_enrolment e ON e.student_id = s.id AND e.left_on IS NULL
WHERE g.until_day IS NULL
  AND NOT EXISTS (SELECT FROM directory_guardianship o WHERE o.guardian_id = g.guardian_id AND o.student_id <> s.id)
ORDER BY s.name_key LIMIT 1
"""
SIBLING = """
SELECT s.id, s.name, s.org FROM directory_student s
JOIN directory_enrolment e ON e.student_id = s.id AND e.left_on IS NULL
JOIN directory_appointment a ON a.org = s.org AND a.role = 'class_teacher' AND a.until_day IS NULL
WHERE s.org / 100000 = %s / 100000 AND s.org <> %s ORDER BY s.org DESC, s.name_key LIMIT 1
"""
TIE = """
INSERT INTO directory_guardianship (id, student_id, org, guardian_id, relation, position, from_day)
SELECT gen_random_uuid(), %s, %s, %s, 'father', 9, '2026-09-01'
"""


@pytest.fixture(scope="module")
def children(site) -> list[str]:
    """The two children of one guardian who signs in as `two-children`: one in the teacher's class, one in another."""
    owner = embedded.with_parts(embedded.start(), database=site.database)
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(EVERYWHERE)
        account = connection.execute(ACCOUNT).fetchone()[0]
        guardian, _pupil, name, org = connection.execute(OF_CLASS).fetchone()
        connection.execute("UPDATE directory_guardian SET account_id = %s WHERE id = %s", [account, guardian])
        sibling, other, place = connection.execute(SIBLING, [org, org]).fetchone()
        connection.execute(TIE, [sibling, place, guardian])
    site.accounts["two-children"] = site.accounts["teacher"] | {"username": "two-children"}
    return [name, other]


def parent(sign_in) -> Page:
    """The guardian on the phone, past the question of consent."""
    page = sign_in("two-children", phone=True)
    if page.locator("button[name=later]").count():
        page.locator("button[name=later]").tap()
        page.wait_for_url("**/family/")
    return page


def plan(teacher: Page, day: str, hour: str = "00:01") -> str:
    """The teacher plans a meeting and invites, in one form; the address of the event."""
    teacher.goto("/work/gatherings/events/new/parent_meeting/")
    teacher.fill("input[name=occurred_on]", day)
    teacher.locator("details.more > summary").first.tap()
    teacher.fill("input[name=starts]", hour)
    teacher.get_by_role("button", name="还没举行，计划并邀请家长").tap()
    teacher.wait_for_url(re.compile(r"/events/[0-9a-f-]{36}/$"))
    return teacher.url


def families(teacher: Page, event: str) -> None:
    """To the list of the class."""
    teacher.goto(event)
    teacher.locator("a.row-item[href*='/families/']").first.tap()
    teacher.wait_for_url("**/families/**")


def test_a_teacher_plans_a_parent_answers_and_asks_the_teacher_replies(sign_in, children):
    teacher, mother = sign_in("teacher", phone=True), parent(sign_in)
    event = plan(teacher, "2026-11-28", "15:00")
    mother.goto("/family/")
    asked = mother.locator("a.row-item", has_text="家长会 11月28日 15:00").first
    expect(asked).to_contain_text("请回复是否参加")
    asked.tap()
    mother.wait_for_url("**/events/family/**")
    assert no_overflow(mother)
    mother.get_by_role("button", name="我来").first.tap()
    expect(mother.get_by_role("button", name="我来").first).to_have_attribute("aria-pressed", "true")
    mother.get_by_role("button", name="别的家人来").first.tap()
    expect(mother.get_by_role("button", name="别的家人来").first).to_have_attribute("aria-pressed", "true")
    mother.fill("textarea[name=text]", "作业要做多久？")
    mother.get_by_role("button", name="提问").tap()
    expect(mother.locator("body")).to_contain_text("老师还没有答复")

    families(teacher, event)
    expect(teacher.locator("li[data-family]", has_text=children[0]).first).to_contain_text("别的家人来")
    assert no_overflow(teacher)
    teacher.get_by_role("link", name="家长提问").tap()
    teacher.locator("a.row-item", has_text="作业要做多久？").first.tap()
    teacher.fill("textarea[name=answer]", "一小时左右。")
    with teacher.expect_navigation():
        teacher.get_by_role("button", name="发出答复").tap()
    mother.reload()
    expect(mother.locator("body")).to_contain_text("一小时左右。")
    mother.goto("/family/")
    expect(mother.locator("a.row-item", has_text="家长会 11月28日 15:00")).to_have_count(0)


def test_taps_survive_a_lost_network_and_absent_families_are_told(sign_in, children):
    teacher = sign_in("teacher", phone=True)
    event = plan(teacher, "2026-11-23")
    families(teacher, event)
    say, rows = teacher.locator("[data-say]"), teacher.locator("li[data-family]")
    rows.nth(0).locator("label").nth(0).tap()
    expect(say).to_have_text("都已保存")
    teacher.context.set_offline(True)
    rows.nth(1).locator("label").nth(0).tap()
    rows.nth(2).locator("label").nth(1).tap()
    expect(say).to_contain_text("没有网络，2 条留在本页")
    rows.nth(3).locator("label").nth(1).tap()
    expect(say).to_contain_text("3 条")
    teacher.context.set_offline(False)
    expect(say).to_have_text("都已保存", timeout=40_000)
    teacher.get_by_role("button", name="其余都记“到”").tap()
    expect(say).to_have_text("都已保存")
    count = rows.count()
    teacher.reload()
    expect(teacher.locator(".taps-sum")).to_contain_text(f"到 {count - 2} 家 · 未到 2 家 · 未记 0 家")

    teacher.get_by_role("link", name="会后告知").tap()
    expect(teacher.locator("body")).to_contain_text("还没告知 2 家")
    teacher.get_by_role("button", name="电话").first.tap()
    expect(teacher.locator("body")).to_contain_text("还没告知 1 家")
    assert no_overflow(teacher)
    teacher.get_by_role("link", name="纸质名单").tap()
    expect(teacher.locator(".paper-names tbody tr")).to_have_count(count)

    teacher.goto(event)
    teacher.locator(".chip", has_text="作业与睡眠").tap()
    teacher.get_by_role("button", name="确认已举行").tap()
    mother = parent(sign_in)
    mother.goto(event.replace("/events/", "/events/family/"))
    expect(mother.locator("body")).to_contain_text("讲了：作业与睡眠。")


def test_a_server_in_trouble_and_a_stale_token_lose_no_tap(sign_in, children):
    teacher = sign_in("teacher", phone=True)
    families(teacher, plan(teacher, "2026-11-23"))
    say, rows = teacher.locator("[data-say]"), teacher.locator("li[data-family]")
    tries = []

    def once(route):
        tries.append(route.request.post_data)
        if len(tries) == 1:
            route.fulfill(status=503, body="")
        elif len(tries) == 2:  # stored, but the answer is lost
            route.fetch()
            route.abort()
        else:
            route.continue_()

    teacher.route("**/taps/**", once)
    teacher.evaluate("document.querySelector('form[data-taps] [name=csrfmiddlewaretoken]').value")
    rows.nth(0).locator("label").nth(0).tap()
    expect(say).to_have_text("都已保存", timeout=40_000)
    assert len(tries) == 3
    assert len(set(tries)) == 1, "the same tap under the same id"
    teacher.evaluate(
        "document.querySelector('form[data-taps] [name=csrfmiddlewaretoken]').value = 'x'.repeat(64)"
    )
    rows.nth(1).locator("label").nth(0).tap()
    expect(say).to_have_text("都已保存", timeout=40_000)
    teacher.reload()
    expect(teacher.locator(".taps-sum")).to_contain_text("到 2 家")


def test_two_children_are_booked_back_to_back_and_the_teacher_sees_it(sign_in, children):
    leader, mother, teacher = sign_in("leader"), parent(sign_in), sign_in("teacher", phone=True)
    leader.goto("/work/gatherings/talks/new/")
    leader.fill("input[name=day]", "2026-11-27")
    leader.fill("input[name=starts]", "14:00")
    leader.fill("input[name=ends]", "15:00")
    for name in ("staff", "classes"):
        for chip in leader.locator(f"input[name={name}]").all():
            chip.check(force=True)
    leader.get_by_role("button", name="发给家长预约").click()
    leader.wait_for_url(re.compile(r"/talks/[0-9a-f-]{36}/$"))
    day = leader.url

    mother.goto(day.replace("/talks/", "/talks/family/"))
    assert no_overflow(mother)
    teacher.goto(day)
    name = teacher.locator(".desk .card-title").first.inner_text().split(" · ")[0]
    pair = mother.locator("li", has=mother.get_by_role("button", name="约这两个")).filter(has_text=name).first
    for child in children:
        expect(pair).to_contain_text(child)
    pair.get_by_role("button", name="约这两个").tap()
    expect(mother.locator("body")).to_contain_text("两个孩子都约好了。")
    expect(mother.get_by_role("link", name="改时间")).to_have_count(2)
    mother.get_by_role("link", name="改时间").first.tap()
    mother.get_by_role("button", name=re.compile(r"^14:[345]0$")).first.tap()
    expect(mother.locator("body")).to_contain_text("约好了。")

    teacher.goto(day)
    expect(teacher.locator("body")).to_contain_text(children[0])
    assert no_overflow(teacher)
    teacher.get_by_role("button", name="不接待").first.tap()
    expect(teacher.get_by_role("button", name="恢复")).to_have_count(1)
