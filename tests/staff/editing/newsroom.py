"""Shortcuts by which tests publish."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.staff.editing.desk import Review
from bot.staff.editing.items import Item, topic_item
from tests.knowledge.content import topic_fields
from tests.staff.editing.people import ANNA, CARE
from tests.staff.world import World

TOE, HEEL, ARCH = topic_item("cold-toe"), topic_item("warm-heel"), topic_item("sore-arch")
REVIEW = Review("Care Nurse, clinical reviewer", date(2027, 1, 15), date(2028, 1, 15), signed_off=True)
SEAL = {"date": "2027-01-15", "by": "Care Nurse, clinical reviewer", "due": "2028-01-15"}


def toe(**changes: Any) -> dict[str, Any]:
    return topic_fields("cold-toe", "warm-heel", **changes)


def draft(world: World, content: Mapping[str, Any], item: Item = TOE) -> int:
    """Anna writes; the number of what she saved."""
    now = world.console.clock()
    with world.change() as connection:
        if world.console.editing.see(connection, item, now).history.edit is None:
            world.console.editing.begin(connection, item, ANNA, now, content)
        edit = world.console.editing.see(connection, item, now).history.edit
        assert edit is not None
        world.console.editing.save(connection, item, ANNA, now, content, edit.revision)
        edit = world.console.editing.see(connection, item, now).history.edit
        assert edit is not None
        return edit.revision


def publish(world: World, content: Mapping[str, Any], item: Item = TOE, review: Review = REVIEW) -> None:
    """Anna writes, and a clinical reviewer publishes."""
    revision, now = draft(world, content, item), world.console.clock()
    with world.change() as connection:
        world.console.editing.submit(connection, item, ANNA, now, "")
        world.console.editing.approve(connection, item, CARE, now, revision, review)
