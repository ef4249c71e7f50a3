"""The chat page in a real browser, used as people use it."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.devices import PHONE
from tests.browser.page import GREETING_CHOICES, box, choices, focused, reply, said, write
from tests.channels.page_server import PageServer


def test_a_message_is_sent_with_the_mouse(open_page: OpenPage) -> None:
    page = open_page()
    box(page).fill("good day")
    page.get_by_role("button", name="Send").click()
    reply(page, "You wrote: good day").wait_for()

    assert said(page) == [("You", "good day"), ("Clonus Companion", "You wrote: good day")]
    assert box(page).input_value() == ""


def test_a_conversation_works_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page()
    page.keyboard.press("Tab")
    assert focused(page) == "Go to the message box"
    page.keyboard.press("Enter")
    expect(box(page)).to_be_focused()
    page.keyboard.type("My foot bounces")
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Backspace")
    page.keyboard.press("Enter")
    reply(page, "Clonus is a muscle").wait_for()
    expect(box(page)).to_be_focused()
    assert box(page).input_value() == ""

    for _ in range(10):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "More":
            break
    page.keyboard.press("Enter")
    reply(page, "That is all I have on this.").wait_for()

    assert [what for who, what in said(page) if who == "You"] == ["My foot bounces", "More"]


def test_after_a_choice_the_keyboard_goes_on_to_the_next_choices(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Check my symptoms").press("Enter")
    reply(page, "Did this start today?").wait_for()
    page.keyboard.press("Tab")

    assert focused(page) == "Yes"


def test_choices_are_spent_once_used(open_page: OpenPage) -> None:
    page = open_page()
    assert choices(page) == GREETING_CHOICES
    page.get_by_role("button", name="My foot bounces").click()
    reply(page, "Clonus is a muscle").wait_for()

    assert choices(page) == ["More", "Simpler"]
    expect(page.get_by_role("button", name="You chose: My foot bounces")).to_be_disabled()
    expect(page.get_by_role("button", name="My knee locks back")).to_have_count(0)


def test_choices_are_spent_when_the_person_types_instead(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "good day")
    reply(page, "You wrote").wait_for()

    assert choices(page) == []


def test_a_choice_pressed_twice_is_sent_once(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    page.get_by_role("button", name="My foot bounces").dblclick()
    reply(page, "Clonus is a muscle").wait_for()

    assert server.bot.heard == ["My foot bounces"]


def test_an_escalation_says_call_now_with_a_number_to_tap_and_to_read(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "my face droops")
    card = reply(page, "signs of a new stroke")
    card.wait_for()

    expect(card.get_by_role("heading")).to_have_text("Call now")
    expect(card.get_by_role("link")).to_have_text("Call 911")
    expect(card.get_by_role("link")).to_have_attribute("href", "tel:911")
    expect(card.locator(".numbers")).to_have_text("Emergency: 911")
    assert card.locator(".body li").all_inner_texts() == ["Call 911 now.", "Do not drive yourself."]
    page.keyboard.press("Tab")
    assert focused(page) == "Call 911"


def test_the_number_to_call_is_that_of_the_country_the_person_tells_of(open_page: OpenPage) -> None:
    page = open_page()
    bar = page.locator(".emergency")
    expect(bar.get_by_role("link")).to_have_attribute("href", "tel:911")
    write(page, "UK. my brace rubs")
    reply(page, "You wrote").wait_for()

    expect(bar.get_by_role("link")).to_have_text("Call 999")
    expect(bar.get_by_role("link")).to_have_attribute("href", "tel:999")
    page.reload()
    expect(bar.get_by_role("link")).to_have_text("Call 999")
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Start again").click()
    page.get_by_role("button", name="Yes, start again").click()
    expect(bar.get_by_role("link")).to_have_text("Call 911")


def test_an_escalation_does_not_take_the_keyboard_from_a_person_who_types(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page()
    server.bot.seconds = 0.5
    write(page, "my face droops")
    page.keyboard.type("please")
    reply(page, "signs of a new stroke").wait_for()

    expect(box(page)).to_be_focused()
    assert box(page).input_value() == "please"


def test_every_kind_of_message_is_named_in_words(open_page: OpenPage) -> None:
    page = open_page()
    for text in ("My foot bounces", "brace", "Check my symptoms", "No"):
        write(page, text)
        expect(page.locator("#log > :last-child")).to_contain_class("bot")

    labels = page.locator(".message.bot .label").all_inner_texts()
    assert labels == ["Please note", "Answer", "Please choose", "Question 2 of 5", "Your result"]
    expect(page.locator(".kind-result").get_by_role("heading")).to_have_text("Get advice in the next few days")


def test_lists_and_links_are_drawn_as_such(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "My foot bounces")
    answer = reply(page, "Clonus is a muscle")
    answer.wait_for()

    assert answer.locator(".body li").all_inner_texts() == ["Put your whole foot down.", "Wait."]
    link = answer.locator(".body").get_by_role("link")
    expect(link).to_have_text("https://example.org/clonus (opens in a new tab)")
    expect(link).to_have_attribute("href", "https://example.org/clonus")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_a_numbered_list_of_choices_is_drawn_once(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    write(page, "brace")
    question = reply(page, "Which one do you mean?")
    question.wait_for()

    assert question.locator(".body").inner_text() == "Which one do you mean?"
    assert choices(page) == ["1. Do I need a brace?", "2. Brace and skin", "3. None of these"]
    page.get_by_role("button", name="2. Brace and skin").click()
    reply(page, "You wrote: Brace and skin").wait_for()
    assert server.bot.heard == ["brace", "Brace and skin"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>document.title='changed'</script>",
        "<img src=x onerror=\"document.title='changed'\">",
        "javascript:document.title='changed' data:text/html,x",
    ],
)
def test_markup_stays_text(open_page: OpenPage, text: str) -> None:
    page = open_page()
    write(page, text)
    reply(page, "You wrote").wait_for()
    page.reload()
    reply(page, "You wrote").wait_for()

    assert said(page) == [("You", text), ("Clonus Companion", f"You wrote: {text}")]
    assert page.title() == "Clonus Companion: chat about clonus"
    assert page.locator("#log img, #log script, .message.bot:last-child a").count() == 0


def test_a_reload_brings_the_conversation_back_with_its_last_choices(open_page: OpenPage) -> None:
    page = open_page()
    page.get_by_role("button", name="Check my symptoms").click()
    reply(page, "Did this start today?").wait_for()
    before = said(page)
    page.reload()
    reply(page, "Did this start today?").wait_for()

    assert said(page) == before
    assert choices(page) == ["Yes", "No", "Not sure"]


def test_each_message_says_who_wrote_it_and_on_which_day(open_page: OpenPage, server: PageServer) -> None:
    page = open_page(timezone_id="UTC")
    write(page, "good day")
    reply(page, "You wrote: good day").wait_for()
    senders = page.locator(".message .sender")
    assert [text.split(", ")[0] for text in senders.all_inner_texts()[-2:]] == ["You Today", "Clonus Companion Today"]
    server.age(server.bot.latest, days=2)
    page.reload()
    reply(page, "You wrote: good day").wait_for()

    when = datetime.now(timezone.utc) - timedelta(days=2)
    day = f"{when:%A}, {when:%B} {when.day}"
    assert [text.rsplit(", ", 1)[0] for text in senders.all_inner_texts()[-2:]] == [
        f"You {day}", f"Clonus Companion {day}"
    ]  # fmt: skip


def test_without_scripts_the_page_says_where_to_get_help(open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    words = page.inner_text("main")

    assert "Call the emergency number 911 if something is sudden or feels bad." in words
    assert "Text 911 works in many areas." in words
    assert "You can also text us at 555 0199." in words
    assert "For health advice: Doctor's office or insurer nurse line." in words
    assert "The chat is starting." not in words
    expect(page.get_by_role("link", name="Call 911")).to_be_visible()


def test_on_a_slow_phone_the_number_to_call_is_there_before_the_chat_is(
    open_page: OpenPage, server: PageServer
) -> None:
    page = open_page(at="about:blank", **PHONE)
    slow = page.context.new_cdp_session(page)
    slow.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    slow.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": 300, "downloadThroughput": 50_000, "uploadThroughput": 20_000},
    )
    page.goto(f"{server.url}/chat", wait_until="commit")
    expect(page.get_by_role("link", name="Call 911")).to_be_visible()
    expect(page.get_by_text("The chat is starting.").first).to_be_visible()
    expect(page.locator("#starting")).to_contain_text("Is it an emergency? Call 911.")
    page.get_by_text("What would you like to know?").wait_for()
    expect(page.locator("#starting")).to_be_hidden()
    write(page, "good day")
    reply(page, "You wrote: good day").wait_for()


def test_every_request_stays_at_the_pages_own_address(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.reload()
    write(page, "My foot bounces")
    reply(page, "Clonus is a muscle").wait_for()

    assert len(requested) >= 6
    assert [url for url in requested if not url.startswith(f"{server.url}/chat")] == []


def test_sources_fold_open_with_title_publisher_and_link(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "My foot bounces")
    answer = reply(page, "Clonus is a muscle")
    answer.wait_for()
    expect(answer.get_by_text("Cleveland Clinic")).to_be_hidden()
    answer.locator("summary").press("Enter")

    expect(answer.locator(".sources li")).to_have_text("Clonus (opens in a new tab). Cleveland Clinic, 2023")
    link = answer.locator(".sources").get_by_role("link")
    expect(link).to_have_attribute("href", "https://my.clevelandclinic.org/health/symptoms/24822-clonus")


def test_the_bot_says_it_again_at_one_tap_and_only_its_last_message(open_page: OpenPage, server: PageServer) -> None:
    page = open_page()
    for text in ("My foot bounces", "brace"):
        write(page, text)
        expect(page.locator("#log > :last-child")).to_contain_class("bot")
    page.get_by_role("button", name="Say that again").click()
    reply(page, "You wrote: Say that again").wait_for()

    assert server.bot.heard[-1] == "Say that again"


def test_a_result_leads_to_the_page_for_the_visit(open_page: OpenPage) -> None:
    page = open_page()
    write(page, "No")
    link = reply(page, "Call your physical therapist").get_by_role("link", name="Open the page for my visit")

    expect(link).to_have_attribute("href", "/visit/made-up")
    expect(link).to_have_attribute("target", "_blank")
