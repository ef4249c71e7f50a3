"""Every state of the chat page that is checked for access, compared, and shown in pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.clinic import Clinic
from tests.browser.devices import NARROW, PHONE, WITH_EAR, WITH_VOICE, ZOOM_400
from tests.browser.page import ask, easy_mode, reply, settings, write


@dataclass(frozen=True)
class State:
    """How to bring the page into a state: the browser to open, and what to do then; `at` a path of the clinic."""

    reach: Callable[[Page], object]
    browser: dict[str, Any] = field(default_factory=dict)
    at: str | None = None

    def opened(self, open_page: Callable[..., Page], clinic: Clinic) -> Page:
        """A page in this state."""
        more = {"at": clinic.url + self.at} if self.at else {}
        page = open_page(**{"viewport": {"width": 720, "height": 860}, **self.browser}, **more)
        self.reach(page)
        return page


def _greeting(page: Page) -> None:
    """As it opens."""


def _answer(page: Page) -> None:
    ask(page, "My foot bounces", "Clonus is a muscle")


def _sources(page: Page) -> None:
    _answer(page)
    page.locator("summary").click()
    page.get_by_text("Cleveland Clinic").wait_for()


def _helpful(page: Page) -> None:
    _answer(page)
    page.get_by_role("group", name="Was this helpful?").get_by_role("button", name="No").click()
    page.get_by_text("Thank you. I noted that.").wait_for()


def _question(page: Page) -> None:
    ask(page, "Check my symptoms", "Did this start today?")


def _result(page: Page) -> None:
    _question(page)
    ask(page, "No", "Call your physical therapist")


def _escalation(page: Page) -> None:
    ask(page, "my face droops", "signs of a new stroke")


def _clarify(page: Page) -> None:
    ask(page, "brace", "Which one do you mean?")


def _apology(page: Page) -> None:
    ask(page, "what breaks", "something went wrong on my side")


def _offline(page: Page) -> None:
    _answer(page)
    page.context.set_offline(True)
    write(page, "it is worse on stairs")
    page.get_by_text("Not sent yet.").wait_for()


def _settings(page: Page) -> None:
    settings(page)


def _confirm(page: Page) -> None:
    settings(page)
    page.get_by_role("button", name="Forget me").click()
    page.get_by_text("This deletes our talk for good.").wait_for()


def _closed(page: Page) -> None:
    page.get_by_role("button", name="End and clear").click()
    page.get_by_text("Nothing of our talk is left in this browser.").wait_for()


def _easy(page: Page) -> None:
    easy_mode(page)
    page.get_by_role("button", name="Write a message").click()
    write(page, "My foot bounces")
    page.get_by_role("button", name="Next").wait_for()


def _easy_question(page: Page) -> None:
    easy_mode(page)
    page.get_by_role("button", name="Write a message").click()
    ask(page, "Check my symptoms", "Did this start today?")


def _easy_escalation(page: Page) -> None:
    easy_mode(page)
    page.get_by_role("button", name="Write a message").click()
    _escalation(page)


def _colors(name: str) -> Callable[[Page], None]:
    def reach(page: Page) -> None:
        _question(page)
        _escalation(page)
        settings(page)
        page.get_by_role("button", name=name).click()
        page.get_by_role("button", name="Close settings").click()
        reply(page, "signs of a new stroke").scroll_into_view_if_needed()

    return reach


def _largest(page: Page) -> None:
    settings(page)
    page.get_by_role("button", name="Largest text").click()
    page.get_by_role("button", name="Close settings").click()
    _question(page)


def _voice(page: Page) -> None:
    page.get_by_role("button", name="Speak").click()
    page.get_by_text("Your browser turns your voice into text.").wait_for()


def _no_scripts(page: Page) -> None:
    page.get_by_role("link", name="Call 911").wait_for()


def _corner(page: Page) -> None:
    page.get_by_role("button", name="Chat about clonus").click()
    page.frame_locator("iframe").get_by_text("What would you like to know?").wait_for()


def _inline(page: Page) -> None:
    page.frame_locator("iframe").get_by_text("What would you like to know?").wait_for()
    expect(page.locator("iframe")).to_be_visible()


STATES: dict[str, State] = {
    "greeting": State(_greeting),
    "answer": State(_answer),
    "sources": State(_sources),
    "helpful": State(_helpful),
    "question": State(_question),
    "result": State(_result),
    "escalation": State(_escalation, PHONE),
    "clarify": State(_clarify),
    "apology": State(_apology),
    "offline": State(_offline),
    "settings": State(_settings, {"before": WITH_VOICE}),
    "forget-me": State(_confirm),
    "closed": State(_closed),
    "easy-mode": State(_easy, {**PHONE, "before": WITH_VOICE}),
    "easy-mode-question": State(_easy_question, {**PHONE, "before": WITH_VOICE + WITH_EAR}),
    "easy-mode-escalation": State(_easy_escalation, {**PHONE, "before": WITH_VOICE}),
    "dark": State(_colors("Dark")),
    "high-contrast": State(_colors("High contrast")),
    "dark-device": State(_escalation, {"color_scheme": "dark"}),
    "reduced-motion": State(_answer, {"reduced_motion": "reduce"}),
    "forced-colors": State(_escalation, {"forced_colors": "active"}),
    "narrow-largest-text": State(_largest, NARROW),
    "zoom-400": State(_question, ZOOM_400),
    "voice": State(_voice, {**PHONE, "before": WITH_EAR}),
    "no-scripts": State(_no_scripts, {"java_script_enabled": False}),
    "embedded-corner": State(_corner, {"viewport": {"width": 1000, "height": 760}}, at="/corner/kind"),
    "embedded-inline": State(_inline, at="/inline/kind"),
}
