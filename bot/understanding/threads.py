"""Work on large arrays in tasks of its own for each core, instead of all cores for one small task after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from threadpoolctl import threadpool_limits

Item = TypeVar("Item")


def on_all_threads(work: Callable[[Item], None], items: Iterable[Item]) -> None:
    """Do `work` for each of the items, on as many threads as the linear algebra has. Each of its own calls has one
    meanwhile."""
    with threadpool_limits(1, user_api="blas") as limits:
        count = limits.get_original_num_threads()["blas"] or 1
        with ThreadPoolExecutor(count) as threads:
            list(threads.map(work, items))
