"""The arithmetic of the manifest that the article shows."""

from pathlib import Path

import yaml

SPARE = 5.0  # seconds for the flush, and for being late


def test_the_drain_fits_into_the_grace_period() -> None:
    """Delay, limit and five seconds to flush add up to no more than the grace period, and no shell is in between."""
    spec = yaml.safe_load(Path(__file__).with_name("pod.yaml").read_text())["spec"]
    container = spec["containers"][0]
    seconds = {entry["name"]: float(entry["value"]) for entry in container["env"]}

    assert seconds["DRAIN_DELAY"] + seconds["DRAIN_LIMIT"] + SPARE <= spec["terminationGracePeriodSeconds"]
    assert container["command"] == ["/server"]
