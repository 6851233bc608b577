"""The product's WSGI application with a stopwatch, and the bare bounds: a static answer of a given size.

The stopwatch stands outside everything the product does for a request: middleware, rights, database, rendering.
"""

import importlib
import os
import time
from collections.abc import Callable, Iterable
from typing import Any

PATH = "/bench/static/"
HEADER = "X-Server-Ms"
WORKER = "X-Worker"


class Timed:
    """Adds the milliseconds spent in the application as a response header."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        started = time.perf_counter()
        held: list[Any] = []

        def remember(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> None:
            held[:] = [status, headers]

        path = environ["PATH_INFO"]
        answer = bare if path.startswith(PATH) else self.inner
        result = answer(environ, remember)
        body = b"".join(result)
        close = getattr(result, "close", None)
        if close is not None:
            close()
        spent = (time.perf_counter() - started) * 1000
        start_response(held[0], [*held[1], (HEADER, f"{spent:.3f}")])
        return [body]


def bare(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """As many bytes as the path asks for, and nothing done for them."""
    size = int(environ["PATH_INFO"].removeprefix(PATH) or 0)
    headers = [("Content-Type", "text/html"), ("Content-Length", str(size)), (WORKER, str(os.getpid()))]
    start_response("200 OK", headers)
    return [b"x" * size]


def __getattr__(name: str) -> Any:
    """`application` loads the product; `bare` alone does not, which is the bound of the memory figure."""
    if name == "application":
        return Timed(importlib.import_module("tongyu.config.wsgi").application)
    raise AttributeError(name)
