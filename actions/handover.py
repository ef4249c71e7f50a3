"""A person asks for a person: staff are told, and the bot says when somebody is there."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.speaking import content, region_of, say
from bot.desk.messages import REACHABLE
from bot.records import records
from bot.replies.handover import person_asked_for

ASK_HUMAN = "ask_human"
"""The intent of asking for a person."""


def ask_for_person(dispatcher: CollectingDispatcher, tracker: Tracker) -> None:
    """Say when a person is there, and keep the request for them."""
    say(dispatcher, tracker, person_asked_for(content(), region_of(tracker)))
    channel = tracker.get_latest_input_channel()
    if channel in REACHABLE:
        records().person_wanted(tracker.sender_id, channel)
