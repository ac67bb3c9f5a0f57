"""The same questions to InnoDB, on MariaDB: splits, the log, secondary indexes and deletes."""

import pytest

from engblog.lab.record import Recorder

from .mariadb import Maria

ROWS = 20_000
ORDERS = {"ascending": "n", "descending": f"{10 * ROWS} - n", "random": "CONV(LEFT(MD5(n), 15), 16, 10)"}
PAD = "REPEAT('x', 60)"


def fill(maria: Maria, order: str) -> tuple[int, int]:
    """Insert 20,000 rows in that order of their keys: the pages of the table, and the page splits."""
    maria.make("id bigint PRIMARY KEY, pad char(60) NOT NULL")
    before = maria.metric("index_page_splits")
    maria.insert(f"{ORDERS[order]}, {PAD}", 1, ROWS)
    return maria.pages()["PRIMARY"], maria.metric("index_page_splits") - before


@pytest.mark.fails_when("the second order is random", assertion="down == up", order="random")
def test_innodb_packs_descending_keys_as_well_as_ascending_ones(
    maria: Maria, record: Recorder, order: str = "descending"
) -> None:
    """InnoDB needs as many pages and page splits for 20,000 rows whose keys descend as for rows whose keys ascend."""
    up, down = fill(maria, "ascending"), fill(maria, order)
    assert down == up
    record.number("innodb_up", up[0], note="pages of 20,000 rows of about 86 bytes, keys ascending")


@pytest.mark.fails_when("the keys ascend", assertion="pages > 1.2 * up", order="ascending")
def test_innodb_needs_more_pages_for_random_keys(maria: Maria, record: Recorder, order: str = "random") -> None:
    """InnoDB needs more than 1.2 times the pages for 20,000 rows if their keys are random instead of ascending."""
    up, _ = fill(maria, "ascending")
    pages, _ = fill(maria, order)
    assert pages > 1.2 * up
    record.number("innodb_random", pages, note="pages of the same rows, keys random")


def thousand_more(maria: Maria, order: str) -> tuple[float, int, int, int]:
    """Insert 1,000 rows after all pages were written back: bytes of redo a row, pages of the table that changed, pages
    of all kinds that were written back, and those that went through the doublewrite buffer."""
    fill(maria, order)
    maria.purge()
    maria.write_back()
    start, written, twice = maria.lsn(), maria.status("pages_written"), maria.status("dblwr_pages_written")
    maria.insert(f"{ORDERS[order]}, {PAD}", ROWS + 1, ROWS + 1_000)
    redo, changed = (maria.lsn() - start) / 1_000, maria.pages(changed_after=start)["PRIMARY"]
    maria.write_back()
    return redo, changed, maria.status("pages_written") - written, maria.status("dblwr_pages_written") - twice


@pytest.mark.fails_when("the keys ascend", assertion="changed > 5 * up_changed", order="ascending")
def test_innodb_pays_for_random_keys_in_pages_and_not_in_log(
    maria: Maria, record: Recorder, order: str = "random"
) -> None:
    """In InnoDB, 1,000 random inserts write less than three times the redo log of 1,000 ascending ones, but change more
    than five times as many pages of the table. All of these are written back, most of them twice."""
    up_redo, up_changed, _, _ = thousand_more(maria, "ascending")
    redo, changed, written, twice = thousand_more(maria, order)
    assert changed > 5 * up_changed
    assert redo < 3 * up_redo
    assert written >= changed
    assert twice > 0.5 * written
    record.number("innodb_redo_up", up_redo, unit="bytes", note="redo log a row, 1,000 ascending inserts")
    record.number("innodb_redo_random", redo, unit="bytes", note="redo log a row, 1,000 random inserts")
    record.number("innodb_changed_up", up_changed, note="pages of the table that 1,000 ascending inserts changed")
    record.number("innodb_changed_random", changed, note="pages of the table that 1,000 random inserts changed")
    record.number("innodb_written", written, note="pages of all kinds written back after the random inserts")
    record.number("innodb_twice", twice, note="of these, pages that went through the doublewrite buffer")


@pytest.mark.fails_when("the update is of a", assertion="set(changed) == {'PRIMARY'}", column="a")
def test_innodb_leaves_the_other_indexes_of_an_updated_row(maria: Maria, column: str = "v") -> None:
    """In InnoDB, an update of a column without an index changes pages of the clustered index only, and an update of an
    indexed column those of its index as well, but no page of the other secondary index."""
    maria.make("id int PRIMARY KEY, a int, b int, v int, KEY (a), KEY (b)")
    maria.insert("n, CRC32(n) >> 2, CRC32(MD5(n)) >> 2, 0", 1, ROWS)

    def change(which: str) -> dict[str, int]:
        start = maria.lsn()
        maria.rows(f"UPDATE t SET {which} = {which} + 1 WHERE id % 50 = 0")
        return maria.pages(changed_after=start)

    changed = change(column)
    assert set(changed) == {"PRIMARY"}
    assert set(change("a")) == {"PRIMARY", "a"}


KEYS = {
    "bigint": ("bigint", "n"),
    "binary": ("binary(16)", "UNHEX(MD5(n))"),
    "text": (
        "char(36) CHARACTER SET ascii",
        "INSERT(INSERT(INSERT(INSERT(MD5(n),9,0,'-'),14,0,'-'),19,0,'-'),24,0,'-')",
    ),
}


@pytest.mark.fails_when("the key is binary(16)", assertion="pages > 2 * small", kind="binary")
def test_innodb_copies_the_primary_key_into_every_index(maria: Maria, record: Recorder, kind: str = "text") -> None:
    """InnoDB's index on an int has more than twice the pages if the primary key is a UUID as text instead of a bigint,
    and with a UUID as binary(16) it is in between."""
    found = {}
    for name, (column, key) in KEYS.items():
        maria.make(f"id {column} PRIMARY KEY, a int, KEY (a)")
        maria.insert(f"{key}, CRC32(n) >> 2", 1, ROWS)
        found[name] = maria.pages()["a"]
        record.number(f"secondary_{name}", found[name], note=f"pages of a secondary index, primary key {column}")
    small, pages = found["bigint"], found[kind]
    assert pages > 2 * small
    assert small < found["binary"] < pages


@pytest.mark.fails_when("only one row in ten is deleted", assertion="left < full / 5", most="crc32(id) % 10 = 0")
def test_innodb_merges_pages_that_have_become_empty(
    maria: Maria, record: Recorder, most: str = "crc32(id) % 10 <> 0"
) -> None:
    """After nine rows in ten were deleted throughout the range, InnoDB has merged the pages to less than a fifth, while
    the file keeps its size."""
    file = "SELECT file_size FROM information_schema.innodb_sys_tablespaces WHERE name = 'test/t'"
    full, _ = fill(maria, "random")
    size, merged = maria.rows(file), maria.metric("index_page_merge_successful")
    maria.rows(f"DELETE FROM t WHERE {most}")
    maria.purge()
    left = maria.pages()["PRIMARY"]
    assert left < full / 5
    assert maria.metric("index_page_merge_successful") > merged
    assert maria.rows(file) == size
    record.number("innodb_full", full, note="pages of the clustered index before nine rows in ten were deleted")
    record.number("innodb_left", left, note="its pages after purge")
