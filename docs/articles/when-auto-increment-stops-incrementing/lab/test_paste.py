"""The commands that a reader can paste: the same files, through the command-line client."""

import subprocess

import pytest

from engblog.lab.servers import MariaDB, MySQL

from .conftest import On
from .sql import LAB

ANSWERS = {"MySQL": "ERROR 1062 (23000)", "MariaDB": "ERROR 167 (22003)"}


@pytest.mark.fails_when("the key is `BIGINT`", assertion="answer in full.stderr", column="BIGINT")
@pytest.mark.parametrize("product", ANSWERS)
def test_the_commands_show_a_full_table(
    on: On, server: MariaDB, mysql: MySQL, product: str, column: str = "INT"
) -> None:
    """Fed with repro.sql, the client prints the server's error; headroom.sql then prints the table with 0 ids left."""
    started = {"MySQL": mysql, "MariaDB": server}[product]
    answer = ANSWERS[product]
    on(product)

    def paste(text: str, *options: str) -> subprocess.CompletedProcess[str]:
        address = ["-h127.0.0.1", f"-P{started.port}", "-uroot", "--skip-ssl"]
        command = [server.program("mariadb"), "--no-defaults", *address, *options, "test"]
        return subprocess.run(command, input=text, capture_output=True, text=True, timeout=60, check=False)

    full = paste((LAB / "repro.sql").read_text(encoding="utf-8").replace("INT", column, 1))
    reported = paste((LAB / "headroom.sql").read_text(encoding="utf-8"), "--skip-column-names").stdout.splitlines()

    assert answer in full.stderr
    assert len(reported) == 1
    assert reported[0].split("\t")[-2:] == ["0", "100.00"]
