"""What a person sees and does on the chat page, in their words."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

GREETING_CHOICES = ["My foot bounces", "My knee locks back", "I feel thrown backward", "Check my symptoms"]
FIRST_WORDS = 2
"""Messages before the person says anything: what is kept, and the greeting."""


def box(page: Page) -> Locator:
    return page.get_by_label("Write your message")


def write(page: Page, text: str) -> None:
    box(page).fill(text)
    box(page).press("Enter")


def said(page: Page) -> list[tuple[str, str]]:
    """Who said what, first words left out."""
    who = page.locator(".message .sender strong").all_inner_texts()
    what = page.locator(".message .body").all_inner_texts()
    return list(zip(who, what, strict=True))[FIRST_WORDS:]


def choices(page: Page) -> list[str]:
    """The choices that can be pressed now."""
    return [choice.inner_text() for choice in page.locator(".choices button:enabled").all() if choice.is_visible()]


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.innerText"))


def reply(page: Page, text: str) -> Locator:
    return page.locator(".message.bot").filter(has_text=text)


def ask(page: Page, text: str, answer: str) -> Locator:
    """Write a message and wait for a reply that holds `answer`; one from before does not count."""
    before = reply(page, answer).count()
    write(page, text)
    reply(page, answer).nth(before).wait_for()
    return reply(page, answer).last


def settings(page: Page) -> None:
    """Open the settings."""
    page.get_by_role("button", name="Settings", exact=True).click()
    expect(page.locator("#panel")).to_be_visible()


def easy_mode(page: Page) -> None:
    page.get_by_role("button", name="Easy mode").click()
