"""A class elects its committee: a guardian stands and votes on the phone, the teacher closes, the members stand."""

import re
from datetime import datetime, timedelta

import psycopg
import pytest
from playwright.sync_api import expect

from support.site import TODAY, no_overflow
from tongyu.config import embedded

pytestmark = pytest.mark.browser

LIST, FAMILY = "/work/families/committees/", "/work/families/committees/family/"
ANOTHER = """
SELECT a.name, s.name FROM directory_guardian a
JOIN directory_guardianship g ON g.guardian_id = a.id JOIN directory_student s ON s.id = g.student_id
WHERE s.org = (
    SELECT x.org FROM directory_appointment x JOIN directory_account k ON k.id = x.account_id
    WHERE k.username = 'teacher' AND x.role = 'class_teacher' AND x.until_day IS NULL LIMIT 1)
AND g.until_day IS NULL AND NOT EXISTS (
    SELECT FROM directory_account k WHERE k.id = a.account_id AND k.username = 'parent')
AND EXISTS (SELECT FROM directory_enrolment e WHERE e.student_id = s.id AND e.left_on IS NULL)
ORDER BY s.name_key LIMIT 1
"""


def another_family(site):
    """A guardian and a child of the known class who are not the known parent's."""
    with psycopg.connect(embedded.owner_url(site.database), autocommit=True) as owner, owner.transaction():
        owner.execute(
            "SELECT set_config('app.lo', '0', true), set_config('app.hi', '9223372036854775807', true)"
        )
        return owner.execute(ANOTHER).fetchone()


def minute(moment):
    """As a field for date and time takes it."""
    return moment.strftime("%Y-%m-%dT%H:%M")


def now():
    """This time of the day on which the site stands."""
    from zoneinfo import ZoneInfo

    clock = datetime.now(ZoneInfo("Asia/Shanghai"))
    return datetime.combine(datetime.fromisoformat(TODAY).date(), clock.time())


def cancel_what_runs(teacher):
    """The demo county has a vote running in the class."""
    teacher.goto(LIST)
    link = teacher.locator("a.row-item[href*='/elections/']")
    if link.count():
        teacher.goto(f"{link.first.get_attribute('href')}cancel/")
        teacher.fill("textarea[name=reason]", "重新提名")
        teacher.get_by_role("button", name="取消选举").click()


def vote_on_paper(page, teacher, leader):
    """One ballot alone is not opened: four families vote on paper, and two persons count them."""
    teacher.goto(f"{page}roll/")
    for box in teacher.locator("input[name=student]").all()[:4]:
        box.check()
    teacher.get_by_role("button", name="给勾选的发纸质票").click()
    for person in (teacher, leader):
        person.goto(f"{page}paper/")
        for number, box in enumerate(person.locator("main input[type=number]").all()):
            box.fill("0" if number == 1 else "4")
        person.get_by_role("button", name="保存").click()


def test_from_standing_to_a_committee_in_office(sign_in, site):
    teacher, parent = sign_in("teacher", phone=True), sign_in("parent", phone=True)
    cancel_what_runs(teacher)
    teacher.goto(LIST)
    committee = teacher.locator("a.row-item").filter(has_text="班").first.get_attribute("href")
    org = re.search(r"(\d{17})", committee or "")
    if org:
        teacher.goto(f"{LIST}elections/new/{org[1]}/")
    else:
        teacher.goto(committee)
        teacher.get_by_role("link", name="发起选举").click()
    teacher.fill("input[name=seats]", "2")
    teacher.fill("input[name=quorum]", "1")
    teacher.fill("input[name=vote_from]", minute(now() + timedelta(days=1)))
    teacher.fill("input[name=vote_until]", minute(now() + timedelta(days=3)))
    teacher.get_by_role("button", name="发起选举").click()
    expect(teacher.get_by_text("报名和提名中")).to_be_visible()
    page = teacher.url
    parent.goto(FAMILY)
    parent.locator("a.row-item").filter(has_text="报名和提名中").click()
    parent.fill("textarea[name=words]", "周末有时间")
    parent.get_by_role("button", name="我要参选").click()
    expect(parent.get_by_text("您是候选人")).to_be_visible()
    assert no_overflow(parent)
    name, child = another_family(site)
    teacher.goto(f"{page}candidates/")
    teacher.fill("input[name=name]", name)
    teacher.fill("input[name=child_name]", child)
    teacher.fill("input[name=how]", "当面同意")
    teacher.get_by_role("button", name="保存").click()
    expect(teacher.get_by_text("候选人（2）")).to_be_visible()
    teacher.goto(f"{page}dates/")
    teacher.fill("input[name=vote_from]", minute(now() - timedelta(minutes=2)))
    teacher.get_by_role("button", name="保存").click()
    expect(teacher.get_by_text("投票中")).to_be_visible()

    parent.goto("/")
    parent.locator("button[name=later]").click()
    parent.locator("a.row-item").filter(has_text="家委会选举：请投票").first.click()
    for chip in parent.locator(".chip").all():
        chip.click()
    parent.get_by_role("button", name="投票").dblclick(no_wait_after=True)
    expect(parent.get_by_text("这一票已经投了")).to_be_visible()

    vote_on_paper(page, teacher, sign_in("leader", phone=True))
    teacher.goto(f"{page}close/")
    teacher.fill("input[name=reason]", "都已投完")
    teacher.get_by_role("button", name="结束投票并计票").click()
    expect(teacher.get_by_text("当选", exact=True).first).to_be_visible()
    teacher.get_by_role("button", name="重新计票核对").click()
    expect(teacher.get_by_text("和原结果一致")).to_be_visible()
    assert no_overflow(teacher)
    teacher.get_by_role("link", name="当选委员就任").click()
    teacher.get_by_role("button", name="确认就任").click()
    expect(teacher.get_by_text("新一届家委会已就任。")).to_be_visible()
    expect(teacher.get_by_text(name).first).to_be_visible()
    parent.goto(FAMILY)
    expect(parent.get_by_text(name).first).to_be_visible()
    assert child not in parent.content()
