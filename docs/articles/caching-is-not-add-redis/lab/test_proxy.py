"""nginx as the shared cache in front of an origin: locks, staleness, ages, and whose page it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from engblog.lab.process import wait_until

from .counted_origin import Answer, CountedOrigin
from .proxy import READERS, Proxy

Edge = Callable[..., Proxy]


@pytest.mark.fails_when("`proxy_cache_lock` is off, the default", assertion="calls == 1", lock="off")
def test_the_lock_lets_one_request_fill_an_empty_cache(
    edge: Edge, origin: CountedOrigin, record: Any, lock: str = "on"
) -> None:
    """With proxy_cache_lock, 20 readers of a page that is not in the cache cost the origin one request."""
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": "max-age=60"})
    proxy = edge(f"proxy_cache_lock {lock}; proxy_cache_lock_timeout 60s; proxy_cache_lock_age 60s;")
    expected = 1 if lock == "on" else READERS
    answers = proxy.many("/", arrived=lambda: origin.calls("/") == expected, origin=origin)
    calls = origin.calls("/")
    record.number("proxy_readers", READERS, note="readers at once")

    assert [answer.text for answer in answers] == ["page"] * READERS
    assert calls == 1


@pytest.mark.fails_when("it waits for a minute", assertion="calls == READERS", wait="60s")
def test_the_lock_opens_when_the_origin_is_slow(edge: Edge, origin: CountedOrigin, wait: str = "1s") -> None:
    """Readers who have waited for nginx's lock for proxy_cache_lock_timeout go to the origin as well."""
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": "max-age=60"})
    proxy = edge(f"proxy_cache_lock on; proxy_cache_lock_timeout {wait};")
    deadline = time.monotonic() + (60 if wait == "1s" else 3)
    proxy.many("/", arrived=lambda: origin.calls("/") == READERS or time.monotonic() > deadline, origin=origin)
    calls = origin.calls("/")

    assert calls == READERS


STALE = "proxy_cache_use_stale updating; proxy_cache_background_update on;"


@pytest.mark.fails_when("stale answers are allowed while one is fetched", assertion="calls == READERS", extra=STALE)
def test_the_lock_does_not_hold_when_a_page_expires(
    edge: Edge, origin: CountedOrigin, record: Any, extra: str = ""
) -> None:
    """With proxy_cache_lock on, 20 readers of a page that has just expired cost the origin 20 requests."""
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": "max-age=1"})
    proxy = edge(f"proxy_cache_lock on; {extra}")
    _fill_and_expire(proxy, origin)
    expected = 1 if extra else READERS
    proxy.many("/", arrived=lambda: origin.calls("/") == expected, origin=origin, blocked=not extra)
    calls = origin.calls("/")
    record.number("expired_calls", calls, note="requests that reached the origin for one page that had just expired")

    assert calls == READERS


@pytest.mark.fails_when("the origin does not send stale-while-revalidate", assertion='early == ["STALE"]', window="")
def test_no_reader_waits_while_a_stale_page_is_renewed(
    edge: Edge, origin: CountedOrigin, window: str = ", stale-while-revalidate=60"
) -> None:
    """With stale-while-revalidate and a background update, a reader gets the old page while the origin hangs."""
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": f"max-age=1{window}"})
    proxy = edge("proxy_cache_background_update on;")
    _fill_and_expire(proxy, origin)
    origin.gate.clear()
    served: list[str] = []
    reader = threading.Thread(target=lambda: served.append(proxy.get().headers["X-Cache"]))
    reader.start()
    origin.await_calls("/", 1)
    waiting = window == ""
    if not waiting:
        reader.join(60)
    early, calls = list(served), origin.calls("/")
    origin.gate.set()
    reader.join(60)

    assert calls == 1
    assert early == ["STALE"]


@pytest.mark.fails_when("the answer came without stale-if-error", assertion="answer.status_code == 200", window="")
def test_an_origin_that_cannot_be_reached_is_hidden_by_stale_if_error(
    edge: Edge, window: str = ", stale-if-error=60"
) -> None:
    """After expiry, when nobody listens at the origin, nginx serves the old page if stale-if-error allows it."""
    origin = CountedOrigin()
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": f"max-age=1{window}"})
    proxy = edge("", origin.port)
    _fill_and_expire(proxy, origin)
    origin.close()
    answer = proxy.get()

    assert answer.status_code == 200
    assert answer.headers["X-Cache"] == "STALE"


@pytest.mark.fails_when(
    "`proxy_cache_use_stale` names `http_503`", assertion="== 503", settings="proxy_cache_use_stale http_503;"
)
def test_nginx_lets_a_503_through_in_spite_of_stale_if_error(
    edge: Edge, origin: CountedOrigin, settings: str = ""
) -> None:
    """After expiry, a 503 from the origin reaches the reader although the cached page came with stale-if-error."""
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": "max-age=1, stale-if-error=60"})
    proxy = edge(settings)
    _fill_and_expire(proxy, origin)
    origin.answer = lambda _: Answer(b"down", status=503)

    assert proxy.get().status_code == 503


