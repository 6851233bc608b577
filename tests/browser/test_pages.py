"""Every role walks its whole menu at both widths: everything answers, fits, and stays at home."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from support.site import Site, no_overflow
from support.watching import Complaints, axe_faults

pytestmark = pytest.mark.browser

ROLES = ["office", "education", "department", "township", "leader", "teacher", "subject", "admin"]
PHONE_HTML = 30_000
"""Most bytes of the HTML of a page that is made for phones."""
MAIN_PAGES = {
    "office": ["/office/", "/duties/", "/duties/places/", "/plan/", "/directory/rosters/new/"],
    "leader": ["/school/", "/directory/students/"],
    "teacher": ["/class/"],
}


def menu_of(page: Page) -> list[str]:
    """The addresses of the main menu and of the tab bar."""
    links = page.locator(".menu a, .tabbar a").evaluate_all(
        "found => found.map(one => one.pathname + one.search)"
    )
    return sorted(set(links))


def faults_of(page: Page, path: str, phone: bool) -> list[str]:
    """What is wrong with one page."""
    answer = page.goto(path)
    faults = [] if answer.status == 200 else [f"status {answer.status}"]
    if not no_overflow(page):
        faults.append("sticks out to the right")
    if phone and page.locator("body.phone-page").count() and len(answer.body()) > PHONE_HTML:
        faults.append(f"{len(answer.body())} bytes of HTML")
    if page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} headings of the first rank")
    if not ways_on(page, path):
        faults.append("no way on")
    return [f"{path}: {fault}" for fault in faults]


def ways_on(page: Page, path: str) -> list[str]:
    """Links and buttons that lead somewhere else and can be seen."""
    links = page.locator("a[href]:visible").evaluate_all("found => found.map(one => one.pathname)")
    return [link for link in links if link != urlsplit(path).path]


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("role", ROLES)
def test_c61_every_page_of_the_menu_answers_fits_and_asks_no_other_host(sign_in, site: Site, role, phone):
    page = sign_in(role, phone=phone)
    complaints = Complaints()
    complaints.watch(page.context, urlsplit(site.url).netloc)
    paths = menu_of(page)
    assert len(paths) >= 2, paths
    faults = [fault for path in paths for fault in faults_of(page, path, phone)]
    assert [*faults, *complaints] == []


@pytest.mark.parametrize("phone", [False, True], ids=["1440", "390"])
@pytest.mark.parametrize("role", MAIN_PAGES)
def test_main_pages_have_no_serious_fault_of_axe(sign_in, role, phone):
    page = sign_in(role, phone=phone)
    faults = []
    for path in MAIN_PAGES[role]:
        page.goto(path)
        faults += [f"{path} {fault}" for fault in axe_faults(page)]
    assert faults == []
