"""A lock in etcd: a key that exists as long as its lease, over etcd's JSON gateway."""

from __future__ import annotations

import base64
import http.client
import json
import threading
from typing import Any


def call(port: int, path: str, **body: Any) -> dict[str, Any]:
    """Post one request to etcd and return its answer."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", f"/v3/{path}", json.dumps(body))
        return dict(json.load(connection.getresponse()))
    finally:
        connection.close()


def b64(text: str) -> str:
    """Encode *text* as the gateway wants keys and values."""
    return base64.b64encode(text.encode()).decode()


class EtcdLock:
    """A lease in etcd that is kept alive while the process runs."""

    def __init__(self, port: int, name: str, ttl: int, *, renewed: bool = True) -> None:
        """Prepare to take the lock *name* with a lease of *ttl* seconds, *renewed* by a thread."""
        self.port, self.name, self.ttl, self.renewed = port, name, ttl, renewed
        self.revision = 0

    # --8<-- [start:acquire]
    def acquire(self) -> int | None:
        """Create the key under a lease; return the revision that did it, or None if the key exists."""
        lease = call(self.port, "lease/grant", TTL=self.ttl)["ID"]
        answer = call(
            self.port,
            "kv/txn",
            compare=[{"key": b64(self.name), "target": "CREATE", "create_revision": "0"}],
            success=[{"request_put": {"key": b64(self.name), "lease": lease}}],
        )
        if not answer.get("succeeded"):
            return None
        self.revision = int(answer["header"]["revision"])
        if self.renewed:
            threading.Thread(target=self._keep_alive, args=(lease,), daemon=True).start()
        return self.revision

    # --8<-- [end:acquire]

    # --8<-- [start:put]
    def put(self, key: str, value: str) -> bool:
        """Write *key* if, in the same transaction, the lock is still the one that we created."""
        answer = call(
            self.port,
            "kv/txn",
            compare=[{"key": b64(self.name), "target": "CREATE", "create_revision": str(self.revision)}],
            success=[{"request_put": {"key": b64(key), "value": b64(value)}}],
        )
        return bool(answer.get("succeeded"))

    # --8<-- [end:put]

    def _keep_alive(self, lease: str) -> None:
        pause = threading.Event()
        while not pause.wait(self.ttl / 6):
            call(self.port, "lease/keepalive", ID=lease)

    def is_mine(self) -> bool:
        """Ask etcd whether the key is still the one that we created."""
        found = call(self.port, "kv/range", key=b64(self.name)).get("kvs", [])
        return bool(found) and int(found[0]["create_revision"]) == self.revision

    def release(self) -> bool:
        """Delete the key if it is still ours."""
        return bool(
            call(
                self.port,
                "kv/txn",
                compare=[{"key": b64(self.name), "target": "CREATE", "create_revision": str(self.revision)}],
                success=[{"request_delete_range": {"key": b64(self.name)}}],
            ).get("succeeded")
        )
