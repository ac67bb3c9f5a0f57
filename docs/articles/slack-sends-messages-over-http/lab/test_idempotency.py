"""What a server has to remember so that a retry is safe."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from chat_client import post, stored
from chat_processes import Chat, Program


@pytest.mark.fails_when("the server ignores keys", assertion="second == first", options=("--ignore-keys",))
def test_the_same_key_gets_the_first_answer(chat: Chat, options: tuple[str, ...] = ()) -> None:
    """A second request with the same key is answered like the first, with the same ts, and stores nothing."""
    webapp = chat.webapp(*options)
    first, second = (post(webapp, "hello", "k1") for _ in range(2))

    assert second == first
    assert stored(chat) == ["hello"]


@pytest.mark.fails_when("the text is the same", assertion="status == 422", second="hello")
def test_a_key_with_another_text_is_refused(chat: Chat, second: str = "goodbye") -> None:
    """The same key with another text is answered 422 and stores nothing."""
    webapp = chat.webapp()
    post(webapp, "hello", "k1")
    status, body = post(webapp, second, "k1")

    assert status == 422
    assert body == {"ok": False, "error": "client_msg_id_reused"}
    assert stored(chat) == ["hello"]


@pytest.mark.fails_when("both are the same author", assertion='== ["hello", "hello"]', other="alice")
def test_a_key_belongs_to_its_author(chat: Chat, other: str = "bob") -> None:
    """The same key and text from another author make a second message."""
    webapp = chat.webapp()
    post(webapp, "hello", "k1")
    post(webapp, "hello", "k1", author=other)
    assert stored(chat) == ["hello", "hello"]


@pytest.mark.fails_when("the server ignores keys", assertion="len(answers) == 1", options=("--ignore-keys",))
def test_eight_requests_at_once_store_one_message(chat: Chat, options: tuple[str, ...] = ()) -> None:
    """Eight concurrent requests with one key store one message and get one ts."""
    webapp = chat.webapp(*options)
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: post(webapp, "hello", "k1")[1]["ts"], range(8)))

    assert len(answers) == 1
    assert stored(chat) == ["hello"]


def _killed_between(chat: Chat, order: str) -> tuple[Program, tuple[int, dict[str, Any]]]:
    """Send a request to a server that dies in the middle of its work, then again to the server that was started anew.

    Return the server, and what the second request was answered.
    """
    webapp = chat.webapp("--order", order, "--die-between")
    with pytest.raises(ConnectionError):
        post(webapp, "hello", "k1")
    webapp.kill()
    webapp.start(without="--die-between")
    status, body = post(webapp, "hello", "k1")
    assert (status, body["ok"]) == (200, True)
    return webapp, (status, body)


@pytest.mark.fails_when("one transaction writes both", assertion="stored(chat) == []", order="together")
def test_a_key_that_is_recorded_first_loses_the_message(chat: Chat, order: str = "key-first") -> None:
    """If the key is recorded first and a kill comes before the message, a retry gets 200 and ok, but no message."""
    _killed_between(chat, order)
    assert stored(chat) == []


@pytest.mark.fails_when("one transaction writes both", assertion='["hello", "hello"]', order="together")
def test_a_message_that_is_stored_first_is_stored_twice(chat: Chat, order: str = "message-first") -> None:
    """If the message is stored first and a kill comes before its key, the retry stores the message again."""
    _killed_between(chat, order)
    assert stored(chat) == ["hello", "hello"]


@pytest.mark.fails_when("the message is stored first", assertion='stored(chat) == ["hello"]', order="message-first")
def test_one_transaction_stores_it_once(chat: Chat, order: str = "together") -> None:
    """With key and message in one row, a retry after a kill before or after the commit leaves one message."""
    webapp, first = _killed_between(chat, order)
    assert stored(chat) == ["hello"]

    webapp.kill()
    webapp.start()
    assert post(webapp, "hello", "k1") == first
    assert stored(chat) == ["hello"]


@pytest.mark.fails_when("keys are kept for an hour", assertion='["hello", "hello"]', seconds="3600")
def test_a_retry_after_the_key_is_forgotten_is_a_new_message(chat: Chat, seconds: str = "0.1") -> None:
    """A retry that comes after its key was forgotten stores the message again."""
    webapp = chat.webapp("--order", "message-first", "--key-seconds", seconds)
    post(webapp, "hello", "k1")
    time.sleep(0.2)
    post(webapp, "hello", "k1")
    assert stored(chat) == ["hello", "hello"]
