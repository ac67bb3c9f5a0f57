"""PostgreSQL as the tests see it: run statements, and count the pages of an index and the records of the log."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

LAB = Path(__file__).parent
BLOCK = re.compile(r"rel \d+/\d+/(\d+)(?: fork (\w+))?,? blk (\d+)( \(FPW\))?")

OURS = {"Heap", "Heap2", "Btree"}
"""The parts of the server whose records are about our rows; commits and background processes have others."""


@dataclass(frozen=True, slots=True)
class Block:
    """A page that a record of the log refers to."""

    filenode: int
    number: int
    image: bool
    """The record contains the whole page."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record of the write-ahead log."""

    manager: str
    kind: str
    length: int
    image_bytes: int
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Index:
    """What pgstatindex reports of a B-tree."""

    size: int
    levels: int
    leaves: int
    deleted: int
    density: float


class Totals:
    """How much a piece of work wrote to the log, by kind of record."""

    def __init__(self, kinds: dict[str, tuple[int, int, int]]) -> None:
        self.kinds = {kind: sums for kind, sums in kinds.items() if kind.split("/")[0] in OURS}

    @property
    def size(self) -> int:
        """Bytes of all records."""
        return sum(size for _, size, _ in self.kinds.values())

    @property
    def image_bytes(self) -> int:
        """Bytes of the whole pages in the records."""
        return sum(images for _, _, images in self.kinds.values())

    def count(self, manager: str, *kinds: str) -> int:
        """Number of records of that resource manager and, if named, of those kinds."""
        return sum(count for count, _, _ in self._of(manager, *kinds))

    def size_of(self, manager: str, *kinds: str) -> int:
        """Bytes of these records."""
        return sum(size for _, size, _ in self._of(manager, *kinds))

    def _of(self, manager: str, *kinds: str) -> list[tuple[int, int, int]]:
        named = {kind: tuple(kind.removesuffix("+INIT").split("/")) for kind in self.kinds}
        return [
            sums
            for kind, sums in self.kinds.items()
            if named[kind][0] == manager and (not kinds or named[kind][1] in kinds)
        ]


class Log:
    """The records that a piece of work wrote to the log, without those of commits and of background processes."""

    def __init__(self, records: list[Record]) -> None:
        self.records = [record for record in records if record.manager in OURS]

    @property
    def size(self) -> int:
        """Bytes of all records."""
        return sum(record.length for record in self.records)

    @property
    def image_bytes(self) -> int:
        """Bytes of the whole pages in the records."""
        return sum(record.image_bytes for record in self.records)

    def count(self, manager: str, *kinds: str) -> int:
        """Number of records of that resource manager and, if named, of those kinds."""
        return sum(
            record.manager == manager and (not kinds or record.kind.removesuffix("+INIT") in kinds)
            for record in self.records
        )

    def pages(self, filenode: int) -> set[int]:
        """The pages of a table or an index that the records change."""
        return {block.number for record in self.records for block in record.blocks if block.filenode == filenode}

    def bytes_of(self, filenode: int) -> int:
        """Bytes of the records that change pages of one index or table."""
        return sum(
            record.length for record in self.records if any(block.filenode == filenode for block in record.blocks)
        )

    def count_of(self, filenode: int, *kinds: str) -> int:
        """Number of records of those kinds that change pages of one index or table."""
        return sum(
            record.kind in kinds and any(block.filenode == filenode for block in record.blocks)
            for record in self.records
        )

    def images(self, *filenodes: int) -> int:
        """Number of whole pages of these tables and indexes in the records."""
        return sum(block.image and block.filenode in filenodes for record in self.records for block in record.blocks)


class Postgres:
    """A connection that commits after every statement."""

    def __init__(self, dsn: str) -> None:
        self.connection = psycopg.connect(dsn, autocommit=True)

    def close(self) -> None:
        """End the session, and with it an open transaction."""
        self.connection.close()

    def run(self, *statements: str) -> None:
        """Run *statements*, each in a separate transaction."""
        for statement in statements:
            self.connection.execute(statement.encode())

    def value(self, query: str) -> Any:
        """The first column of the only row of *query*."""
        row = self.connection.execute(query.encode()).fetchone()
        assert row is not None
        return row[0]

    def file(self, name: str) -> None:
        """Run the statements of the lab's file *name*."""
        self.run((LAB / name).read_text(encoding="utf-8"))

    def filenode(self, relation: str) -> int:
        """The number by which the log calls a table or an index."""
        return int(self.value(f"SELECT pg_relation_filenode('{relation}')"))

    def filenodes(self, table: str) -> list[int]:
        """The numbers of a table and its indexes."""
        rows = self.connection.execute(
            "SELECT pg_relation_filenode(oid) FROM pg_class WHERE oid = %(table)s::regclass"
            " OR oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = %(table)s::regclass)",
            {"table": table},
        )
        return [int(node) for (node,) in rows]

    def pages(self, relation: str) -> int:
        """Size of a table or an index in pages of 8 KiB."""
        return int(self.value(f"SELECT pg_relation_size('{relation}') / 8192"))

    # --8<-- [start:index]
    def index(self, name: str) -> Index:
        """Read every page of the index and count."""
        row = self.connection.execute(
            "SELECT index_size, tree_level, leaf_pages, deleted_pages, avg_leaf_density FROM pgstatindex(%s)", [name]
        ).fetchone()
        assert row is not None
        return Index(*row)

    # --8<-- [end:index]

    # --8<-- [start:logged]
    def totals(self, work: Callable[[], None]) -> Totals:
        """Do some *work* and count what it wrote to the log."""
        start, end = self._around(work)
        rows = self.connection.execute(
            'SELECT "resource_manager/record_type", count, combined_size, fpi_size'
            "  FROM pg_get_wal_stats(%s, %s, per_record => true) WHERE count > 0",
            [start, end],
        )
        return Totals({kind: (int(count), int(size), int(images)) for kind, count, size, images in rows})

    def _around(self, work: Callable[[], None]) -> tuple[str, str]:
        start = self.value("SELECT pg_current_wal_insert_lsn()")
        work()
        end = self.value("SELECT pg_current_wal_insert_lsn()")
        self.run("SELECT pg_logical_emit_message(true, 'lab', 'its commit flushes the log up to here')")
        return start, end

    # --8<-- [end:logged]

    def logged(self, work: Callable[[], None]) -> Log:
        """Do some *work* and return each record that it wrote to the log."""
        rows = self.connection.execute(
            "SELECT resource_manager, record_type, record_length, fpi_length, block_ref"
            "  FROM pg_get_wal_records_info(%s, %s)",
            self._around(work),
        )
        return Log([_record(*row) for row in rows])


def _record(manager: str, kind: str, length: int, image_bytes: int, blocks: str | None) -> Record:
    found = [match for match in BLOCK.findall(blocks or "") if match[1] in ("", "main")]
    parsed = tuple(Block(int(node), int(number), bool(image)) for node, _, number, image in found)
    return Record(manager, kind, length, image_bytes, parsed)
