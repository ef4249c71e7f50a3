"""Where the person is, and the emergency number there."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.speaking import Events, content, region_of, say_fixed, text_of


class ActionTellRegion(Action):
    """Remembers where the person is, so that the right numbers are shown."""

    def name(self) -> str:
        return "action_tell_region"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        regions, text = content().regions, text_of(tracker)
        region = regions.told_in(text) or regions.named_in(text)  # "he lives in scotland, I'm in canada"
        if region is None:
            say_fixed(dispatcher, tracker, "region-unknown")
            return []
        tracker.slots["region"] = region.region
        say_fixed(dispatcher, tracker, "region-known")
        return [SlotSet("region", region.region)]


class ActionTellNumber(Action):
    """Tells the emergency number that was asked for, of the country that is named with it or known."""

    def name(self) -> str:
        return "action_tell_number"

    def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> Events:
        named = content().regions.named_in(text_of(tracker))
        if named is not None:
            tracker.slots["region"] = named.region
        known = content().regions.get(region_of(tracker) or content().here.region).known
        say_fixed(dispatcher, tracker, "number-known" if known else "which-number", only=True)
        return [SlotSet("region", named.region)] if named is not None else []
