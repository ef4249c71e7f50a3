"""`make test` runs every test once, in two lanes."""

from __future__ import annotations

from pathlib import Path

from tests.lanes import FIRST, ROOT, arguments


def test_every_test_file_is_in_one_part_of_one_lane() -> None:
    files = {path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py")}
    first, second = arguments()
    named = [[file for file in files if any(Path(folder) in file.parents for folder in part)] for part in first]
    ignored = {argument.removeprefix("--ignore=") for part in second for argument in part if "=" in argument}
    rest = [file for file in files if not any(Path(folder) in file.parents for folder in ignored)]
    assert all(named), "a part without tests"
    assert sorted([file for part in [*named, rest] for file in part]) == sorted(files)
    assert ignored == {folder for part in FIRST for folder in part}
