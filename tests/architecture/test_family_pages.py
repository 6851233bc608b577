"""Guardians' pages stand on one base, which knows about large type; no room says it again."""

import re

from tests.architecture.house import templates

BASE = "shell/family.html"
OTHERS = {
    "families/home.html",
    "families/consent.html",
    "families/me.html",
    "families/own_phone.html",
    "home_reports/new.html",
    "home_reports/whose.html",
    "family_life/diary.html",
    "family_life/agreements.html",
    "family_life/sign.html",
    "family_life/own_agreement.html",
}
"""Pages for guardians whose names do not begin with `family`."""
EXTENDS = re.compile(r"""\{% extends ["']?([\w./]+)["']? %\}""")


def named():
    """Every template of ours by the name under which it is rendered."""
    return {path.as_posix().split("/templates/", 1)[1]: path.read_text() for path in templates()}


def test_every_page_for_guardians_extends_the_one_base():
    pages = named()
    assert pages.keys() >= OTHERS
    wrong = []
    for name, text in pages.items():
        found = EXTENDS.search(text)
        of_family = name in OTHERS or name.rpartition("/")[2].startswith("family_")
        of_family |= name.endswith("/family.html") and name != BASE
        if of_family and found and found[1] != BASE:
            wrong.append((name, found[1]))
    assert wrong == []


def test_only_the_base_says_how_large_type_is():
    assert [name for name, text in named().items() if "session.large_type" in text] == [BASE]
