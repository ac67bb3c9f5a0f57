"""The lab's programs as processes that tests can stop, kill and start again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from engblog.lab.process import wait_until

LAB = Path(__file__).parent


class Program:
    """A program of this lab that prints its port once it listens."""

    def __init__(self, command: Sequence[str], inside: Sequence[str] = ()) -> None:
        self._command = [*inside, *command]
        self.port = 0
        self.start()

    def start(self, without: str = "") -> None:
        """Start it, again on the port that it had, and *without* one of its options."""
        self._command = [word for word in self._command if word != without]
        command = [*self._command, "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=LAB)
        assert self.process.stdout
        self.port = int(self.process.stdout.readline())

    def send(self, number: signal.Signals) -> None:
        """Send the process a signal."""
        self.process.send_signal(number)

    def stop(self) -> None:
        """Stop it with SIGSTOP, and return once no thread of it runs: until then one may still read from a socket."""
        self.send(signal.SIGSTOP)
        threads = Path(f"/proc/{self.process.pid}/task")
        wait_until(lambda: all(_stopped(each) for each in threads.iterdir()), seconds=30, what="the process to stop")

    def go_on(self) -> None:
        """Let it run again after :meth:`stop`."""
        self.send(signal.SIGCONT)

    def wait_for_no_sockets(self) -> None:
        """Return once the gateway has read all that its sockets had and they are gone: it says so in a line."""
        assert self.process.stdout
        assert self.process.stdout.readline() == "empty\n"

    def kill(self) -> None:
        """End it as a crash would."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


def _stopped(thread: Path) -> bool:
    """Whether a thread, a folder of /proc, is stopped."""
    return (thread / "stat").read_text().rpartition(")")[2].split()[0] == "T"


class Sender:
    """A client in Node, made with ws."""

    def __init__(self, port: int, inside: Sequence[str] = ()) -> None:
        command = [*inside, "node", "sender.mjs", f"ws://127.0.0.1:{port}"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=LAB)
        hello = self._answer()
        self.node, self.ws = hello["node"], hello["ws"]

    def ask(self, name: str, argument: Any = None) -> dict[str, Any]:
        """Tell it what to do (the commands of sender.mjs); return what it says."""
        assert self.process.stdin
        print(json.dumps([name, argument]), file=self.process.stdin, flush=True)
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        answer: dict[str, Any] = json.loads(self.process.stdout.readline())
        return answer

    def kill(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.close()
        self.process.stdout.close()


class Chat:
    """Starts the lab's programs around one database, and ends them all with the test."""

    def __init__(self, folder: Path, closing: ExitStack, inside: Sequence[str] = ()) -> None:
        self._closing, self._inside = closing, inside
        self.db = folder / "chat.db"
        self.keys_db = folder / "keys.db"
        self.log = folder / "frames.log"

    def webapp(self, *options: str) -> Program:
        """Start webapp.py."""
        stores = ["--db", str(self.db), "--keys-db", str(self.keys_db)]
        return self._keep(Program([sys.executable, "-S", "webapp.py", *stores, *options], self._inside))

    def gateway(self, webapp: Program | None = None, *options: str) -> Program:
        """Start gateway.mjs in front of *webapp*."""
        behind = ["--webapp", f"http://127.0.0.1:{webapp.port}"] if webapp else []
        return self._keep(Program(["node", "gateway.mjs", "--log", str(self.log), *behind, *options], self._inside))

    def sender(self, gateway: Program) -> Sender:
        """Start sender.mjs, connected to *gateway*."""
        return self._keep(Sender(gateway.port, self._inside))

    def frames(self) -> int:
        """Count the frames that reached the gateway's process."""
        return len(self.log.read_text().splitlines()) if self.log.exists() else 0

    def _keep(self, program: Any) -> Any:
        self._closing.callback(program.kill)
        return program


@contextmanager
def opened(folder: Path, inside: Sequence[str] = ()) -> Iterator[Chat]:
    """Give a :class:`Chat` whose programs end with the block."""
    with ExitStack() as closing:
        yield Chat(folder, closing, inside)
