"""Easy mode and voice: one short sentence at a time, large choices, numbers, reading aloud, speaking."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.devices import PHONE, WITH_EAR, WITH_VOICE, WITHOUT_EAR
from tests.browser.page import box, choices, easy_mode, focused, reply, settings, write
from tests.channels.page_server import PageServer


def easy(page: Page) -> None:
    """Easy mode with the box to write in open."""
    easy_mode(page)
    page.get_by_role("button", name="Write a message").click()


def shown(message: Locator) -> list[str]:
    """The sentences of a message that can be seen."""
    return [str(line.text_content()) for line in message.locator(".sentence").all() if line.is_visible()]


def spoken(page: Page) -> list[str]:
    return list(page.evaluate("window.spoken"))


def test_one_sentence_at_a_time_and_the_choices_last(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    easy(page)
    write(page, "My foot bounces")
    answer = reply(page, "Clonus is a muscle")
    answer.wait_for()

    assert shown(answer) == ["Clonus is a muscle that beats by itself."]
    assert choices(page) == []
    expect(answer.get_by_text("1 of 4")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    assert shown(answer)[-1] == "What you can do: Put your whole foot down."
    expect(answer.get_by_text("2 of 4")).to_be_visible()
    page.get_by_role("button", name="Next").press("Enter")
    page.get_by_role("button", name="Next").press("Enter")
    assert shown(answer)[2:] == ["Wait.", "Read more at https://example.org/clonus (opens in a new tab)."]
    assert choices(page) == ["1. More", "2. Simpler", "3. Where is this from?"]
    assert focused(page) == "1. More"


def test_everything_can_be_shown_at_once(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    easy(page)
    write(page, "My foot bounces")
    page.get_by_role("button", name="Show all").click()

    assert len(shown(reply(page, "Clonus is a muscle"))) == 4
    assert len(choices(page)) == 3


def test_who_goes_on_has_nothing_held_back(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    easy(page)
    write(page, "My foot bounces")
    page.get_by_role("button", name="Next").wait_for()
    write(page, "Check my symptoms")
    reply(page, "Did this start today?").wait_for()

    assert len(shown(reply(page, "Clonus is a muscle"))) == 4
    assert choices(page) == ["1. Yes", "2. No", "3. Not sure"]


def test_the_advice_in_an_emergency_is_never_held_back(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    easy(page)
    write(page, "my face droops")
    card = reply(page, "signs of a new stroke")
    card.wait_for()

    assert shown(card) == ["These can be signs of a new stroke.", "Call 911 now.", "Do not drive yourself."]
    expect(card.get_by_role("link", name="Call 911")).to_be_visible()


def test_yes_no_and_not_sure_are_large_and_below_each_other(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    easy(page)
    write(page, "Check my symptoms")
    reply(page, "Did this start today?").wait_for()
    boxes = [choice.bounding_box() for choice in page.locator(".choices button:enabled").all()]

    assert [box_ for box_ in boxes if box_ is None or box_["height"] < 72 or box_["width"] < 250] == []
    tops = [box_["y"] for box_ in boxes if box_]
    assert tops == sorted(tops)
    assert len(set(tops)) == 3


def test_a_number_is_enough(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(**PHONE)
    easy(page)
    write(page, "Check my symptoms")
    reply(page, "Did this start today?").wait_for()
    page.keyboard.press("F6")
    page.keyboard.press("7")
    page.keyboard.press("2")
    reply(page, "Call your physical therapist").wait_for()

    assert server.bot.heard == ["Check my symptoms", "No"]


def test_a_number_in_the_message_box_is_text(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(**PHONE)
    easy(page)
    write(page, "Check my symptoms")
    reply(page, "Did this start today?").wait_for()
    box(page).press("2")

    assert (box(page).input_value(), server.bot.heard) == ("2", ["Check my symptoms"])


def test_numbers_are_keys_of_easy_mode_only(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    write(page, "Check my symptoms")
    reply(page, "Did this start today?").wait_for()
    page.keyboard.press("F6")
    page.keyboard.press("2")
    write(page, "good day")
    reply(page, "You wrote: good day").wait_for()

    assert server.bot.heard == ["Check my symptoms", "good day"]


def test_the_box_to_write_in_is_there_only_when_it_is_wanted(open_page: OpenPage) -> None:
    page = open_page(**PHONE)
    easy_mode(page)
    expect(box(page)).to_be_hidden()
    page.get_by_role("button", name="Write a message").click()

    expect(box(page)).to_be_focused()


def test_easy_mode_reads_each_sentence_and_then_the_choices(open_page: OpenPage) -> None:
    page = open_page(**PHONE, before=WITH_VOICE)
    easy(page)
    page.evaluate("window.spoken.length = 0")
    write(page, "My foot bounces")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Show all").click()

    assert spoken(page) == [
        "Clonus is a muscle that beats by itself.",
        "What you can do: Put your whole foot down.",
        "Wait. Read more at a web page. 1: More. 2: Simpler. 3: Where is this from?.",
    ]


def test_new_messages_are_read_aloud_when_it_is_switched_on(open_page: OpenPage) -> None:
    page = open_page(before=WITH_VOICE)
    write(page, "good day")
    reply(page, "You wrote").wait_for()
    assert spoken(page) == []
    settings(page)
    page.get_by_role("button", name="Read new messages aloud").click()
    write(page, "my face droops")
    reply(page, "signs of a new stroke").wait_for()

    assert spoken(page) == ["Call now. These can be signs of a new stroke. Call 911 now. Do not drive yourself."]


def test_one_message_is_read_and_stopped(open_page: OpenPage) -> None:
    page = open_page(before=WITH_VOICE)
    write(page, "good day")
    message = reply(page, "You wrote")
    message.get_by_role("button", name="Read aloud").click()
    assert spoken(page) == ["You wrote: good day"]
    message.get_by_role("button", name="Stop reading").click()
    message.get_by_role("button", name="Read aloud").click()
    page.evaluate("window.lastSpoken.dispatchEvent(new Event('end'))")

    expect(message.get_by_role("button", name="Read aloud")).to_be_visible()


def test_a_voice_that_sends_the_text_away_is_not_used(open_page: OpenPage) -> None:
    page = open_page(before=WITH_VOICE)
    assert page.evaluate("document.querySelectorAll('.with-voice').length") > 0
    write(page, "good day")
    reply(page, "You wrote").get_by_role("button", name="Read aloud").click()
    assert page.evaluate("window.lastSpoken.voice.name") == "here"
    page.evaluate("window.voices.pop(); window.speechSynthesis.dispatchEvent(new Event('voiceschanged'))")

    expect(page.get_by_role("button", name="Read aloud")).to_have_count(0)


def test_what_is_said_can_be_checked_before_it_is_sent(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(before=WITH_EAR)
    page.get_by_role("button", name="Speak").click()
    page.get_by_role("button", name="Yes, let me speak").click()
    expect(page.get_by_role("status")).to_have_text("I am listening.")
    page.evaluate("window.ear.hear('my foot', 'bounces')")
    page.get_by_role("button", name="Stop listening").click()

    expect(box(page)).to_have_value("my foot bounces")
    expect(page.get_by_role("status")).to_have_text('Please check the text. Then tap "Send".')
    assert server.bot.heard == []
    page.get_by_role("button", name="Send").click()
    reply(page, "You wrote: my foot bounces").wait_for()


def test_before_a_voice_leaves_the_device_the_page_asks(open_page: OpenPage) -> None:
    page = open_page(before=WITH_EAR)
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_text("It may send your voice to the company that made it.")).to_be_visible()
    page.get_by_role("button", name="No, I will type").click()

    assert page.evaluate("window.ear") is None
    expect(page.get_by_role("button", name="Speak")).to_be_focused()


def test_a_browser_that_listens_by_itself_need_not_ask(open_page: OpenPage) -> None:
    page = open_page(before=WITH_EAR + "window.webkitSpeechRecognition.available = async () => 'available';")
    page.get_by_role("button", name="Speak").click()
    expect(page.get_by_role("status")).to_have_text("I am listening.")

    assert page.evaluate("window.ear.processLocally") is True


def test_a_voice_that_is_not_heard_is_told_so(open_page: OpenPage) -> None:
    page = open_page(before=WITH_EAR)
    page.get_by_role("button", name="Speak").click()
    page.get_by_role("button", name="Yes, let me speak").click()
    page.get_by_role("button", name="Stop listening").click()

    expect(page.get_by_role("status")).to_have_text("I could not hear you. Please try again, or type.")


def test_without_speech_input_there_is_no_button_for_it(open_page: OpenPage) -> None:
    page = open_page(before=WITHOUT_EAR)

    expect(page.get_by_role("button", name="Speak")).to_have_count(0)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("Largest text", "data-size"),
        ("High contrast", "data-colors"),
        ("Dark", "data-colors"),
        ("Easy mode", "data-easy"),
    ],
)
def test_settings_are_remembered_on_the_device(open_page: OpenPage, name: str, kept: str) -> None:
    page = open_page()
    settings(page)
    page.get_by_role("button", name=name).click()
    before = page.evaluate(f"document.documentElement.getAttribute('{kept}')")
    look = page.evaluate(
        "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).fontSize"
    )
    page.reload()
    settings(page)

    assert page.evaluate(f"document.documentElement.getAttribute('{kept}')") == before != "normal"
    assert look == page.evaluate(
        "getComputedStyle(document.body).backgroundColor + getComputedStyle(document.documentElement).fontSize"
    )
    expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")


def test_light_and_dark_can_be_chosen_against_the_device(open_page: OpenPage) -> None:
    page = open_page(color_scheme="dark")
    paper = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(paper) == "rgb(16, 23, 24)"
    settings(page)
    page.get_by_role("button", name="Light").click()
    assert page.evaluate(paper) == "rgb(244, 246, 246)"
    page.get_by_role("button", name="High contrast").click()
    assert page.evaluate(paper) == "rgb(0, 0, 0)"


def test_there_are_three_text_sizes(open_page: OpenPage) -> None:
    page = open_page()
    settings(page)
    sizes = []
    for name in ("Normal text", "Large text", "Largest text"):
        page.get_by_role("button", name=name).click()
        sizes.append(page.evaluate("getComputedStyle(document.documentElement).fontSize"))

    assert sizes == ["18px", "22px", "28px"]
