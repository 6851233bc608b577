"""The pages that people meet first do not lie: their links lead somewhere."""

import re
from pathlib import Path

import pytest

from tests.architecture.house import ROOT


def dead_links(text: str, folder: Path) -> list[str]:
    """Relative links and pictures whose file is not there."""
    links = re.findall(r"\]\(([^)#\s]+)", text)
    return [link for link in links if "://" not in link and not (folder / link).exists()]


@pytest.mark.parametrize(
    "path", [*ROOT.glob("README*.md"), *ROOT.glob("docs/**/*.md")], ids=lambda path: path.name
)
def test_links_lead_somewhere(path):
    assert dead_links(path.read_text(), path.parent) == []


def test_a_dead_link_is_found():
    assert dead_links("[a](nowhere.md) [b](LICENSE)", ROOT) == ["nowhere.md"]
