"""Whole pages in the log: the first change of a page after a checkpoint, on PostgreSQL."""

import math

import pytest

from engblog.lab.record import Recorder

from .postgres import Postgres
from .tables import KEYS, filled, grow, insert

ROWS = 50_000


@pytest.mark.fails_when(
    "there is no checkpoint", assertion="[first.images(node) for node in nodes] == [1, 1]", checkpoint="SELECT 1"
)
def test_the_first_change_after_a_checkpoint_logs_the_page(
    keyed: Postgres, record: Recorder, checkpoint: str = "CHECKPOINT"
) -> None:
    """The first insert after a checkpoint logs two whole pages, one of the table and one of its index, and the
    next one, into the same pages, logs none."""
    filled(keyed, "n", 1_000)
    keyed.run(checkpoint)
    first, second = grow(keyed, "n", 1_001, 1_001), grow(keyed, "n", 1_002, 1_002)
    nodes = keyed.filenodes("t")
    assert [first.images(node) for node in nodes] == [1, 1]
    assert second.images(*nodes) == 0
    record.number("first_insert", first.size, unit="bytes", digits=5, note="log of the first insert after a checkpoint")
    record.number("second_insert", second.size, unit="bytes", note="log of the second insert, without its commit")


@pytest.mark.fails_when("the key is a UUIDv7", assertion="images[v4] > 200", v4="UUIDv7")
def test_random_keys_log_a_page_for_every_few_inserts(keyed: Postgres, record: Recorder, v4: str = "UUIDv4") -> None:
    """The first 1,000 inserts after a checkpoint into an index on 50,000 keys log more than 200 pages of the index if
    the keys are UUIDv4, and fewer than ten if they are UUIDv7 or from a sequence."""
    images: dict[str, int] = {}
    chart = record.chart(
        "since_checkpoint",
        title="Log written since a checkpoint",
        x="rows inserted since the checkpoint",
        y="KiB",
        note="records of the table and its one index, summed; the index had 50,000 keys before the checkpoint",
    )
    for name, key in KEYS.items():
        filled(keyed, key, ROWS)
        keyed.run("CHECKPOINT")
        index, written = keyed.filenode("i"), 0
        images[name] = 0
        for first in range(ROWS + 1, ROWS + 3_001, 250):
            log = grow(keyed, key, first, first + 249)
            written += log.size
            done = first + 249 - ROWS
            images[name] += log.images(index) if done <= 1_000 else 0
            chart.point(name, done, written / 1024)
            if done == 1_000:
                slug = name.lower().replace("uuid", "")
                note = f"log of the first 1,000 inserts after a checkpoint, {name}, for each row"
                record.number(f"row_{slug}", written / 1_000, unit="bytes", note=note)
                record.number(f"images_{slug}", images[name], note=f"index pages in the log of these inserts, {name}")
    assert images[v4] > 200
    assert max(images["sequence"], images["UUIDv7"]) < 10


def built(pg: Postgres, rows: int) -> int:
    """Build an index on that many random keys and return the number of its leaf pages."""
    pg.run(
        "DROP TABLE IF EXISTS t",
        "CREATE TABLE t (id uuid)",
        f"INSERT INTO t SELECT gen_random_uuid() FROM generate_series(1, {rows})",
        "CREATE UNIQUE INDEX i ON t (id) WITH (fillfactor = 70)",
    )
    return pg.index("i").leaves


@pytest.mark.fails_when("the keys grow", assertion="abs(images - expected) < expected / 10", key="uuid_v7(n)")
@pytest.mark.parametrize("rows", [20_000, 200_000])
def test_the_larger_the_index_the_fewer_inserts_share_a_page(
    keyed: Postgres, record: Recorder, rows: int, key: str = "gen_random_uuid()"
) -> None:
    """The number of index pages that 1,000 random inserts after a checkpoint log is, to within a tenth, what chance
    gives for that many pages."""
    pages = built(keyed, rows)
    keyed.run("CHECKPOINT")
    images = grow(keyed, key, 1, 1_000).images(keyed.filenode("i"))
    # --8<-- [start:chance]
    expected = pages * (1 - math.exp(-1_000 / pages))
    # --8<-- [end:chance]
    assert abs(images - expected) < expected / 10
    size = f"{rows // 1_000}k"
    record.number(f"chance_pages_{size}", pages, note=f"leaf pages of {rows:,} random UUIDs at fill factor 70")
    record.number(f"chance_images_{size}", images, note="index pages in the log of 1,000 inserts after a checkpoint")


def inserted(pg: Postgres, key: str, checkpoint: str) -> int:
    """Bytes of log for 2,000 inserts, with something before each 500."""
    filled(pg, key, ROWS)
    total = 0
    for first in range(ROWS + 1, ROWS + 2_001, 500):
        pg.run(checkpoint)
        total += grow(pg, key, first, first + 499).size
    return total


