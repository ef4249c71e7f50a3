"""What a message tells of a danger that was told before, whatever else it looks like: done, back, or heard wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any, NamedTuple

from bot.replies.after_danger import HELP_AT, SAID_OVER
from bot.replies.content import Content
from bot.replies.escalations import Told, told_lately
from bot.replies.reply import Kind, Reply
from bot.replies.where import filled, numbers_to_call
from bot.safety.record import verdict_as_dict
from bot.safety.verdict import Verdict

URGENT = "urgent"
"""The level of a danger for the same day."""


class Turn(Enum):
    """What became of a danger."""

    ACTED = "acted"
    """The person has done it: "I took them", below thoughts of death."""
    BACK = "back"
    """It is there again, or was never gone."""
    MISTAKEN = "mistaken"
    """It was never there."""
    WITH_HELPERS = "with-helpers"
    """The person is where help is: at the hospital."""
    HELP_COMES = "help-comes"
    """The person tells how long help will take."""
    SEEN = "seen"
    """Those who help have seen to it, and it is over: "they came and checked him, he's home now"."""


class TurnOfDanger(NamedTuple):
    """A turn, and the danger it is of."""

    turn: Turn
    danger: Told


def turn_of_danger(content: Content, slots: Mapping[str, Any], text: str) -> TurnOfDanger | None:
    """What a message says became of the danger that is open or was told in the last hours; None when it says nothing.

    What raises an alarm of its own may be more than this; that something was done is never less.
    """
    rules, emergency = content.below_danger, slots.get("emergency") or {}
    open_now = emergency.get("category")
    lately = told_lately(slots, rules.careful_minutes)
    danger = (open_now, emergency["level"]) if open_now else lately
    if danger is None or danger[0] not in content.red_flags:
        return None
    flag = content.red_flags[danger[0]]
    if flag.acted and rules.has_acted(text):
        return TurnOfDanger(Turn.ACTED, danger)
    if open_now and rules.is_mistaken(text, flag.never):
        return TurnOfDanger(Turn.MISTAKEN, danger)
    over_by_a_look = (open_now or danger[1] == URGENT) and not flag.quiet and flag.slug not in content.regions.lines
    if over_by_a_look and rules.calling.was_seen(text):
        return TurnOfDanger(Turn.SEEN, danger)
    if open_now and rules.calling.is_with_helpers(text, coming=bool(emergency.get(HELP_AT)) or not flag.quiet):
        return TurnOfDanger(Turn.WITH_HELPERS, danger)
    if open_now and not flag.quiet and rules.calling.tells_wait(text):
        return TurnOfDanger(Turn.HELP_COMES, danger)
    at_rest = not open_now or emergency.get(HELP_AT) or emergency.get(SAID_OVER)
    if at_rest and danger[1] == "emergency" and rules.comes_back(text):
        return TurnOfDanger(Turn.BACK, danger)
    return None


def acted_reply(content: Content, category: str, region: str | None) -> Reply:
    """What to do when the person says that something was done."""
    flag = content.red_flags[category]
    points = "\n".join(f"- {point}" for point in flag.acted)
    text = f"{content.fixed['heading-emergency'].text}\n\n{points}"
    return Reply(
        Kind.ESCALATION,
        filled(content, text, region),
        metadata={"category": category, "level": "emergency", "call": numbers_to_call(content, region, category)},
    )


def verdict_of(turn: TurnOfDanger, text: str) -> dict[str, Any]:
    """The verdict, as plain data, on a message that tells a turn of a danger."""
    category, level = turn.danger
    return verdict_as_dict(Verdict(category, level, True, (text,), f"told-{turn.turn.value}"))
