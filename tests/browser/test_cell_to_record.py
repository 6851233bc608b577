"""From a cell of the heat map to the words, the rule, its figures, the names and the record: three taps."""

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def read_the_sheet(page: Page) -> None:
    """What an obligation's page must show beside the names."""
    expect(page.locator(".quote.quoted mark").first).not_to_be_empty()
    assert "家访" in page.locator(".quote.quoted").first.inner_text()
    says = page.locator(".says").inner_text()
    assert "家访" in says
    figures = page.locator(".figures li")
    assert figures.count() >= 1
    for figure in figures.all():
        assert figure.locator("strong").inner_text().strip()
        assert figure.locator("[class^=from-]").inner_text().strip()


def follow(page: Page, target) -> None:
    """One tap that leads to another page."""
    before = page.url
    target.click()
    page.wait_for_url(lambda url: url != before)


def to_the_record(page: Page, cell) -> None:
    """Cell → obligations of the place → sheet with words, rule, figures, names → record."""
    follow(page, cell)
    assert "clause=" in page.url
    assert "place=" in page.url
    follow(page, page.locator(".duty-row", has_text="学校领导家访"))
    read_the_sheet(page)
    record = page.locator(".name-row .btn[href*='home_visits']").first
    expect(record).to_be_visible()
    follow(page, record)
    assert "/work/families/home_visits/" in page.url
    expect(page.locator("main")).to_contain_text("谁去的")


def test_a_cell_of_the_table_leads_to_the_record_in_three_taps(sign_in):
    page = sign_in("office")
    page.locator(".chart-data summary").first.click()
    column = page.locator(".grid-table thead th").all_inner_texts().index("三(六)")
    cells = page.locator(f".grid-table tbody td:nth-of-type({column + 1}) a").all()
    shares = {cell.inner_text().rstrip("%"): cell for cell in cells}
    full = shares[max((share for share in shares if share.isdigit()), key=int)]
    to_the_record(page, full)


def test_a_click_into_the_chart_opens_the_same_place(sign_in):
    page = sign_in("office")
    links = page.locator(".grid-table a").evaluate_all("found => found.map(one => one.pathname + one.search)")
    chart = page.locator(".chart").first
    chart.scroll_into_view_if_needed()
    page.locator(".chart canvas, .chart svg").first.wait_for()
    box = chart.bounding_box()
    before = page.url
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.45)
    page.wait_for_url(lambda url: url != before)
    assert page.url.removeprefix(page.url.split("/duties/")[0]) in links


def test_on_a_phone_the_table_takes_the_place_of_the_chart(sign_in):
    page = sign_in("office", phone=True)
    expect(page.locator(".chart-wide").first).to_be_hidden()
    cell = page.locator(".grid-table a").first
    expect(cell).to_be_visible()
    follow(page, cell)
    assert "clause=" in page.url
