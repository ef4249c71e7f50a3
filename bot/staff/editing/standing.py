"""How the console's version of something and its file stand to each other. Pure."""

from __future__ import annotations

from enum import Enum

from bot.staff.editing.history import History, Version


class Standing(str, Enum):
    """Which of the two speaks, and whether somebody must look."""

    FILE_ALONE = "file-alone"
    """Nothing was published on the console."""
    SAME = "same"
    """The file says what was published."""
    AHEAD = "ahead"
    """What was published is in force, and not in the file yet: export it."""
    FILE_MOVED_ON = "file-moved-on"
    """What was published had been written to the file, and the file was changed since: the file is in force."""
    CLASH = "clash"
    """Both were changed, each without the other. What was published stays in force until somebody decides."""

    @property
    def edit_counts(self) -> bool:
        """Whether what was published is laid over the file."""
        return self in (Standing.AHEAD, Standing.CLASH)


def standing(history: History, file: str | None, now: float) -> Standing:
    """How the version in force at `now` stands to the file, of which `file` is the fingerprint; None without one."""
    version = history.in_force(now)
    if version is None:
        return Standing.FILE_ALONE
    if version.fingerprint == file:
        return Standing.SAME
    if file in history.known_files:
        return Standing.AHEAD
    if version.fingerprint in history.exported:
        return Standing.FILE_MOVED_ON
    return Standing.CLASH


def counting(history: History, file: str | None, now: float) -> Version | None:
    """The version that is laid over the file at `now`; None when the file speaks."""
    return history.in_force(now) if standing(history, file, now).edit_counts else None
