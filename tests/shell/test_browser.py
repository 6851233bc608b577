"""The style page in Chromium: no overflow, nothing refused by the CSP, no foreign host, no serious fault of axe."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.staticfiles import finders
from django.db import connections
from django.test import Client
from playwright.sync_api import Page, Route

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
pytestmark = pytest.mark.browser


@pytest.fixture(params=[(1440, 900), (390, 844)], ids=["desk", "phone"])
def frame(request, chromium, settings, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    monkeypatch.setitem(
        connections.settings["default"], "ATOMIC_REQUESTS", False
    )  # these pages ask no database
    settings.ROOT_URLCONF = "tests.shell.style_urls"
    settings.TONGYU_COUNTY_NAME = "永靖县"
    settings.PUBLIC_URLS = {
        **settings.PUBLIC_URLS,
        **{f"style-{n}": "" for n in ("desk", "phone", "bare", "job")},
    }
    here = str(Path(__file__).parent / "templates")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [*settings.TEMPLATES[0]["DIRS"], here]}]
    width, height = request.param
    context = chromium.new_context(viewport={"width": width, "height": height})
    shown = context.new_page()
    shown.faults = []
    shown.on("console", lambda m: shown.faults.append(m.text) if m.type == "error" else None)
    shown.on("pageerror", lambda error: shown.faults.append(str(error)))
    context.route("**/*", lambda route: answer(route, shown.faults))
    yield shown
    context.close()


def answer(route: Route, faults: list[str]) -> None:
    """Serve from Django's test client and the static files, without a socket; other hosts are a fault."""
    address = urlsplit(route.request.url)
    if address.netloc != "tongyu.test":
        faults.append(f"foreign host: {route.request.url}")
        return route.abort()
    if address.path.startswith("/static/"):
        path = Path(finders.find(address.path.removeprefix("/static/")))
        return route.fulfill(body=path.read_bytes(), content_type=TYPES[path.suffix])
    got = Client().get(f"{address.path}?{address.query}")
    return route.fulfill(status=got.status_code, headers=dict(got.headers), body=got.content)


def faults_of(frame: Page) -> list[str]:
    """Serious and critical findings of axe."""
    frame.evaluate(AXE.read_text())
    found = frame.evaluate("axe.run()")["violations"]
    return [f"{v['id']}: {v['nodes'][0]['html']}" for v in found if v["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("path", ["/style/", "/style/phone/", "/style/bare/", "/account/login/"])
def test_page_fits_and_has_no_faults(frame, path):
    frame.goto(f"https://tongyu.test{path}")
    frame.wait_for_timeout(400)
    assert frame.evaluate("document.documentElement.scrollWidth") == frame.viewport_size["width"]
    assert faults_of(frame) == []
    assert frame.faults == []


def test_charts_are_drawn_or_their_table_stands_open(frame):
    frame.goto("https://tongyu.test/style/")
    frame.wait_for_selector("[data-chart=trend] svg")
    if frame.viewport_size["width"] > 767:
        assert frame.locator("[data-chart=heat] svg path").count() >= 17 * 9
    else:
        assert frame.get_by_role("link", name="100%").first.is_visible()


def test_confirm_asks_for_a_reason_before_it_posts(frame):
    frame.goto("https://tongyu.test/style/")
    frame.get_by_role("button", name="撤回记录").click()
    assert frame.get_by_role("dialog", name="撤回这次家访？").is_visible()
    assert frame.get_by_label("原因").get_attribute("required") is not None
    frame.get_by_role("button", name="取消").click()
    assert frame.get_by_role("dialog").count() == 0


def test_job_progress_stops_asking_when_done(frame):
    frame.goto("https://tongyu.test/style/")
    frame.get_by_text("核对完成").wait_for(timeout=4000)
    assert frame.locator(".job-box[hx-get]").count() == 0


def test_errors_are_summed_up_and_lead_to_their_field(frame):
    frame.goto("https://tongyu.test/style/")
    frame.get_by_role("link", name="哪天：").click()
    assert frame.evaluate("document.activeElement.name") == "bad-on"
