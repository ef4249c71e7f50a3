"""Write the sample conversation of README.md from what the bot really replies.

python -m tests.docs.readme_sample
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterable

from bot.channels.in_process import Companion
from bot.channels.running_turn import Message
from bot.quiet import be_quiet
from bot.settings import ROOT, settings
from tests.conversations.dialogue import Dialogue, all_dialogues

README = ROOT / "README.md"
FILE = "readme"
"""The dialogue that is shown stands in tests/conversations/readme.yml."""

MARKED = re.compile(r"(<!-- sample: begin -->\n).*?(<!-- sample: end -->)", re.DOTALL)


class SampleMissingError(Exception):
    """README.md does not have exactly one place for the sample."""


def sample_dialogue() -> Dialogue:
    """The one dialogue of tests/conversations/readme.yml."""
    [dialogue] = [dialogue for dialogue in all_dialogues() if dialogue.file == FILE]
    return dialogue


def drawn(said: str, replies: Iterable[Message]) -> str:
    """One turn as Markdown: what the person says, then each reply as a quotation with its buttons."""
    parts = [f"**You:** {said}"]
    for reply in replies:
        lines = reply["text"].splitlines()
        titles = [button["title"] for button in reply.get("buttons", [])]
        if titles:
            lines += ["", " ".join(f"<kbd>{title}</kbd>" for title in titles)]
        parts.append("\n".join(f"> {line}".rstrip() for line in lines))
    # two quotations would run together without something between them
    return "\n\n<!-- -->\n\n".join([f"{parts[0]}\n\n{parts[1]}", *parts[2:]])


async def sample(companion: Companion) -> str:
    """The whole conversation as Markdown, held anew with `companion`."""
    dialogue = sample_dialogue()
    conversation = uuid.uuid4().hex
    turns = [drawn(str(turn["say"]), await companion.say(conversation, str(turn["say"]))) for turn in dialogue.turns]
    return "\n\n".join(turns)


def shown(readme: str) -> str:
    """The sample as it stands in the text of README.md. Raises SampleMissingError when it is not there once."""
    found = MARKED.findall(readme)
    if len(found) != 1:
        raise SampleMissingError(f"README.md has {len(found)} places for the sample, not one")
    match = MARKED.search(readme)
    assert match is not None
    return match[0].removeprefix(match[1]).removesuffix(match[2]).strip()


def renewed(readme: str, text: str) -> str:
    """The text of README.md with `text` as its sample. Raises SampleMissingError when there is no one place for it."""
    shown(readme)
    return MARKED.sub(lambda found: f"{found[1]}\n{text}\n\n{found[2]}", readme)


async def main() -> None:
    """Hold the conversation and write it into README.md."""
    companion = await Companion.load(settings().models_folder)
    README.write_text(renewed(README.read_text(encoding="utf-8"), await sample(companion)), encoding="utf-8")


if __name__ == "__main__":
    be_quiet()
    asyncio.run(main())
