"""Handsets, browsers and tablets."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.quality.newcomers.plans import DAY, FOREVER, MODELS
from benchmarks.quality.newcomers.world import World

POOLS = {
    "app": [n for n, (system, _, _) in enumerate(MODELS) if system != "web"],
    "browser": [n for n, (system, _, _) in enumerate(MODELS) if system == "web"],
    "tablet": [n for n, (_, name, _) in enumerate(MODELS) if name in ("iPad 9", "SM-T220")],
}
"""Places in `MODELS`."""


class Device(NamedTuple):
    """What people log in with; `period`: seconds until its id changes, `model`: its place in `MODELS`."""

    browser: int
    period: int
    model: int
    emulator: bool
    salt: int


def device(world: World, kind: str, *, emulator: bool = False, period: int = 0) -> int:
    """Keep a device of one of the `POOLS`; gives its place in the list."""
    dice, pool = world.dice, POOLS[kind]
    model = dice.choices(pool, [MODELS[n][2] for n in pool])[0]
    if not period and kind == "browser":
        period = dice.choice([30, 60, 120, 200, 400, 10**5]) * DAY
    elif not period:
        period = 400 * DAY if world.chance(0.3) else FOREVER
    world.devices.append(Device(int(kind == "browser"), period, model, emulator, world.salt()))
    return len(world.devices) - 1
