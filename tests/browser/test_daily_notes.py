"""A class teacher writes to the parents of a whole class on a phone, in rounds of one line each; taps are counted.

45 children, five lines: the first three children of each of four lines are tapped, the fifth goes to all the rest.
"""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from browser.test_visit_changes_the_board import Finger
from support.site import run_inside

pytestmark = pytest.mark.browser

CLASS = "/work/families/daily_notes/class/"
FILL = """
from datetime import date
from django.db import transaction
from django.utils import timezone
from tongyu.core.context import acting, system_scope
from tongyu.core.encryption import blind_index
from tongyu.directory.hats import hats_of
from tongyu.directory.models import Account, Enrolment, Student
from tongyu.workbenches.families.daily_notes.models import DailyNote

place = hats_of(Account.objects.get(username="teacher"), date(2026, 11, 23))[0].asker.body_code
with acting(system_scope("test")), transaction.atomic():
    DailyNote.objects.filter(org=place, occurred_on__gte=date(2026, 11, 1)).update(withdrawn_at=timezone.now())
    there = Enrolment.objects.filter(org=place, left_on=None).count()
    for number in range(there, 45):
        name, key = f"测试生{number}", f"L622999{number:012d}"
        pupil = Student.objects.create(
            org=place, name=name, name_key=f"zz{number}", student_number=key,
            student_number_index=blind_index(key), invented=True,
        )
        Enrolment.objects.create(student=pupil, org=place, entered_on=date(2026, 9, 1))
"""
LINES = ("上课积极举手发言", "作业书写工整", "课文背诵进步明显", "坚持每天阅读")


def save(page: Page, finger: Finger) -> int:
    """Save, and wait for the answer; how many parents the tap reached."""
    before = page.url
    finger.tap(page.get_by_role("button", name="保存"))
    page.wait_for_url(lambda url: "saved=" in url and url != before)
    note = page.get_by_text(re.compile(r"已写给 \d+ 个"))
    expect(page.locator("textarea[name=line]")).to_have_value("")
    return int(re.search(r"已写给 (\d+) 个", note.inner_text())[1])


def choose(page: Page, finger: Finger, line: str) -> None:
    """One line; its category is opened first when it is folded away."""
    chip = page.locator(".chip", has_text=line)
    if not chip.is_visible():
        finger.tap(page.locator("details", has=chip).locator("summary"))
    finger.tap(chip)
    expect(page.locator("textarea[name=line]")).to_have_value(line)


def one_round(page: Page, finger: Finger, line: str, first: int, count: int) -> int:
    """One line for so many children of the class from the first on; how many were reached."""
    choose(page, finger, line)
    for place in range(first, first + count):
        finger.tap(page.locator(".chip:has(input[name=students])").nth(place))
    return save(page, finger)


@pytest.fixture
def full_class(site) -> None:
    """The demo teacher's class has 45 children, and nothing was told this month."""
    run_inside(site, FILL)


def test_a_class_of_forty_five_takes_three_minutes(sign_in, full_class):
    teacher = sign_in("teacher", phone=True)
    teacher.goto(CLASS)
    assert teacher.locator(".chip:has(input[name=students])").count() == 45
    finger, began = Finger(teacher), time.monotonic()
    reached = sum(one_round(teacher, finger, line, 0, 3) for line in LINES)
    choose(teacher, finger, "乐于帮助同学")
    finger.tap(teacher.locator(".chip", has_text="本月还没写的"))
    reached += save(teacher, finger)
    seconds = time.monotonic() - began
    assert reached == 45
    expect(teacher.get_by_text("本月每个孩子都写过了")).to_be_visible()
    assert finger.taps <= 26, finger.taps
    # Three minutes leave 180 s; a thumb needs about 2 s a tap, the rest is the machine's.
    assert finger.taps * 2 + seconds < 180
