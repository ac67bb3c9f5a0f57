"""The commands that the article asks a reader to type."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from engblog.lab.process import free_port

LAB = Path(__file__).parent


def test_the_commands_of_the_article_do_what_it_says(tmp_path: Path) -> None:
    """In try.sh, a repeated curl gets the same ts, another text is refused, and the history has one message."""
    environment = {**os.environ, "PORT": str(free_port()), "DB": str(tmp_path / "chat.db")}
    done = subprocess.run(["bash", "try.sh"], cwd=LAB, env=environment, capture_output=True, text=True, check=True)
    first, second, refused, history = _documents(done.stdout)

    assert first == second
    assert first["ok"]
    assert refused == {"ok": False, "error": "client_msg_id_reused"}
    assert [message["text"] for message in history["messages"]] == ["deploy is green"]


def _documents(text: str) -> list[dict]:  # type: ignore[type-arg]
    """Read JSON documents that follow one another."""
    found, decoder = [], json.JSONDecoder()
    while text:
        document, end = decoder.raw_decode(text)
        found.append(document)
        text = text[end:].lstrip()
    return found
