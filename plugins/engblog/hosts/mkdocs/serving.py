"""The server of ``mkdocs serve``: it answers only to its own names, and pages run no script but theirs and its own.

A preview shows drafts. A page of another site can reach it by a name that its owner lets lead to this machine (DNS
rebinding), and would then be of the same origin as the preview; the name in the request gives it away.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Callable, Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from mkdocs.livereload import LiveReloadServer

_Answer = Callable[[Any, Any, Callable[..., Any]], Iterable[bytes]]
_LONGEST_PATH = 4096
_GUARDED = "_engblog_answers"


def guard_server() -> None:
    """Make every server that the host starts from now on refuse requests for other hosts and for impossible paths."""
    if not hasattr(LiveReloadServer, _GUARDED):
        original = LiveReloadServer.serve_request
        setattr(LiveReloadServer, _GUARDED, original)
        setattr(LiveReloadServer, "serve_request", _guarded(original))  # noqa: B010  (not one of its attributes to mypy)


def _guarded(answer: _Answer) -> _Answer:
    def serve_request(self: Any, environ: dict[str, str], start_response: Callable[..., Any]) -> Iterable[bytes]:
        given = environ.get("HTTP_HOST", "")
        if not answers_to(given, urlsplit(self.url).hostname or ""):
            return _refuse(start_response, "421 Misdirected Request", f"This preview does not answer to {given!r}.")
        path = environ.get("PATH_INFO", "")
        if "\0" in path or len(path) > _LONGEST_PATH:
            return _refuse(start_response, "404 Not Found", "There is no such page.")
        return answer(self, environ, start_response)

    return serve_request


def answers_to(given: str, told: str) -> bool:
    """True if a preview that was told to serve the host *told* answers a request whose ``Host`` is *given*.

    Names of this machine and addresses in digits cannot be made to lead here by anyone else.
    """
    try:
        name = urlsplit(f"//{given}").hostname or ""
        urlsplit(f"//{given}").port  # noqa: B018  (raises ValueError for one that is none)
    except ValueError:
        return False
    if "@" in given or not name:
        return False
    if name == told.lower() or name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or _is_everywhere(told)


def _is_everywhere(told: str) -> bool:
    """True if *told* means every address of the machine, each of which is then a name of the preview."""
    try:
        return ipaddress.ip_address(told).is_unspecified
    except ValueError:
        return False


def _refuse(start_response: Callable[..., Any], status: str, said: str) -> Sequence[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{said}\n".encode()]


def allow_own_script(server: LiveReloadServer, nonce: str) -> None:
    """Give the script that *server* writes into each page a nonce, another each time, in the place of *nonce* in the
    page's policy. The author of a page knows neither."""
    inject = server._inject_js_into_html

    def with_nonce(content: bytes, epoch: int) -> bytes:
        fresh = secrets.token_urlsafe(18).encode()
        injected: bytes = inject(content, epoch)
        before, script, after = injected.rpartition(b"<script>\nvar livereload")
        if script:
            injected = before + script.replace(b"<script>", b'<script nonce="%b">' % fresh) + after
        return injected.replace(nonce.encode(), fresh, 1)

    setattr(server, "_inject_js_into_html", with_nonce)  # noqa: B010
