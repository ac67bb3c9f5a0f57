"""What programs make of the first id that does not fit into 32 bits."""

import os
import subprocess
import tempfile
from pathlib import Path

import pytest

from engblog.lab.process import LabError
from engblog.lab.record import Recorder
from engblog.lab.servers import MariaDB

from .sql import INT_MAX, LAB, Connection, run

GO_SOURCES = Path("/usr/share/gocode")
JDBC = Path("/usr/share/java/mariadb-java-client.jar")
FIRST_WIDE = "SELECT id FROM events"


def command(name: str, server: MariaDB, folder: Path) -> list[str]:
    """The command that reads the first column of a query with the client *name*, which is built first."""
    needed = {"Go": GO_SOURCES / "src/github.com/go-sql-driver/mysql", "JDBC": JDBC}[name]
    if not needed.exists():
        raise LabError(f"{needed} is not there; run: tools/system-packages")
    if name == "JDBC":
        subprocess.run(["javac", "-d", folder, LAB / "Client.java"], check=True, timeout=120)
        java = ["java", "-XX:TieredStopAtLevel=1", "-Xshare:auto", "-cp", f"{folder}:{JDBC}", "Client"]
        return [*java, f"jdbc:mariadb://127.0.0.1:{server.port}/test?user=root"]
    cache = Path(tempfile.gettempdir()) / f"lab-go-build-{os.getuid()}"
    path = {"GO111MODULE": "off", "GOPATH": str(GO_SOURCES), "GOCACHE": str(cache), "CGO_ENABLED": "0"}
    binary = folder / "client"
    build = ["go", "build", "-o", binary, LAB / "client.go"]
    subprocess.run(build, env={**os.environ, **path, "GOFLAGS": ""}, cwd=folder, check=True, timeout=180)
    return [str(binary), f"root@tcp(127.0.0.1:{server.port})/test"]


def version(package: str) -> str:
    """The upstream version of a Debian package."""
    query = ["dpkg-query", "-W", "-f", "${Version}", package]
    return subprocess.run(query, capture_output=True, text=True, check=True).stdout.partition("-")[0]


@pytest.mark.fails_when("the id is 2147483647", assertion='said["converted"] == str(-(2**31))', first=INT_MAX)
@pytest.mark.parametrize("name", ["Go", "JDBC"])
def test_a_conversion_turns_the_first_wide_id_negative_and_a_driver_refuses_it(
    server: MariaDB, db: Connection, record: Recorder, name: str, first: int = INT_MAX + 1
) -> None:
    """In Go and in Java a conversion to 32 bits makes -2147483648 of 2147483648; reading into 32 bits is an error."""
    run(db, f"CREATE TABLE events (id BIGINT AUTO_INCREMENT PRIMARY KEY, kind VARCHAR(20)) AUTO_INCREMENT = {first}")
    run(db, "INSERT INTO events (kind) VALUES ('wide')")

    with tempfile.TemporaryDirectory() as folder:
        read = [*command(name, server, Path(folder)), FIRST_WIDE]
        output = subprocess.run(read, capture_output=True, text=True, check=True, timeout=120).stdout
    said = dict(line.split(": ", 1) for line in output.splitlines())

    assert said["converted"] == str(-(2**31))
    assert "out of range" in said["read"].lower()
    package = {"Go": "golang-github-go-sql-driver-mysql-dev", "JDBC": "libmariadb-java"}[name]
    record.version({"Go": "go-sql-driver", "JDBC": "MariaDB Connector/J"}[name], version(package))
    record.number(f"{name.lower()}_read", said["read"], note=f"the client's error for 2147483648, {name}")