@pytest.mark.fails_when("the keys grow", assertion="often > 2 * once", key="n")
def test_frequent_checkpoints_multiply_the_log(keyed: Postgres, record: Recorder, key: str = KEYS["UUIDv4"]) -> None:
    """With random keys, a checkpoint before each 500 inserts makes 2,000 inserts write more than twice the log."""
    keyed.run("CHECKPOINT")
    often = inserted(keyed, key, "CHECKPOINT")
    filled(keyed, key, ROWS)
    keyed.run("CHECKPOINT")
    once = grow(keyed, key, ROWS + 1, ROWS + 2_000).size
    assert often > 2 * once
    record.number("often", often / 2**20, unit="MiB", note="log of 2,000 random inserts, a checkpoint before each 500")
    record.number("once", once / 2**20, unit="MiB", note="log of the same inserts after one checkpoint")


def image_bytes(pg: Postgres, key: str, method: str) -> int:
    """Bytes of index pages in the log of 500 inserts after a checkpoint, with that wal_compression."""
    filled(pg, key, 20_000)
    pg.run("CHECKPOINT", f"SET wal_compression = {method}")
    log = grow(pg, key, 20_001, 20_500)
    pg.run("RESET wal_compression")
    index = pg.filenode("i")
    return sum(entry.image_bytes for entry in log.records if any(block.filenode == index for block in entry.blocks))


@pytest.mark.fails_when("the keys are a sequence", assertion="smaller > 0.7 * plain", key="n")
def test_compression_saves_little_on_random_pages(keyed: Postgres, record: Recorder, key: str = KEYS["UUIDv4"]) -> None:
    """With wal_compression, the images of index pages with random UUIDs keep more than 70 percent of their size, be it
    pglz or zstd."""
    plain, smaller = image_bytes(keyed, key, "off"), image_bytes(keyed, key, "pglz")
    assert smaller > 0.7 * plain
    record.number("pglz", 100 * smaller / plain, unit="%", note="size of index page images with pglz, of that without")
    if "zstd" in keyed.value("SELECT enumvals::text FROM pg_settings WHERE name = 'wal_compression'"):
        zstd = image_bytes(keyed, key, "zstd")
        assert zstd > 0.7 * plain
        record.number("zstd", 100 * zstd / plain, unit="%", note="size of the same images with zstd")


def added(pg: Postgres, old: str) -> int:
    """Leaf pages that 10,000 UUIDv7 add to an index on 50,000 keys of that kind."""
    before = filled(pg, old, ROWS).leaves
    insert(pg, KEYS["UUIDv7"], ROWS + 1, ROWS + 10_000)
    return pg.index("i").leaves - before


@pytest.mark.fails_when("the old keys are UUIDv7", assertion="among > 1.5 * behind", old=KEYS["UUIDv7"])
def test_uuid_v7_among_old_keys_leave_their_pages_half_empty(
    keyed: Postgres, record: Recorder, old: str = KEYS["UUIDv4"]
) -> None:
    """10,000 UUIDv7 add more than 1.5 times as many leaf pages to an index on 50,000 UUIDv4 as to one on UUIDv7."""
    among, behind = added(keyed, old), added(keyed, KEYS["UUIDv7"])
    assert among > 1.5 * behind
    record.number("switched_among", among, note="leaf pages that 10,000 UUIDv7 add to an index on 50,000 UUIDv4")
    record.number("switched_behind", behind, note="leaf pages that the same keys add to an index on 50,000 UUIDv7")


@pytest.mark.fails_when("the new keys are of version 4", assertion="pages < 40", key=KEYS["UUIDv4"])
def test_new_uuid_v7_keys_arrive_in_one_place_of_an_old_index(
    keyed: Postgres, record: Recorder, key: str = KEYS["UUIDv7"]
) -> None:
    """The first 1,000 UUIDv7 that are inserted into an index on 50,000 UUIDv4 change fewer than 40 of its pages."""
    filled(keyed, KEYS["UUIDv4"], ROWS)
    pages = len(grow(keyed, key, ROWS + 1, ROWS + 1_000).pages(keyed.filenode("i")))
    assert pages < 40
    record.number("switched_pages", pages, note="index pages that 1,000 UUIDv7 change in an index of 50,000 UUIDv4")


@pytest.mark.fails_when("the UUIDs are of version 4", assertion="pages < 40", key=KEYS["UUIDv4"])
def test_clocks_that_differ_cost_density_and_not_locality(
    keyed: Postgres, record: Recorder, key: str = "uuid_v7(n, 4, 250 * (hashint8(n) & 3))"
) -> None:
    """If the clocks of four writers of UUIDv7 differ by up to 750 ms, the leaf pages are less than 85 percent full, but
    1,000 inserts still change fewer than 40 pages of the index."""
    made = filled(keyed, key, ROWS)
    pages = len(grow(keyed, key, ROWS + 1, ROWS + 1_000).pages(keyed.filenode("i")))
    assert pages < 40
    assert made.density < 85
    record.number("skew_pages", pages, note="index pages that 1,000 inserts with skewed clocks change")
    record.number("skew_density", made.density, unit="%", note="leaf density after 50,000 of them")
