"""The active way: how fast the cycle finds dead keys, and what sets its pace."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from math import comb
from statistics import fmean, median
from typing import Any

import pytest
from engblog.lab.process import wait_until

KEYS = 100_000
WINDOW_SECONDS = 8.0
RUNS_OF_BACKLOG = 5
SERVERS = 5
RUNS = {  # name: (share of dead keys, hz, active-expire-effort)
    "5": (0.05, 10, 1),
    "10": (0.10, 10, 1),
    "20": (0.20, 10, 1),
    "30": (0.30, 10, 1),
    "5_hz100": (0.05, 100, 1),
    "5_effort10": (0.05, 10, 10),
}


# --8<-- [start:model]
def expected_pace(dead: float, hz: int = 10, effort: int = 1) -> float:
    """Dead keys freed a second; *dead*: their share ahead of the cursor.

    A tick goes on, loop after loop, until one meets too few dead keys:
    1 / P(stop) loops in the mean.
    """
    keys, acceptable = 20 + 5 * (effort - 1), 10 - (effort - 1)
    few = [k for k in range(keys + 1) if k * 100 // keys <= acceptable]
    alive = 1 - dead
    stop = sum(comb(keys, k) * dead**k * alive ** (keys - k) for k in few)
    return hz * keys * dead / stop
    # --8<-- [end:model]


def pace_if_25_percent_were_the_limit(dead: float) -> float:
    """Return the same for the rule of Redis 5 and older: go on only while more than five of twenty were dead."""
    stop = sum(comb(20, k) * dead**k * (1 - dead) ** (20 - k) for k in range(6))
    return 10 * 20 * dead / stop


Paces = dict[str, list[float]]


@pytest.fixture(scope="module")
def paces(start_cache: Callable[..., Any]) -> Paces:
    """Dead keys freed per second in each of RUNS, by five servers each, all measured in the same window."""
    runs: dict[str, list[Any]] = {name: [] for name in RUNS}
    for name, (dead, hz, effort) in list(RUNS.items()) * SERVERS:
        cache = start_cache(hz=hz, active_expire_effort=effort)
        cache.sweep(False)
        cache.fill("dead:", int(KEYS * dead), ttl_ms=1)
        cache.fill("live:", KEYS - int(KEYS * dead), ttl_ms=3_600_000)
        cache.outlive(1)
        runs[name].append(cache)
    everyone = [cache for caches in runs.values() for cache in caches]
    for cache in everyone:
        cache.sweep(True)
    seconds = cache.spend(WINDOW_SECONDS)
    paces = {name: [cache.stat("expired_keys") / seconds for cache in caches] for name, caches in runs.items()}
    for cache in everyone:
        cache.server.stop()
    return paces


@pytest.mark.fails_when(
    "`active-expire-effort` is 10", assertion="0.4 < median(pace) / expected_pace(dead) < 2.5", effort=10
)
def test_the_pace_is_what_a_run_of_luck_with_loops_of_twenty_gives(paces: Paces, record: Any, effort: int = 1) -> None:
    """With 5, 10, 20 and 30% of the keys past their TTL, an idle server frees within a factor of 2.5 as many a
    second as the model says: loops of 20 keys, again above 10% dead."""
    for name in ("5", "10", "20", "30"):
        dead = RUNS[name][0]
        record.samples(f"pace_{name}", paces[name], digits=2, note=f"dead keys freed a second, {name}% dead")
        record.number(f"model_{name}", expected_pace(dead), digits=2, note=f"expected_pace({dead}): computed")
        minutes = 1_000_000 / (expected_pace(dead) / dead) / 60
        chart = record.chart(
            "pace",
            title="Dead keys that an idle server frees in a second",
            x="dead keys, % of all",
            y="keys freed a second",
            y_scale="log",
            note="100,000 keys, hz 10, effort 1, 8 s; median of five servers; computed by expected_pace",
        )
        chart.point("measured", 100 * dead, median(paces[name]))
        chart.point("computed", 100 * dead, expected_pace(dead))
        chart.point("computed for a limit of 25%", 100 * dead, pace_if_25_percent_were_the_limit(dead))
        record.number(f"pass_{name}", minutes, unit="min", digits=2, note="computed: one pass over 1,000,000 keys")
        pace = paces[name if effort == 1 else "5_effort10"]
        assert 0.4 < median(pace) / expected_pace(dead) < 2.5


def test_the_same_rate_needs_fewer_dead_keys_with_more_effort(record: Any) -> None:
    """By the model, the share of dead keys at which the cycle keeps up with 100, 1,000 or 10,000 keys a second is
    smaller at active-expire-effort 4 than at 1, and smaller yet at 10."""
    for rate in (100, 1_000, 10_000):
        shares = []
        for effort in (1, 4, 10):
            share = next(p for p in range(1, 1_000) if expected_pace(p / 1_000, effort=effort) >= rate) / 10
            note = f"computed: dead share at which {rate:,} keys a second are freed, effort {effort}"
            record.number(f"needed_{rate}_e{effort}", share, unit="%", digits=2, note=note)
            shares.append(share)
        assert shares[0] > shares[1] > shares[2]


def test_the_limit_is_not_25_percent(paces: Paces, record: Any) -> None:
    """With 30% of its keys past their TTL, an idle Redis 7.0 frees at least four times as many a second as it would if
    a loop had to find more than 25% dead."""
    old = pace_if_25_percent_were_the_limit(0.30)
    record.number("model_old_30", old, digits=2, note="computed: 30% dead, loops of 20, limit 25% as in Redis 5")
    assert median(paces["30"]) > 4 * old


@pytest.mark.fails_when("`active-expire-effort` is 10", assertion="max(freed) < 0.05", run="5_effort10")
@pytest.mark.fails_when("`hz` is 100", assertion="max(freed) < 0.05", run="5_hz100")
def test_most_dead_keys_are_still_there_after_eight_seconds(paces: Paces, record: Any, run: str = "5") -> None:
    """At the defaults, with 5% of 100,000 keys past their TTL, an idle server frees less than 5% of those in eight
    seconds."""
    freed = [pace * WINDOW_SECONDS / (KEYS * 0.05) for pace in paces[run]]
    percent = [100 * share for share in freed]
    record.samples("freed_of_5", percent, unit="%", digits=2, note="of 5,000 dead keys, freed within 8 s")
    assert max(freed) < 0.05


def test_effort_ten_frees_the_same_dead_keys_many_times_faster(paces: Paces, record: Any) -> None:
    """With 5% of the keys past their TTL, active-expire-effort 10 frees at least six times as many a second as 1."""
    gains = [ten / one for ten, one in zip(paces["5_effort10"], paces["5"], strict=True)]
    record.samples("pace_5_effort10", paces["5_effort10"], digits=2, note="dead keys freed a second, effort 10")
    record.samples("effort_gain", gains, digits=2, note="5% dead: effort 10 against 1")
    assert median(gains) > 6


def test_the_trickle_grows_with_hz(paces: Paces, record: Any) -> None:
    """With 5% of the keys past their TTL, hz 100 frees between four and twenty times as many a second as hz 10."""
    gains = [hundred / ten for hundred, ten in zip(paces["5_hz100"], paces["5"], strict=True)]
    record.samples("pace_5_hz100", paces["5_hz100"], digits=2, note="dead keys freed a second, 5% dead, hz 100")
    record.samples("hz_gain", gains, digits=2, note="5% dead: hz 100 against 10, effort 1")
    assert 4 < median(gains) < 20


@pytest.mark.fails_when("the second five have effort 1 too", assertion="eager < default / 2", effort=1)
def test_a_cache_at_the_defaults_carries_dead_keys_all_the_time(
    start_cache: Callable[..., Any], record: Any, effort: int = 10
) -> None:
    """At a steady 1,000 keys a second and a TTL of 3 s, over 5% of the keys that a server at the defaults holds are
    past their TTL and answer nil; with effort 10 it is less than half that share; expired_stale_perc reads more than
    it."""
    ttl_ms, rate, seconds = 3_000, 1_000, 12.0
    caches = [start_cache(active_expire_effort=1 if i < SERVERS else effort) for i in range(2 * SERVERS)]
    written = [deque[tuple[int, int]]() for _ in caches]  # (deadline, keys) of each batch still alive
    sizes: list[list[int]] = [[] for _ in caches]
    shares: list[list[float]] = [[] for _ in caches]
    start, sent = time.monotonic(), 0
    while (elapsed := time.monotonic() - start) < seconds:
        due = int(elapsed * rate) - sent
        for cache, batches, size, share in zip(caches, written, sizes, shares, strict=True):
            deadline = cache.now_ms() + ttl_ms
            with cache.pipeline(transaction=False) as batch:
                for i in range(sent, sent + due):
                    batch.set(f"k{i}", "x", pxat=deadline)
                held = batch.dbsize().execute()[-1]
            batches.append((deadline, due))
            while batches and batches[0][0] < deadline - ttl_ms:
                batches.popleft()
            if elapsed > seconds / 2:
                size.append(held)
                share.append(1 - sum(keys for _, keys in batches) / held)
        sent += due
        time.sleep(0.02)

    stale = [float(cache.stat("expired_stale_perc")) for cache in caches[:SERVERS]]
    dead = [100 * fmean(share) for share in shares]
    default, eager = median(dead[:SERVERS]), median(dead[SERVERS:])
    means = [int(fmean(size)) for size in sizes[:SERVERS]]
    record.samples("steady_size", means, note="mean DBSIZE in the last 6 s of 12 s, defaults")
    record.samples("steady_dead", dead[:SERVERS], unit="%", digits=2, note="mean share past the TTL, defaults")
    record.samples("steady_dead_e10", dead[SERVERS:], unit="%", digits=2, note="the same, active-expire-effort 10")
    record.samples("steady_stale_perc", stale, unit="%", digits=2, note="INFO expired_stale_perc at the end")
    assert default > 5
    assert eager < default / 2
    assert median(stale) > default

    first = caches[0]
    first.sweep(False)
    held, readable = first.dbsize(), set(first.keys("*"))
    with first.pipeline(transaction=False) as batch:
        for i in range(sent):
            batch.memory_usage(f"k{i}")
        dead_names = [f"k{i}" for i, size in enumerate(batch.execute()) if size and f"k{i}" not in readable]
    assert len(dead_names) > 0.05 * held
    assert not any(first.mget(dead_names))


Backlogs = dict[str, list[dict[str, float]]]


@pytest.fixture(scope="module")
def backlogs(start_cache: Callable[..., Any]) -> Backlogs:
    """What it cost to remove 150,000 keys that died at once: five runs under each of four conditions."""
    eager, hundred = {"active_expire_effort": 10}, {"hz": 100}
    conditions = {"idle": ({}, False), "busy": ({}, True), "effort10": (eager, False), "hz100": (hundred, False)}
    caches = {name: start_cache(**settings) for name, (settings, _) in conditions.items()}
    return {
        name: [_drain(caches[name], busy=busy) for _ in range(RUNS_OF_BACKLOG)]
        for name, (_, busy) in conditions.items()
    }


def _of(runs: list[dict[str, float]], what: str) -> list[float]:
    return [run[what] for run in runs]


@pytest.mark.fails_when(
    "the other client is idle too", assertion="median(busy_caps) > 1.5 * median(idle_caps)", other="idle"
)
def test_a_quarter_of_the_time_limits_the_slow_cycle_alone(
    backlogs: Backlogs, record: Any, other: str = "busy"
) -> None:
    """While 150,000 keys that died at once are removed, a server with a busy client runs at least 1.5 times as many
    expire cycles to their limit as an idle one, and gives them a larger share of its time."""
    for name, what in (
        ("idle", "no other client"),
        ("busy", "one client that pings without pause"),
        ("effort10", "no other client, effort 10"),
    ):
        shares = [100 * share for share in _of(backlogs[name], "share")]
        record.samples(f"share_{name}", shares, unit="%", digits=2, note=f"time spent in the expire cycle, {what}")
    idle_caps, busy_caps = _of(backlogs["idle"], "caps"), _of(backlogs[other], "caps")
    record.samples("caps_idle", map(int, idle_caps), note="expired_time_cap_reached_count, 150,000 dead keys, idle")
    record.samples("caps_busy", map(int, busy_caps), note="expired_time_cap_reached_count, 150,000 dead keys, busy")
    assert median(busy_caps) > 1.5 * median(idle_caps)
    assert median(_of(backlogs[other], "share")) > median(_of(backlogs["idle"], "share"))


@pytest.mark.fails_when("`hz` stays at 10", assertion="median(hundred) < median(ten) * 2 / 3", run="idle")
def test_a_higher_hz_shortens_the_pause(backlogs: Backlogs, record: Any, run: str = "hz100") -> None:
    """While 150,000 keys that died at once are removed, the mean expire cycle, slow or fast, is at least a third
    shorter at hz 100 than at hz 10."""
    ten, hundred = _of(backlogs["idle"], "mean"), _of(backlogs[run], "mean")
    for name, what in (("idle", "hz 10"), (run, "hz 100")):
        key = what.replace(" ", "")
        record.samples(f"mean_{key}", _of(backlogs[name], "mean"), unit="ms", note=f"mean cycle of a backlog, {what}")
        record.samples(f"worst_{key}", _of(backlogs[name], "worst"), unit="ms", note=f"longest of its cycles, {what}")
    shares = [100 * share for share in _of(backlogs[run], "share")]
    record.samples("share_hz100", shares, unit="%", digits=2, note="time in the cycle, idle, hz 100")
    assert median(hundred) < median(ten) * 2 / 3


def test_the_estimate_of_stale_keys_does_not_start_a_fast_cycle(start_cache: Callable[..., Any], record: Any) -> None:
    """With expired_stale_perc above 10, keys past their TTL wait for the next tick of hz through hundreds of turns of
    the event loop: no fast cycle starts."""
    cache = start_cache()

    def feed() -> bool:
        if cache.dbsize() == 0:
            cache.fill("dead:", 20, ttl_ms=1)
        return float(cache.stat("expired_stale_perc")) > 20

    def gone() -> bool:
        return bool(cache.dbsize() == 0)

    stale, turns = [], []
    for _ in range(RUNS_OF_BACKLOG):
        cache.config_set("hz", 10)
        wait_until(feed, seconds=60, what="an estimate of 20%: every key that a tick meets is dead")
        cache.config_set("hz", 1)
        wait_until(gone, seconds=30, what="a tick")  # the next one is a second away
        cache.fill("dead:", 20, ttl_ms=1)
        cache.outlive(1)
        stale.append(float(cache.stat("expired_stale_perc")))
        loops = 0
        while cache.dbsize() == 20 and loops < 1_000_000:  # each command is one turn of the event loop
            loops += 1
        turns.append(loops)

    record.samples("stale_before_tick", stale, unit="%", digits=2, note="expired_stale_perc while dead keys waited")
    record.samples("loops_without_fast", turns, worst="lowest", note="commands, a turn each, while 20 dead keys stayed")
    assert min(stale) > 10
    assert median(turns) > 200


@pytest.mark.fails_when("a command takes the time", assertion="cache.slowlog_len() == 0", by_command=True)
def test_the_slow_log_does_not_show_the_cycle(start_cache: Callable[..., Any], by_command: bool = False) -> None:
    """When 150,000 keys die at once, an expire cycle stops the server for over 20 ms: the latency monitor lists it as
    expire-cycle, and the slow log stays empty."""
    cache = start_cache(slowlog_log_slower_than=20_000)
    cache.sweep(False)
    cache.fill("dead:", 150_000, ttl_ms=1)
    cache.outlive(1)
    cache.slowlog_reset()
    cache.raw("LATENCY", "RESET")
    cache.sweep(True)
    wait_until(lambda: cache.dbsize() == 0, seconds=60, what="the backlog to drain")
    if by_command:
        cache.raw("DEBUG", "SLEEP", "0.03")

    assert cache.longest_ms("expire-cycle") > 20
    assert cache.slowlog_len() == 0


def _drain(cache: Any, *, busy: bool, keys: int = 150_000) -> dict[str, float]:
    """Let *keys* keys die at once; return what their removal cost, from the first moment until 90% were gone."""
    cache.sweep(False)
    cache.flushall()
    cache.fill("dead:", keys, ttl_ms=1)
    cache.outlive(1)
    cache.config_resetstat()
    cache.raw("LATENCY", "RESET")
    start = time.monotonic()
    cache.sweep(True)
    while (stats := cache.info("stats"))["expired_keys"] < 0.9 * keys:
        if busy:
            for _ in range(500):
                cache.ping()
        else:
            time.sleep(0.05)
    seconds = time.monotonic() - start
    spent, caps = stats["expire_cycle_cpu_milliseconds"], stats["expired_time_cap_reached_count"]
    return {
        "share": spent / 1_000 / seconds,
        "caps": caps,
        "mean": spent / caps,
        "worst": max(ms for _, ms in cache.raw("LATENCY", "HISTORY", "expire-cycle")),
    }
