"""A few words to talk to the server with."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeAlias

import pymysql
from pymysql.cursors import Cursor

from engblog.lab.servers import MariaDB, MySQL

Connection: TypeAlias = "pymysql.Connection[Cursor]"
LAB = Path(__file__).parent
INT_MAX = 2**31 - 1
DEADLOCK, LOCK_WAIT = 1213, 1205


def connect(server: MariaDB | MySQL) -> Connection:
    """A client in autocommit mode: a statement that returns without an error is acknowledged."""
    return pymysql.connect(host="127.0.0.1", port=server.port, user="root", database="test", autocommit=True)


def run(connection: Connection, statement: str, arguments: Sequence[object] = ()) -> int:
    """Execute one statement and return how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, arguments or None)
        return cursor.rowcount


def rows(connection: Connection, query: str, arguments: Sequence[object] = ()) -> list[tuple[Any, ...]]:
    """The rows that *query* returns."""
    with connection.cursor() as cursor:
        cursor.execute(query, arguments or None)
        return list(cursor.fetchall())


def value(connection: Connection, query: str, arguments: Sequence[object] = ()) -> Any:
    """The first column of the first row that *query* returns."""
    return rows(connection, query, arguments)[0][0]


def refused(connection: Connection, statement: str) -> tuple[int, str]:
    """The number and the text of the error that the server answers *statement* with; 0 if it took the statement."""
    try:
        changed = run(connection, statement)
    except pymysql.err.MySQLError as error:
        number, text = error.args
        return number, text
    return 0, f"{changed} rows changed"


def shown(error: tuple[int, str], sqlstate: str) -> str:
    """The error as the command-line client prints it."""
    return f"ERROR {error[0]} ({sqlstate}): {error[1]}"


def empty(server: MariaDB | MySQL) -> Connection:
    """A connection to a database ``test`` without tables."""
    connection = connect(server)
    run(connection, "SET foreign_key_checks = OFF")  # a child table must not keep its parent from being dropped
    run(connection, "DROP DATABASE IF EXISTS test")
    run(connection, "CREATE DATABASE test")
    run(connection, "SET foreign_key_checks = ON")
    connection.select_db("test")
    return connection


def next_id(connection: Connection, table: str) -> int:
    """The AUTO_INCREMENT counter of *table*: the id that the next row would get."""
    query = "SELECT auto_increment FROM information_schema.tables WHERE table_schema = 'test' AND table_name = %s"
    counter: int = value(connection, query, [table])
    return counter


def statements(name: str, section: str = "") -> list[str]:
    """The statements of the lab's file *name*, or of one *section* of it."""
    text = (LAB / name).read_text(encoding="utf-8")
    if section:
        text = text.partition(f"[start:{section}]\n")[2].partition(f"-- --8<-- [end:{section}]")[0]
    code = "\n".join(line.partition("--")[0] for line in text.splitlines())
    return [statement.strip() for statement in code.split(";") if statement.strip()]


def execute_file(connection: Connection, name: str, section: str = "", without: str = "") -> float:
    """Run those statements and return the seconds they took; one that gives up waiting for a lock is tried again.

    A statement in which *without* occurs is left out.
    """
    began = time.monotonic()
    for statement in statements(name, section):
        if without and without in statement:
            continue
        for attempts_left in reversed(range(10)):
            try:
                run(connection, statement)
                break
            except pymysql.err.OperationalError as error:
                if error.args[0] != LOCK_WAIT or not attempts_left:
                    raise
    return time.monotonic() - began
