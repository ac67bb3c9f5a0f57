"""A stale price that comes back after its invalidation: shown, repaired in a way that fails, and repaired."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
import redis

from .aside import ABSENT, TTL, LeasingShop, Shop, WatchingShop
from .round_trips import Wire

OLD, NEW = 100, 90


@pytest.fixture(scope="module")
def database(start_postgresql: Callable[..., Any]) -> Any:
    """A PostgreSQL with an empty table of prices."""
    server = start_postgresql(fsync="off", autovacuum="off")
    with psycopg.connect(server.dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE product (id int PRIMARY KEY, price int NOT NULL)")
    return server


@pytest.fixture(scope="module")
def cache_server(start_redis: Callable[..., Any]) -> Any:
    """A Redis."""
    return start_redis(save="")


@pytest.fixture
def open_shop(database: Any, cache_server: Any) -> Iterator[Callable[..., Any]]:
    """``open_shop(LeasingShop)`` returns one more process of the shop; product 1 costs 100 and has no copy yet."""
    closing: list[Any] = []

    def open_one(kind: type[Shop] = Shop) -> Shop:
        connection = psycopg.connect(database.dsn, autocommit=True)
        client = redis.Redis(port=cache_server.port, decode_responses=True)
        closing.extend((connection, client))
        return kind(connection, client)

    first = open_one()
    first.cache.flushall()
    first.database.execute("TRUNCATE product")
    first.update(1, OLD)
    yield open_one
    for each in closing:
        each.close()


@pytest.mark.fails_when("copies are stored under a lease", assertion="later == OLD", kind=LeasingShop)
def test_a_reader_stores_the_old_price_after_it_was_deleted(
    open_shop: Callable[..., Any], kind: type[Shop] = Shop
) -> None:
    """A reader that queried before a change and stores after it leaves the old price in the cache, for a whole TTL."""
    # --8<-- [start:race]
    reader, writer = open_shop(kind), open_shop(kind)
    reader.between = lambda: writer.change(1, NEW)  # commits and deletes, while the reader holds the old row

    reader.price(1)

    later = writer.price(1)
    assert writer.select(1) == NEW
    assert later == OLD  # the writer itself reads the price that it has replaced
    assert writer.cache.ttl("price:1") > TTL - 60  # and so will everybody, until the TTL ends it
    # --8<-- [end:race]


@pytest.mark.fails_when("the writer sets a marker instead of deleting", assertion="refused is False", marker=True)
def test_watch_does_not_notice_that_a_missing_key_was_deleted(
    open_shop: Callable[..., Any], marker: bool = False
) -> None:
    """Under WATCH, EXEC stores an outdated price: to delete a key that is not there changes nothing in Redis."""
    reader, writer = open_shop(WatchingShop), open_shop()

    def change() -> None:
        writer.update(1, NEW)
        if marker:
            writer.cache.set("price:1", NEW, px=60_000)
        else:
            writer.cache.delete("price:1")

    reader.between = change
    refused = False
    try:
        reader.price(1)
    except redis.WatchError:
        refused = True

    assert refused is False
    assert writer.price(1) == OLD


@pytest.mark.fails_when("the reader stores without asking for its lease", assertion="later == NEW", kind=Shop)
def test_a_lease_that_the_writer_deletes_keeps_the_old_price_out(
    open_shop: Callable[..., Any], kind: type[Shop] = LeasingShop
) -> None:
    """If a store needs a lease and a change deletes it, a late store is refused; the next reader gets the new price."""
    reader, writer = open_shop(kind), open_shop(LeasingShop)
    reader.between = lambda: writer.change(1, NEW)
    reader.price(1)
    later = writer.price(1)

    assert later == NEW
    assert writer.cache.get("price:1") == str(NEW)


@pytest.mark.fails_when("the store does not name the CAS number", assertion='stored == b"NF', guarded=False)
def test_memcached_has_the_lease_built_in(
    start_memcached: Callable[[], Any], dial: Callable[[int], Wire], guarded: bool = True
) -> None:
    """memcached hands the right to fill to the first of two readers; after a delete, the winner's store is refused."""
    memcached = start_memcached()
    # --8<-- [start:memcached]
    first, second, writer = (dial(memcached.port) for _ in range(3))
    won = first.ask(b"mg price:1 v c N30\r\n", b"\r\n\r\n")  # a miss: a stub for 30 s
    lost = second.ask(b"mg price:1 v c N30\r\n", b"\r\n\r\n")
    number = won.split()[2][1:]

    deleted = writer.ask(b"md price:1\r\n", b"\r\n")  # the row has changed
    condition = b" C" + number if guarded else b""
    stored = first.ask(b"ms price:1 3%s T300\r\n100\r\n" % condition, b"\r\n")

    assert won.split()[-1] == b"W"  # you have won: fetch it
    assert lost.split()[-1] == b"Z"  # somebody else is fetching it
    assert deleted == b"HD\r\n"
    assert stored == b"NF\r\n"  # not found: too late
    # --8<-- [end:memcached]


