"""Every template is named somewhere: a page nobody shows is a page nobody mends."""

from tests.architecture.house import SRC, templates

# Shown by libraries or by Django itself, found by their path.
FOUND_BY_PATH = (
    "account/",
    "allauth/",
    "mfa/",
    "socialaccount/",
    "admin/",
    "400.html",
    "403.html",
    "404.html",
    "409.html",
    "500.html",
)


def unused(names: set[str], texts: list[str]) -> list[str]:
    """Template names that no text mentions. `home/%s.html` and f-strings count for a whole folder."""
    everything = "\n".join(texts)
    return sorted(
        name
        for name in names
        if not name.startswith(FOUND_BY_PATH)
        and f'"{name}' not in everything
        and f"'{name}" not in everything
        and f'"{name.rpartition("/")[0]}/{{' not in everything
    )


def test_every_template_is_used():
    names = {path.as_posix().split("/templates/", 1)[1] for path in templates() if path.suffix == ".html"}
    texts = [path.read_text() for path in SRC.rglob("*.py")]
    texts += [path.read_text(errors="ignore") for path in templates()]
    assert unused(names, texts) == []


def test_an_unused_template_is_found():
    texts = ['render(request, "home/start.html")', 'render(request, f"board/{role}.html")']
    assert unused({"home/start.html", "home/old.html", "board/office.html"}, texts) == ["home/old.html"]
