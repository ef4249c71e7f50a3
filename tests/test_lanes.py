"""`make test` runs every test once."""

from __future__ import annotations

from pathlib import Path

from tests.lanes import BY_ITSELF, ROOT, arguments


def files_of(part: list[str]) -> list[Path]:
    """The test files that pytest finds when it is called with these arguments."""
    ignored = [Path(argument.removeprefix("--ignore=")) for argument in part if argument.startswith("--ignore=")]
    return [
        path.relative_to(ROOT)
        for folder in part
        if not folder.startswith("--")
        for path in (ROOT / folder).rglob("test_*.py")
        if not any(ignore in path.relative_to(ROOT).parents for ignore in ignored)
    ]


def test_every_test_file_is_in_one_part() -> None:
    beside, alone = arguments()
    parts = [files_of(part) for part in [*beside, alone]]
    assert all(parts), "a part without tests"
    every = sorted(path.relative_to(ROOT) for path in (ROOT / "tests").rglob("test_*.py"))
    assert sorted([file for part in parts for file in part] + files_of([BY_ITSELF])) == every