@pytest.mark.fails_when("the reader does not name a limit", assertion='early[-1] == b"W"', limit=b"")
def test_memcached_lets_one_reader_renew_before_expiry(
    start_memcached: Callable[[], Any], dial: Callable[[int], Wire], limit: bytes = b" R30"
) -> None:
    """With 20 s left, memcached's R30 gives a first reader the value and the right to renew it, a second the value."""
    port = start_memcached().port
    first, second = dial(port), dial(port)
    first.ask(b"ms price:1 3 T20\r\n100\r\n", b"\r\n")
    request = b"mg price:1 v" + limit + b"\r\n"
    early, value = _meta(first.ask(request, b"100\r\n"))
    late, same = _meta(second.ask(request, b"100\r\n"))

    assert value == same == b"100"
    assert early[-1] == b"W"
    assert late[-1] == b"Z"


def _meta(answer: bytes) -> tuple[list[bytes], bytes]:
    """The flags and the value of an answer to ``mg``."""
    head, value, _ = answer.split(b"\r\n")
    return head.split(), value


@pytest.mark.fails_when("writers delete the copy instead", assertion="cached == OLD", delete=True)
def test_two_writers_leave_the_copy_and_the_row_apart(open_shop: Callable[..., Any], delete: bool = False) -> None:
    """Two writers that update the row in one order and set the copy in the other leave a wrong copy without a TTL."""
    one, two = open_shop(), open_shop()

    def store(shop: Shop, price: int) -> None:
        if delete:
            shop.cache.delete("price:1")
        else:
            shop.cache.set("price:1", price)

    one.update(1, OLD)
    two.update(1, NEW)  # the last word in the database …
    store(two, NEW)
    store(one, OLD)  # … and another one in the cache
    cached = one.price(1)

    assert one.select(1) == NEW
    assert cached == OLD
    assert one.cache.ttl("price:1") == -1  # it has no lifetime


@pytest.mark.fails_when("the copy is deleted after the commit", assertion="cached == OLD", early=False)
def test_a_copy_that_is_deleted_before_the_commit_comes_back(open_shop: Callable[..., Any], early: bool = True) -> None:
    """If a writer deletes the copy before it commits, a reader fetches the old row in between and stores it."""
    reader, writer = open_shop(), open_shop()
    with writer.database.transaction():
        writer.update(1, NEW)
        if early:
            writer.cache.delete("price:1")
        reader.price(1)  # sees what is committed: the old row
    if not early:
        writer.cache.delete("price:1")
    cached = reader.price(1)

    assert reader.select(1) == NEW
    assert cached == OLD


@pytest.mark.fails_when("absence is remembered", assertion="shop.selects == 100", remember=True)
def test_a_missing_row_is_never_cached_by_the_plain_pattern(
    open_shop: Callable[..., Any], remember: bool = False
) -> None:
    """100 reads of a product that does not exist are 100 queries, because there is nothing to keep a copy of."""
    shop = open_shop(RememberingShop if remember else Shop)
    for _ in range(100):
        assert shop.price(999) is None

    assert shop.selects == 100


@pytest.mark.fails_when("creating the row deletes the remembered absence", assertion="seen is None", deletes=True)
def test_a_remembered_absence_hides_the_new_row(open_shop: Callable[..., Any], deletes: bool = False) -> None:
    """A product that is created after its absence was cached stays missing, unless its creation deletes that entry."""
    shop = open_shop(RememberingShop)
    assert shop.price(999) is None
    if deletes:
        shop.change(999, NEW)
    else:
        shop.update(999, NEW)
    seen = shop.price(999)

    assert seen is None


def test_a_lease_remembers_absence_as_well(open_shop: Callable[..., Any]) -> None:
    """100 reads of a missing product through the lease are one query, and its creation is seen at once."""
    shop = open_shop(LeasingShop)
    for _ in range(100):
        assert shop.price(999) is None
    assert shop.selects == 1
    shop.change(999, NEW)

    assert shop.price(999) == NEW


class RememberingShop(Shop):
    """Keeps "there is none" as an empty string, for a shorter time than a price."""

    # --8<-- [start:absence]
    def price(self, product: int) -> int | None:
        """Read: an empty copy means that there is no such product."""
        copy = self.cache.get(f"price:{product}")
        if copy is not None:
            return int(copy) if copy else None
        price = self.select(product)
        kept, life = ("", ABSENT) if price is None else (price, TTL)
        self.cache.set(f"price:{product}", kept, ex=life)
        return price

    # --8<-- [end:absence]


@pytest.mark.fails_when(
    "the queue is an append-only file that is synced at every write", assertion="waiting == 0", durable=True
)
def test_write_behind_loses_what_was_acknowledged(start_redis: Callable[..., Any], durable: bool = False) -> None:
    """100 writes that Redis acknowledged into a queue in memory, to be applied later, are gone when it is killed."""
    durable_settings = {"appendonly": "yes", "appendfsync": "always"} if durable else {}
    server = start_redis(save="", **durable_settings)
    with redis.Redis(port=server.port) as client:
        for number in range(100):
            acknowledged = client.rpush("behind", f"price:{number}")  # the row will be written "soon"
    server.send(signal.SIGKILL)
    server.wait()
    server.start()
    with redis.Redis(port=server.port) as client:
        waiting = client.llen("behind")

    assert acknowledged == 100
    assert waiting == 0
