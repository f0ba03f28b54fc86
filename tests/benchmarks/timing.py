"""Timing of pairs that survives a busy machine: interleaved, shuffled, and judged by the ratio within each round."""

import gc
import os
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from statistics import median, quantiles
from time import perf_counter
from typing import TypeVar

Work = Callable[[], object]
Key = TypeVar("Key")


@dataclass(frozen=True)
class Spread:
    """Of many measurements: the median and the quarters around it."""

    low: float
    middle: float
    high: float


def on_one_core() -> int | None:
    """Keep this process, its threads and its children on one core; return its number, None where none can be chosen."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def rounds(works: Mapping[Key, Work], count: int) -> dict[Key, list[float]]:
    """The seconds that each work took in each round."""
    return told_in_rounds({name: partial(timed, work) for name, work in works.items()}, count)


def told_in_rounds(works: Mapping[Key, Callable[[], float]], count: int) -> dict[Key, list[float]]:
    """The seconds that each work says that it took, in each round."""
    seconds: dict[Key, list[float]] = {name: [] for name in works}
    draw = random.Random(1)
    for _ in range(count):
        for name in draw.sample(list(works), len(works)):
            seconds[name].append(works[name]())
    return seconds


def spread(values: list[float]) -> Spread:
    low, _, high = quantiles(values, n=4)
    return Spread(low, median(values), high)


def ratios(ours: list[float], theirs: list[float]) -> Spread:
    return spread([mine / other for mine, other in zip(ours, theirs, strict=True)])


def timed(work: Work) -> float:
    """Do a work, and give the seconds that it took."""
    # In a fixed order without this the collector falls on the same side every time.
    gc.collect()
    start = perf_counter()
    work()
    return perf_counter() - start
