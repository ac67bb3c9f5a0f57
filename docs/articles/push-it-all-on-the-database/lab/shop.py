"""The example of the article: merchants and their orders, on any of the three servers."""

from pathlib import Path

from engblog.lab.servers import Server

from .sessions import Session

LAB = Path(__file__).parent
MERCHANTS = 16
ORDER = "INSERT INTO orders (merchant_id) VALUES (%s)"
COUNT = "UPDATE merchants SET sold = sold + 1 WHERE id = %s"
EMPTY_POSTGRESQL = ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
EMPTY_MYSQL = (
    "SET foreign_key_checks = 0",
    "DROP DATABASE test",
    "SET foreign_key_checks = 1",
    "CREATE DATABASE test",
    "USE test",
)
FOREIGN_KEY = """,
  CONSTRAINT orders_merchant
    FOREIGN KEY (merchant_id) REFERENCES merchants (id)"""


class Shop:
    """The tables of schema.sql, new, with merchants 1 to 16 and no order, and the clients that a test opens."""

    def __init__(self, server: Server, *, foreign_key: bool = True, on_delete: str = "") -> None:
        self.server = server
        self._clients: list[Session] = []
        self._crew: list[Session] = []
        self.db = self.client()
        for statement in EMPTY_POSTGRESQL if self.db.is_postgresql else EMPTY_MYSQL:
            self.db.run(statement)
        for statement in schema(foreign_key=foreign_key, on_delete=on_delete):
            self.db.run(statement)
        for number in range(1, MERCHANTS + 1):
            self.db.run("INSERT INTO merchants (id, name) VALUES (%s, 'a shop')", number)
            self.db.run("INSERT INTO merchant_stats (merchant_id) VALUES (%s)", number)
        self.db.commit()

    def client(self) -> Session:
        """Connect one more client."""
        session = Session(self.server)
        self._clients.append(session)
        return session

    def crew(self, number: int) -> list[Session]:
        """Return *number* clients that stay connected for the next call."""
        while len(self._crew) < number:
            self._crew.append(self.client())
        return self._crew[:number]

    def add_orders(self, merchant: int, number: int) -> None:
        """Commit that *number* of orders for *merchant*."""
        for start in range(0, number, 1_000):
            values = ", ".join([f"({merchant})"] * min(1_000, number - start))
            self.db.run(f"INSERT INTO orders (merchant_id) VALUES {values}")
        self.db.commit()

    def close(self) -> None:
        """Disconnect all clients, those whose locks keep others waiting first."""
        for session in sorted(self._clients, key=lambda client: client.busy):
            session.close()
        self._clients.clear()


def schema(*, foreign_key: bool, on_delete: str) -> list[str]:
    """Return the statements of schema.sql, without the foreign key or with another action on delete."""
    text = (LAB / "schema.sql").read_text(encoding="utf-8")
    text = "\n".join(line.partition("--")[0].rstrip() for line in text.splitlines())
    assert FOREIGN_KEY in text
    text = text.replace(FOREIGN_KEY, f"{FOREIGN_KEY} {on_delete}" if foreign_key else "")
    return [statement.strip() for statement in text.split(";") if statement.strip()]
