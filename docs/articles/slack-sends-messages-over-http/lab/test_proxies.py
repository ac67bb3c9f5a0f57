"""What a load balancer does with requests and with sockets."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from chat_client import post, stored, until
from chat_processes import Chat, Program, Sender, opened

TEN = 10


@pytest.mark.fails_when("HAProxy balances connections (`mode tcp`)", assertion="min(posts) > 0", mode="tcp")
def test_requests_are_balanced_one_by_one_and_a_socket_stays_where_it_is(
    start_haproxy: Callable[..., Any], tmp_path: Path, mode: str = "http"
) -> None:
    """Ten POSTs on one connection reach both servers behind HAProxy; ten frames on one socket reach one of them."""
    with ExitStack() as closing:
        chats = []
        for name in ("a", "b"):
            (tmp_path / name).mkdir()
            chats.append(closing.enter_context(opened(tmp_path / name)))
        api = start_haproxy(_balanced(mode, [chat.webapp() for chat in chats]))
        sockets = start_haproxy(_balanced(mode, [chat.gateway(None, "--ack", "discard") for chat in chats]))

        _post_ten(api.port)
        sender = Sender(sockets.port)
        closing.callback(sender.kill)
        for n in range(TEN):
            sender.ask("send", {"id": n, "type": "message"})
        until(lambda: sum(chat.frames() for chat in chats) == TEN, "ten frames")

        posts = [len(stored(chat)) for chat in chats]
        assert sum(posts) == TEN
        assert min(posts) > 0
        assert sorted(chat.frames() for chat in chats) == [0, TEN]


def _balanced(mode: str, programs: list[Program]) -> str:
    """Configure HAProxy to give each of *programs* its turn."""
    servers = "\n".join(f"    server s{each.port} 127.0.0.1:{each.port}" for each in programs)
    return f"""
defaults
    mode {mode}
    timeout connect 10s
    timeout client 60s
    timeout server 60s
    timeout tunnel 60s
listen chat
    bind 127.0.0.1:{{port}}
    balance roundrobin
{servers}
"""


def _post_ten(port: int) -> None:
    """Send ten requests on one connection."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Authorization": "Bearer alice", "Content-Type": "application/json"}
    for n in range(TEN):
        connection.request("POST", "/api/chat.postMessage", json.dumps({"channel": "C1", "text": str(n)}), headers)
        response = connection.getresponse()
        response.read()
        assert response.status == 200
    connection.close()


def _behind_nginx(start_nginx: Callable[..., Any], chat: Chat, repeat: str, key: str | None) -> int:
    """Post once through nginx to a server that stores and hangs up, with another in reserve; return the status."""
    first, second = chat.webapp("--swallow-reply-once"), chat.webapp()
    proxy = start_nginx(f"""
        events {{ }}
        http {{
            access_log off;
            upstream chat {{ server 127.0.0.1:{first.port}; server 127.0.0.1:{second.port} backup; }}
            server {{
                listen 127.0.0.1:{{port}};
                location / {{ proxy_pass http://chat; proxy_next_upstream error timeout {repeat}; }}
            }}
        }}""")
    return post(proxy, "hello", key)[0]


@pytest.mark.fails_when(
    "`proxy_next_upstream` says `non_idempotent`", assertion="status == 502", repeat="non_idempotent"
)
def test_nginx_does_not_repeat_a_post(start_nginx: Callable[..., Any], chat: Chat, repeat: str = "") -> None:
    """When a server takes a POST and hangs up, nginx answers 502 and asks no other server; the message is stored."""
    status = _behind_nginx(start_nginx, chat, repeat, None)
    assert status == 502
    assert stored(chat) == ["hello"]


@pytest.mark.fails_when("the request has no key", assertion='stored(chat) == ["hello"]', key=None)
def test_a_proxy_that_repeats_needs_the_key(
    start_nginx: Callable[..., Any], chat: Chat, key: str | None = "k1"
) -> None:
    """With non_idempotent, nginx repeats the POST on the second server; the key keeps it one message."""
    assert _behind_nginx(start_nginx, chat, "non_idempotent", key) == 200
    assert stored(chat) == ["hello"]
