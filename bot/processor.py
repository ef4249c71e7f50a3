"""Have the linear algebra use what the processor can do.

The OpenBLAS inside the numpy and scipy that Rasa allows knows the processors of its day. It takes newer ones for very
old ones: on an AMD EPYC of 2024 a large system of equations then takes four times as long.
"""

from __future__ import annotations

import os
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
CORE_TYPE = "OPENBLAS_CORETYPE"
CORE_TYPES = {
    "SkylakeX": frozenset({"avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl"}),
    "Haswell": frozenset({"avx2", "fma"}),
}
"""What a processor must be able to do for each of OpenBLAS's kinds, the quickest first."""


def be_quick() -> None:
    """Tell OpenBLAS, in this process and those it starts, unless somebody told it already. Called once where a command
    begins, before numpy is imported."""
    found = core_type()
    if found:
        os.environ.setdefault(CORE_TYPE, found)


def core_type(cpu_info: Path = CPU_INFO) -> str | None:
    """The quickest kind that this processor is; None when it is none, or cannot be told."""
    try:
        told = cpu_info.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    flags = next((line.partition(":")[2].split() for line in told.splitlines() if line.startswith("flags")), [])
    return next((name for name, needed in CORE_TYPES.items() if needed <= set(flags)), None)
