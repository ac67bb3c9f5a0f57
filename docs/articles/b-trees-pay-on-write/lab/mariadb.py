"""MariaDB as the tests see it: run statements, and count the pages and the log of InnoDB."""

import time
from typing import Any

import pymysql

Row = tuple[Any, ...]


class Maria:
    """A connection that commits after every statement."""

    def __init__(self, port: int) -> None:
        self.connection = pymysql.connect(host="127.0.0.1", port=port, user="root", database="test", autocommit=True)

    def close(self) -> None:
        """End the session."""
        self.connection.close()

    def rows(self, query: str) -> list[Row]:
        """Rows that *query* returns."""
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    def make(self, table: str) -> None:
        """Make table t anew."""
        self.rows("DROP TABLE IF EXISTS t")
        self.rows(f"CREATE TABLE t ({table}) ENGINE=InnoDB")

    def insert(self, values: str, first: int, last: int) -> None:
        """Insert rows of *values*, which are expressions with n, into t, for each n from *first* to *last*."""
        self.rows(f"INSERT INTO t SELECT {values} FROM (SELECT seq AS n FROM seq_{first}_to_{last}) AS numbers")

    # --8<-- [start:counters]
    def status(self, name: str) -> int:
        """Read one of the server's counters."""
        return int(self.rows(f"SHOW GLOBAL STATUS LIKE 'Innodb_{name}'")[0][1])

    def metric(self, name: str) -> int:
        """Read one of InnoDB's own counters."""
        return int(self.rows(f"SELECT count FROM information_schema.innodb_metrics WHERE name = '{name}'")[0][0])

    def pages(self, changed_after: int = 0) -> dict[str, int]:
        """Count the pages of each index of t in the buffer pool, or only those changed after a position in the log."""
        rows = self.rows(
            "SELECT index_name, COUNT(*) FROM information_schema.innodb_buffer_page"
            " WHERE table_name = '`test`.`t`' AND page_type = 'INDEX'"
            f" AND newest_modification > {changed_after} GROUP BY index_name"
        )
        return {str(index): int(count) for index, count in rows}

    # --8<-- [end:counters]

    def lsn(self) -> int:
        """The current position in the redo log."""
        return self.status("lsn_current")

    def write_back(self) -> None:
        """Have all changed pages written to their files, and wait for it."""
        self.rows("SET GLOBAL innodb_max_dirty_pages_pct_lwm = 0")
        self.rows("SET GLOBAL innodb_max_dirty_pages_pct = 0")
        try:
            wait_until(lambda: self.status("buffer_pool_pages_dirty") == 0)
        finally:
            self.rows("SET GLOBAL innodb_max_dirty_pages_pct = 90")

    def purge(self) -> None:
        """Wait until InnoDB has removed what deleted rows left behind."""
        wait_until(lambda: self.status("history_list_length") == 0)


def wait_until(holds: Any, seconds: float = 60) -> None:
    """Ask again and again, until *holds* returns true."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)
