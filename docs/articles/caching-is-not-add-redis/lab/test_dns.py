"""A caching resolver (dnsmasq) between a client and a zone: how long it keeps an address, and an absence."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from .resolver import Resolver
from .zone import NXDOMAIN, Zone, ask

NAME = "shop.example"
OLD, NEW = "192.0.2.1", "192.0.2.2"

Resolve = Callable[[Zone], Resolver]


@pytest.mark.fails_when("the TTL is 0", assertion="after == (OLD,)", ttl=0)
def test_a_changed_address_is_not_seen_before_its_ttl(
    zone: Zone, resolve: Resolve, record: Any, ttl: int = 3600
) -> None:
    """A resolver that has an address with a TTL of an hour answers with it although the zone names another one."""
    zone.addresses[NAME] = (OLD, ttl)
    resolver = resolve(zone)
    ask(resolver.port, NAME)
    zone.addresses[NAME] = (NEW, ttl)
    after = ask(resolver.port, NAME).addresses

    assert after == (OLD,)
    assert zone.asked == [NAME]


@pytest.mark.fails_when("the zone sends no SOA record with the answer", assertion="code == NXDOMAIN", soa_ttl=None)
def test_a_name_that_was_asked_too_early_stays_missing(
    zone: Zone, resolve: Resolve, soa_ttl: int | None = 3600
) -> None:
    """A name that is looked up before it exists is answered NXDOMAIN afterwards, and the zone is not asked again."""
    zone.soa_ttl = soa_ttl
    resolver = resolve(zone)
    ask(resolver.port, NAME)
    zone.addresses[NAME] = (NEW, 60)
    code = ask(resolver.port, NAME).code

    assert code == NXDOMAIN
    assert zone.asked == [NAME]


@pytest.mark.fails_when("both numbers are an hour", assertion="codes == [0, 0]", smaller=3600)
def test_the_smaller_of_two_numbers_limits_a_missing_name(zone: Zone, resolve: Resolve, smaller: int = 1) -> None:
    """A missing name is asked for again after 3 s if either the SOA record's TTL or its field MINIMUM is 1 s."""
    resolver = resolve(zone)
    names = []
    for zone.soa_ttl, zone.soa_minimum in ((3600, smaller), (smaller, 3600)):
        names.append(f"shop{len(names)}.example")
        assert ask(resolver.port, names[-1]).code == NXDOMAIN
        zone.addresses[names[-1]] = (NEW, 60)
    time.sleep(3)  # the resolver counts whole seconds
    codes = [ask(resolver.port, name).code for name in names]

    assert codes == [0, 0]
