"""A topic as staff pass it on: for a page or mail, and as a text message with its price in segments."""

from __future__ import annotations

from pathlib import Path

from bot.channels.sms.segments import Encoding
from bot.staff.telling import forms_of
from knowledge.library import LibraryReader, SourceEntry, TopicEntry

TOPIC = TopicEntry(
    slug="warm-toe",
    title="Warm toes",
    group="help",
    short="Warm toes “relax” – at 30°.",
    simple="Keep toes warm.",
    answer="Warmth calms the muscle.\n\nCold wakes it.",
    steps=("Wear socks.", "Rest."),
    cautions=("Do not burn yourself.",),
    related=(),
    sources=(
        SourceEntry("a-book", "A book", "A press", 2010, "https://example.org/book"),
        SourceEntry("a-talk", "A talk", "A clinic", None, None),
    ),
    reviewed_on="2026-01-05",
    reviewed_by="Content team",
)

WHOLE = """Warm toes

Warmth calms the muscle.

Cold wakes it.

What you can do:
- Wear socks.
- Rest.

Take care:
- Do not burn yourself.

Where this is from:
- A book. A press, 2010. https://example.org/book
- A talk. A clinic"""

TEXTED = """Warmth calms the muscle.
Cold wakes it.
What you can do:
- Wear socks.
- Rest.
Take care:
- Do not burn yourself."""


def test_a_topic_has_four_forms_each_for_a_page_and_for_a_phone() -> None:
    steps = "What you can do:\n- Wear socks.\n- Rest."
    care = "Take care:\n- Do not burn yourself."
    assert [(form.name, form.web, form.text, form.segments) for form in forms_of(TOPIC)] == [
        ("short", "Warm toes “relax” – at 30°.", 'Warm toes "relax" - at 30 degrees.', 1),
        ("simple", "Keep toes warm.", "Keep toes warm.", 1),
        ("steps", f"{steps}\n\n{care}", f"{steps}\n{care}", 1),
        ("whole", WHOLE, TEXTED, 1),
    ]


def test_without_cautions_nothing_stands_in_their_place() -> None:
    careless = TopicEntry(**{**TOPIC.__dict__, "cautions": ()})
    steps = next(form for form in forms_of(careless) if form.name == "steps")
    assert (steps.web, steps.text) == ("What you can do:\n- Wear socks.\n- Rest.",) * 2


def test_every_topic_of_the_library_travels_in_the_cheap_alphabet_and_its_short_form_in_two_segments(
    library: Path,
) -> None:
    for topic in LibraryReader(library).topics().values():
        forms = {form.name: form for form in forms_of(topic)}
        assert {form.travels.encoding for form in forms.values()} == {Encoding.GSM7}, topic.slug
        assert forms["short"].segments <= 2, topic.slug
        assert "".join(forms["whole"].travels.segments) == forms["whole"].text
