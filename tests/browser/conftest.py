"""The whole product as a user meets it: prepared, served by granian, driven in Chromium.

`site` is one small demo county for the session, in a database of its own (of each xdist worker); `sign_in(role)`
gives a page.
"""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from portals.own_account.vendors import WAYS, Vendors, vendors
from support.site import Site, new_context, served, signed_in, site_database

PUPILS = 600
ENVIRONMENT = {"weixin": "WECHAT", "weixin_web": "WECHAT_WEB", "wecom": "WECOM", "dingtalk": "DINGTALK"}


@pytest.fixture(scope="session")
def sign_in_vendors() -> Iterator[Vendors]:
    """WeChat, WeCom and DingTalk on 127.0.0.1, set up in the environment of the served Tongyu."""
    with vendors() as made, pytest.MonkeyPatch.context() as patch:
        for key, words in WAYS.items():
            patch.setenv(f"TONGYU_SIGN_IN_{ENVIRONMENT[key]}", ":".join(words))
        patch.setenv("TONGYU_SIGN_IN_RELAY", made.url)
        yield made


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, worker: str, sign_in_vendors: Vendors) -> Iterator[Site]:
    """Prepare database, plan and demo county; serve on a free port; stop at the end."""
    with served(site_database("site", worker), tmp_path_factory.mktemp("site"), PUPILS) as running:
        yield running


@pytest.fixture
def sign_in(site: Site, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """`sign_in("teacher", phone=True)`: a page of a fresh context, signed in as that demo account."""
    contexts = []

    def open_page(role: str, phone: bool = False) -> Page:
        contexts.append(new_context(chromium, site, phone))
        return signed_in(contexts[-1], site, role)

    yield open_page
    for context in contexts:
        context.close()
