"""A gRPC service with one method that charges, and that can be slow or fail at a chosen moment."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import grpc
import psycopg
from idempotency import charge_once
from jobs import PATIENCE

METHOD = "/shop.Payments/Charge"


class Remote:
    """The server and a channel to it."""

    def __init__(self, dsn: str) -> None:
        """Listen on 127.0.0.1."""
        self._dsn = dsn
        self.behaviour = ""
        """``slow before``, ``slow after``, ``unavailable after``: about the commit of the charge; or nothing."""
        self.finished = threading.Semaphore(0)
        self.attempts = 0
        self._server = grpc.server(ThreadPoolExecutor(4))
        handler = grpc.unary_unary_rpc_method_handler(self._charge)
        self._server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("shop.Payments", {"Charge": handler}),)
        )
        self.port = self._server.add_insecure_port("127.0.0.1:0")
        self._server.start()

    def _charge(self, request: bytes, context: Any) -> bytes:
        self.attempts += 1
        over = threading.Event()
        if not context.add_callback(over.set):  # called when the RPC ends, here by its deadline
            over.set()
        if self.behaviour == "slow before":
            over.wait(PATIENCE)
            self.finished.release()
            return b""  # the caller has given up: a courtesy that not every server has
        key = dict(context.invocation_metadata()).get("idempotency-key", f"attempt {self.attempts} of {request!r}")
        with psycopg.connect(self._dsn) as db:
            charge_once(db, "shop", key, request)
        if self.behaviour == "slow after":
            over.wait(PATIENCE)
        self.finished.release()
        if self.behaviour == "unavailable after" and self.attempts == 1:
            context.abort(grpc.StatusCode.UNAVAILABLE, "after the commit")
        return b"charged"

    def call(self, order: str, *, deadline: float, policy: dict[str, Any] | None = None, key: str = "") -> str:
        """Charge for *order*; return ``OK`` or the name of the status that the caller gets."""
        config = {"methodConfig": [{"name": [{}], "retryPolicy": policy}]} if policy else {}
        with grpc.insecure_channel(
            f"127.0.0.1:{self.port}", options=[("grpc.service_config", json.dumps(config))]
        ) as channel:
            grpc.channel_ready_future(channel).result(PATIENCE)
            body = json.dumps({"order": order, "cents": 4200}).encode()
            metadata = [("idempotency-key", key)] if key else []
            try:
                channel.unary_unary(METHOD)(body, timeout=deadline, metadata=metadata)
            except grpc.RpcError as error:
                return str(error.code().name)
            return "OK"

    def close(self) -> None:
        """Stop listening."""
        self._server.stop(None).wait()
