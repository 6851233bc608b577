"""Which icons the sprite holds."""

import re
from functools import cache
from pathlib import Path

SPRITE = Path(__file__).parent / "static" / "shell" / "icons.svg"


@cache
def names() -> frozenset[str]:
    """The ids in icons.svg."""
    return frozenset(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text(encoding="utf-8")))
