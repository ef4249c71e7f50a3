"""OpenBLAS is told what the processor can do, unless somebody told it already."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bot.processor import CORE_TYPE, be_quick, core_type

OLD = "fpu vme sse sse2 ssse3 sse4_1 sse4_2 avx"
WIDE = f"{OLD} fma avx2"
WIDEST = f"{WIDE} avx512f avx512dq avx512cd avx512bw avx512vl"


@pytest.mark.parametrize(
    ("flags", "expected"),
    [(WIDEST, "SkylakeX"), (f"{WIDE} avx512f", "Haswell"), (WIDE, "Haswell"), (OLD, None), ("", None)],
)
def test_the_quickest_kind_is_one_the_processor_is(flags: str, expected: str | None, tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text(f"processor\t: 0\nflags\t\t: {flags}\nprocessor\t: 1\nflags\t\t: {flags}\n")
    assert core_type(told) == expected


def test_other_processors_are_left_alone(tmp_path: Path) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("processor\t: 0\nFeatures\t: fp asimd\n")
    assert core_type(told) is None
    assert core_type(tmp_path / "missing") is None


def test_what_somebody_has_set_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CORE_TYPE, "Nehalem")
    be_quick()
    assert os.environ[CORE_TYPE] == "Nehalem"
