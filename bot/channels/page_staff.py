"""What staff say, brought to the chat page: written into the conversation, and told to its open pages."""

from __future__ import annotations

from bot.channels.conversation_log import Keeper
from bot.channels.staff_delivery import Deliver
from bot.channels.staff_words import write_from_staff
from bot.channels.streams import Streams
from bot.desk.messages import ToDeliver
from bot.engine.turn_loop import turn_loop


def to_page(keeper: Keeper, streams: Streams) -> Deliver:
    """Delivers to people on the page. Open pages of other processes look into their conversation by themselves."""

    async def deliver(message: ToDeliver) -> str | None:
        await turn_loop().run(write_from_staff(keeper, message))
        streams.tell(message.conversation, None)
        return None

    return deliver
