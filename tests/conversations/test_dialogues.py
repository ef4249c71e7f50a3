"""Every dialogue of this folder, through the trained model and the real actions."""

from __future__ import annotations

import pytest

from bot.channels.in_process import Companion
from tests.conversations.dialogue import Dialogue, all_dialogues


@pytest.mark.parametrize("dialogue", all_dialogues(), ids=str)
async def test_dialogue(companion: Companion, dialogue: Dialogue) -> None:
    from tests.conversations.dialogue import hold

    assert await hold(companion, dialogue) == []


def test_there_are_enough_dialogues() -> None:
    assert len(all_dialogues()) >= 60
