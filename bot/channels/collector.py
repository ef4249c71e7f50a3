"""Collects the replies of one turn with everything the reply contract promises."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

from bot.replies.reply import contract_metadata


class ReplyCollector(CollectingOutputChannel):
    """Keeps each reply whole: Rasa's own collector splits paragraphs into messages and drops metadata.

    `messages` holds dictionaries with recipient_id, text, buttons (if any) and metadata.
    """

    async def send_text_message(self, recipient_id: str, text: str, **kwargs: Any) -> None:
        """Keep one reply."""
        await self._keep(recipient_id, text, [], kwargs)

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **kwargs: Any
    ) -> None:
        """Keep one reply with its choices."""
        await self._keep(recipient_id, text, buttons, kwargs)

    async def _keep(self, recipient_id: str, text: str, buttons: list[dict[str, Any]], rest: dict[str, Any]) -> None:
        if not (text or "").strip():
            return  # nobody is helped by an empty reply; the guard answers when nothing else is said
        message: dict[str, Any] = {"recipient_id": recipient_id, "text": text}
        if buttons:
            message["buttons"] = buttons
        message["metadata"] = contract_metadata(rest)
        await self._persist_message(message)