@pytest.mark.fails_when("`updating` is taken out", assertion="expired == 1", word=" updating")
def test_edge_conf_keeps_readers_from_a_broken_origin(edge: Edge, origin: CountedOrigin, word: str = "") -> None:
    """With edge.conf an empty cache and an expired page cost one request each, and the origin's 503 reaches nobody."""
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": "max-age=1", "ETag": '"1"'})
    proxy = edge((Path(__file__).parent / "edge.conf").read_text(encoding="utf-8").replace(word, ""))
    proxy.many("/empty", arrived=lambda: origin.calls("/empty") == 1, origin=origin)
    empty = origin.calls("/empty")
    _fill_and_expire(proxy, origin)
    origin.answer = lambda _: Answer(b"down", status=503)
    expected = READERS if word else 1
    answers = proxy.many("/", arrived=lambda: origin.calls("/") == expected, origin=origin, blocked=bool(word))
    expired = origin.calls("/")
    later = proxy.get().text

    assert empty == 1
    assert expired == 1
    assert [answer.text for answer in answers] == ["page"] * READERS
    assert later == "page"


LEFT = {"Cache-Control": "max-age=60", "Age": "60"}


@pytest.mark.fails_when(
    "the tier below sends the lifetime that is left", assertion='== "HIT"', headers={"Cache-Control": "max-age=0"}
)
def test_nginx_gives_an_old_answer_a_new_life(
    edge: Edge, origin: CountedOrigin, headers: dict[str, str] | None = None
) -> None:
    """An answer that arrives with max-age=60 and Age: 60 is stale by RFC 9111; nginx serves it from its cache."""
    origin.answer = lambda _: Answer(b"page", headers=headers or LEFT)
    proxy = edge("")
    proxy.get()

    assert proxy.get().headers["X-Cache"] == "HIT"


@pytest.mark.fails_when("the key leaves the query out", assertion="calls == 3", settings="proxy_cache_key $host$uri;")
def test_the_same_page_under_three_addresses_is_three_entries(
    edge: Edge, origin: CountedOrigin, settings: str = ""
) -> None:
    """By default nginx's key holds the query as it came: another order, or a tracking word, is another entry."""
    origin.answer = lambda _: Answer(b"page", headers={"Cache-Control": "max-age=60"})
    proxy = edge(settings)
    for path in ("/shoes?size=9&colour=red", "/shoes?colour=red&size=9", "/shoes?size=9&colour=red&utm_source=mail"):
        proxy.get(path)
    calls = len(origin.asked)

    assert calls == 3


@pytest.mark.fails_when(
    "the application says `private`", assertion='== "account of ada"', control="private, max-age=60"
)
def test_a_shared_cache_serves_one_users_page_to_another(
    edge: Edge, origin: CountedOrigin, control: str = "max-age=60"
) -> None:
    """nginx serves a page made for one cookie to a reader with another, if it says max-age=60 and not private."""
    origin.answer = lambda asked: Answer(
        b"account of " + asked.headers["cookie"].encode(), headers={"Cache-Control": control}
    )
    proxy = edge("")
    proxy.get("/account", Cookie="ada")
    page = proxy.get("/account", Cookie="bob").text

    assert page == "account of ada"


@pytest.mark.fails_when(
    "`proxy_no_cache` names the header",
    assertion='== "account of ada"',
    settings="proxy_no_cache $http_authorization;",
)
def test_nginx_ignores_the_rule_for_authorization(edge: Edge, origin: CountedOrigin, settings: str = "") -> None:
    """nginx serves a page made for one Authorization header to a reader with another, against RFC 9111."""
    origin.answer = lambda asked: Answer(
        b"account of " + asked.headers["authorization"].encode(), headers={"Cache-Control": "max-age=60"}
    )
    proxy = edge(settings)
    proxy.get("/account", Authorization="ada")
    page = proxy.get("/account", Authorization="bob").text

    assert page == "account of ada"


def _fill_and_expire(proxy: Proxy, origin: CountedOrigin) -> None:
    """Have the page cached with a lifetime of a second, let it pass, and forget the request."""
    assert proxy.get().text == "page"
    clock = _seconds(proxy)
    wait_until(lambda: _seconds(proxy) >= clock + 2, seconds=60, what="the page to expire")
    origin.asked.clear()


def _seconds(proxy: Proxy) -> int:
    """nginx's clock, which decides what has expired and counts in whole seconds."""
    return int(parsedate_to_datetime(proxy.get("/waiting").headers["Date"]).timestamp())
