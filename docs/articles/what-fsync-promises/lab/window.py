"""The window of loss: how much of what a server had acknowledged a crash at the worst moment takes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from commits import Ack, Loss, loss, worst_instant
from machine import Machine


def lose(
    machine: Machine,
    acks: Sequence[Ack],
    part: str,
    found: Callable[[], set[int]],
    *,
    power: bool,
    names: Callable[[str], bool] | None = None,
) -> Loss:
    """Crash at the worst instant, recover, and compare.

    A power failure (*power*) is worst before a sync of the log, whose path contains *part*; a kill of the process is
    worst before a write to it. *found* reads the rows after recovery. *names* says which entries of folders the
    kernel had written back before the power failed.
    """
    disk = machine.disk
    machine.kill()
    made = {step.file for step in disk.steps() if step.kind == "C" and part in step.paths[0]}
    logs = made | disk.inodes(part)
    steps = [s for s in disk.steps() if s.file in logs and s.kind in ("S" if power else "W")]
    before, acked = worst_instant(acks, steps)
    if power:
        machine.crash(before=before, names=names)
    else:
        machine.kill_process(before=before)
    machine.restart()
    return loss(acked, found(), before.time if before else acks[-1].time)
