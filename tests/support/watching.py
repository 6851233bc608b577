"""What a browser complains about, gathered while pages are walked."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe.min.js"


class Complaints(list[str]):
    """Console errors (a refusal by the CSP is one), script errors, requests to another host, failed answers."""

    def watch(self, context: BrowserContext, host: str) -> None:
        """Listen to every page of this context; nothing may leave for a host but ours."""
        context.on(
            "console", lambda said: self.append(f"console: {said.text}") if said.type == "error" else None
        )
        context.on("weberror", lambda fault: self.append(f"script: {fault.error}"))
        context.on("request", lambda asked: self._foreign(asked.url, host))
        context.on(
            "response",
            lambda got: self.append(f"{got.status}: {got.url}") if got.status >= 400 else None,
        )

    def _foreign(self, url: str, host: str) -> None:
        address = urlsplit(url)
        if address.scheme not in {"data", "blob", "about"} and address.netloc != host:
            self.append(f"another host: {url}")


def axe_faults(page: Page) -> list[str]:
    """Serious and critical findings of axe-core."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]}"
        for one in found
        if one["impact"] in ("serious", "critical")
    ]
