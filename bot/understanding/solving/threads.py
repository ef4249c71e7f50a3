"""Work on large arrays in tasks of its own for each core, instead of all cores for one small task after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")
Result = TypeVar("Result")


def on_all_threads(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """The results of `work` for each of the items, in their order, on as many threads as the linear algebra has. Each
    of its own calls has one meanwhile."""
    with threadpool_limits(1, user_api="blas") as limits:
        count = limits.get_original_num_threads()["blas"] or 1
        with ThreadPoolExecutor(count) as threads:
            return list(threads.map(work, items))
