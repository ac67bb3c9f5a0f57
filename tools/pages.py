"""A built site as GitHub Pages serves it: what the browser tests and the screenshots look at.

    .venv/bin/python -m tools.pages site https://org.github.io/blog/

Text is compressed, a folder without its slash is redirected, an unknown address gets 404.html with status 404, and
everything may be kept for ten minutes. Pages sets no security policy, nor does this server: the pages carry their own.
"""

from __future__ import annotations

import contextlib
import gzip
import re
import sys
import threading
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from urllib.parse import quote, unquote, urlsplit

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".xsl": "application/xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".gz": "application/gzip",
    ".zip": "application/zip",
}
_COMPRESSED = ("text/", "application/json", "application/xml", "image/svg+xml", "application/wasm")
_KIND = re.compile(rb"<body[^>]*\sdata-kind=\"([a-z]+)\"")


@dataclass(frozen=True)
class BuiltSite:
    """A folder that a build wrote, and the address that it was built for."""

    folder: Path
    url: str = "https://example.org/"
    """``site_url``: its path is where the site is served, ``/`` or ``/blog/``."""

    @property
    def mount(self) -> str:
        """The path that the site is served under, with a slash at both ends."""
        return urlsplit(self.url).path

    @cached_property
    def pages(self) -> tuple[str, ...]:
        """The address of every page from the site's root, sorted; 404.html by its name. Redirects are no pages."""
        return tuple(page for page, kind in self._every.items() if kind != "redirect")

    @cached_property
    def redirects(self) -> tuple[str, ...]:
        """Every old address that leads on, sorted."""
        return tuple(page for page, kind in self._every.items() if kind == "redirect")

    @cached_property
    def kinds(self) -> dict[str, tuple[str, ...]]:
        """The pages by what they are (``article``, ``tag``, …), as their ``<body>`` says."""
        kinds: dict[str, list[str]] = {}
        for page in self.pages:
            kinds.setdefault(self._every[page], []).append(page)
        return {kind: tuple(pages) for kind, pages in kinds.items()}

    @cached_property
    def _every(self) -> dict[str, str]:
        """What stands in each HTML file: the kind by the address, sorted."""
        found = (path.relative_to(self.folder).as_posix() for path in self.folder.rglob("*.html"))
        kinds = {}
        for page in sorted(re.sub(r"(^|/)index\.html$", r"\1", name) for name in found):
            said = _KIND.search(self.file(page).read_bytes())
            kinds[page] = said[1].decode() if said else "unknown"
        return kinds

    def file(self, page: str) -> Path:
        """The file of the page at *page*, an address from the site's root."""
        path = self.folder / unquote(page)
        return path / "index.html" if page == "" or page.endswith("/") else path

    def find(self, path: str) -> tuple[HTTPStatus, Path | None]:
        """What the decoded *path* leads to on the host: a file, a redirect to the path with a slash, or nothing."""
        root = self.folder.resolve()
        if path.startswith(self.mount):
            wanted = (root / path.removeprefix(self.mount)).resolve()
            if wanted.is_relative_to(root):
                if wanted.is_dir():
                    if not path.endswith("/"):
                        return HTTPStatus.MOVED_PERMANENTLY, None
                    wanted /= "index.html"
                elif path.endswith("/"):
                    return HTTPStatus.NOT_FOUND, None
                if wanted.is_file():
                    return HTTPStatus.OK, wanted
        return HTTPStatus.NOT_FOUND, None


class PagesServer:
    """Serves one :class:`BuiltSite` on a free port of this machine until it is left as a context manager."""

    def __init__(self, site: BuiltSite, *, port: int = 0) -> None:
        """Listen on *port*; 0 takes a free one."""
        self.site = site
        handler = type("Handler", (_Handler,), {"server_of": self})
        self._http = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._http.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._http.server_address[1]}"

    def url(self, page: str) -> str:
        """The whole address of *page*, an address from the site's root."""
        return f"{self.origin}{self.site.mount}{quote(page, safe='/%#?=&')}"

    def __enter__(self) -> PagesServer:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._http.shutdown()
        self._http.server_close()

    def run(self) -> None:
        """Serve in this thread."""
        self._http.serve_forever()

    def answer(self, target: str) -> tuple[HTTPStatus, dict[str, str], bytes]:
        """Status, headers and uncompressed body for the request target *target*."""
        split = urlsplit(target)
        path = unquote(split.path)
        status, found = self.site.find(path)
        if status == HTTPStatus.MOVED_PERMANENTLY:
            query = f"?{split.query}" if split.query else ""
            return status, {"Location": f"{quote(path)}/{query}"}, b""
        file = found or self.site.folder / "404.html"
        return status, self._headers(file), file.read_bytes() if file.is_file() else b"404"

    def _headers(self, path: Path) -> dict[str, str]:
        return {
            "Content-Type": _TYPES.get(path.suffix.lower(), "application/octet-stream"),
            "Cache-Control": "max-age=600",
            "Access-Control-Allow-Origin": "*",
        }


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A header and a small body as two packets would wait for each other's acknowledgement.
    disable_nagle_algorithm = True
    server_of: PagesServer

    def do_GET(self) -> None:
        """Answer a GET."""
        status, headers, body = self.server_of.answer(self.path)
        text = headers.get("Content-Type", "").startswith(_COMPRESSED)
        if text and "gzip" in self.headers.get("Accept-Encoding", ""):
            body = gzip.compress(body, 6, mtime=0)
            headers |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


def main() -> int:
    """Serve a folder until it is interrupted."""
    if not 2 <= len(sys.argv) <= 3:
        print("usage: python -m tools.pages SITE_DIR [SITE_URL]", file=sys.stderr)
        return 2
    server = PagesServer(BuiltSite(Path(sys.argv[1]), *sys.argv[2:]), port=8001)
    print(server.url(""))
    with contextlib.suppress(KeyboardInterrupt):
        server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
