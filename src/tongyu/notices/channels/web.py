"""Calling a vendor over HTTP: what is certain when a call fails, and the tokens that expire."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from tongyu.core.tokens import Tokens
from tongyu.notices.channels.base import Kind, Outcome, Parcel

CALLS_AT_ONCE = 8
TIMEOUT = httpx.Timeout(10, connect=5)
BUSY_HTTP = {429, 503}


class NotSent(Exception):
    """The call certainly did not reach the vendor, or the vendor says that it did nothing."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


class NoAnswer(Exception):
    """The call went out and no usable answer came back."""


_clients = threading.local()


def _client() -> httpx.Client:
    """One client a thread. Neither proxies nor certificates from the environment, and no redirects: settings decide."""
    if not hasattr(_clients, "client"):
        _clients.client = httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False)
    client: httpx.Client = _clients.client
    return client


def call(method: str, url: str, **sent: Any) -> dict[str, Any]:
    """The vendor's JSON answer. Raises NotSent or NoAnswer; the text of neither holds an address or a secret."""
    try:
        answer = _client().request(method, url, **sent)
    except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol):
        raise NotSent(Outcome(Kind.FAILED, "unreachable")) from None
    except httpx.HTTPError as error:
        raise NoAnswer(type(error).__name__) from None
    if answer.status_code in BUSY_HTTP:
        raise NotSent(Outcome(Kind.LATER, f"http {answer.status_code}", after=_wait(answer)))
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise NoAnswer(f"http {answer.status_code}")
    return found


def _wait(answer: httpx.Response) -> timedelta:
    text = answer.headers.get("Retry-After", "")
    return timedelta(seconds=min(int(text), 3600)) if text.isdigit() else timedelta(minutes=1)


def settled(send: Callable[[], Outcome]) -> Outcome:
    """The outcome of one call, whatever happens to it."""
    try:
        return send()
    except NotSent as fault:
        return fault.outcome
    except NoAnswer as fault:
        return Outcome(Kind.UNSURE, str(fault)[:60])


def one_by_one(parcels: Sequence[Parcel], send: Callable[[Parcel], Outcome]) -> dict[UUID, Outcome]:
    """A call for each, some at a time: only a call that is the same to the letter is known as a repetition."""
    if len(parcels) == 1:
        return {parcels[0].id: settled(lambda: send(parcels[0]))}
    with ThreadPoolExecutor(CALLS_AT_ONCE, "channel") as pool:
        outcomes = pool.map(lambda parcel: settled(lambda: send(parcel)), parcels)
        return {parcel.id: outcome for parcel, outcome in zip(parcels, outcomes, strict=True)}


def with_token(
    tokens: Tokens,
    of: tuple[str, ...],
    fetch: Callable[[], tuple[str, int]],
    ask: Callable[[str], dict[str, Any]],
    expired: Callable[[dict[str, Any]], bool],
) -> dict[str, Any]:
    """The answer to `ask(token)`; a token that the vendor calls expired is fetched anew, once."""
    token = _token(tokens, of, fetch)
    answer = ask(token)
    if expired(answer):
        tokens.drop(of, token)
        answer = ask(_token(tokens, of, fetch))
    return answer


def _token(tokens: Tokens, of: tuple[str, ...], fetch: Callable[[], tuple[str, int]]) -> str:
    try:
        return tokens.get(of, fetch)
    except NoAnswer:
        raise NotSent(Outcome(Kind.FAILED, "no token")) from None
