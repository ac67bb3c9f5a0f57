"""Cache-aside: prices live in PostgreSQL, and copies of them in Redis."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import Any

TTL = 300
"""Seconds that a copy lives if nobody deletes it."""

ABSENT = 10
"""Seconds that "there is no such product" lives."""

LEASE_MS = 5_000
"""Milliseconds that a lease lives if its holder dies: longer than the slowest query."""


class Shop:
    """One process of the shop, with its own connections."""

    def __init__(self, database: Any, cache: Any) -> None:
        """*database* commits every statement; *cache* returns strings."""
        self.database = database
        self.cache = cache
        self.selects = 0
        self.between: Callable[[], object] = lambda: None
        """What happens between the query and the store. Nothing, unless a test puts another process there."""

    # --8<-- [start:aside]
    def price(self, product: int) -> int | None:
        """Read: the copy if there is one, else the row, whose copy is kept."""
        copy = self.cache.get(f"price:{product}")
        if copy is not None:
            return int(copy)
        price = self.select(product)
        self.between()  # a garbage collection, a slow network, another thread's turn
        if price is not None:
            self.cache.set(f"price:{product}", price, ex=TTL)
        return price

    def change(self, product: int, price: int) -> None:
        """Write: the row first, and then its copy goes."""
        self.update(product, price)
        self.cache.delete(f"price:{product}")

    # --8<-- [end:aside]

    def select(self, product: int) -> int | None:
        """The price in the database."""
        self.selects += 1
        row = self.database.execute("SELECT price FROM product WHERE id = %s", (product,)).fetchone()
        return row[0] if row else None

    def update(self, product: int, price: int) -> None:
        """Set the price in the database, for a new product as well."""
        self.database.execute(
            "INSERT INTO product VALUES (%(id)s, %(price)s) ON CONFLICT (id) DO UPDATE SET price = %(price)s",
            {"id": product, "price": price},
        )


class WatchingShop(Shop):
    """The repair that does not work: store only if the key has not changed since the read."""

    # --8<-- [start:watch]
    def price(self, product: int) -> int | None:
        """Read under WATCH: EXEC refuses to store if the key has changed meanwhile."""
        key = f"price:{product}"
        with self.cache.pipeline() as transaction:
            transaction.watch(key)
            copy = transaction.get(key)
            if copy is not None:
                return int(copy)
            price = self.select(product)
            self.between()
            if price is not None:
                transaction.multi()
                transaction.set(key, price, ex=TTL)
                transaction.execute()  # raises WatchError if the key was changed
            return price

    # --8<-- [end:watch]


class LeasingShop(Shop):
    """The repair that works: whoever misses takes a lease, and a copy is stored only while its lease is there."""

    # --8<-- [start:lease]
    FILL = """
    if redis.call('GET', KEYS[2]) ~= ARGV[1] then return 0 end -- gone, or another's
    redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
    return redis.call('DEL', KEYS[2])
    """

    def price(self, product: int) -> int | None:
        """Read: the copy, or the row if we get the lease; else wait for its holder."""
        key, lease = f"price:{product}", f"lease:price:{product}"
        while True:
            copy = self.cache.get(key)
            if copy is not None:
                return int(copy) if copy else None
            token = secrets.token_hex(8)
            if self.cache.set(lease, token, nx=True, px=LEASE_MS):  # before the query
                price = self.select(product)
                self.between()
                kept, life = ("", ABSENT) if price is None else (price, TTL)
                self.cache.eval(self.FILL, 2, key, lease, token, kept, life)
                return price
            time.sleep(0.01)

    def change(self, product: int, price: int) -> None:
        """Write: the row first; then the copy goes, and the right to store one."""
        self.update(product, price)
        self.cache.delete(f"price:{product}", f"lease:price:{product}")

    # --8<-- [end:lease]
