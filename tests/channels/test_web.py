"""The chat page's addresses: the page, its files, their headers, and who may show them."""

from __future__ import annotations

import re

import pytest
import requests

from bot.channels.sessions import COOKIE, FRAMED_COOKIE, SECONDS_REMEMBERED
from tests.channels.page_browser import Browser
from tests.channels.page_server import PageServer

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; "
    "frame-ancestors 'none'"
)


@pytest.mark.parametrize("address", ["/chat", "/chat/"])
def test_the_page_is_at_chat_with_the_number_to_call_and_its_files(server: PageServer, address: str) -> None:
    page = requests.get(server.url + address)

    assert (page.status_code, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<a class="call" href="tel:911">Call 911</a>' in page.text
    assert "{{" not in page.text
    addresses = addresses_in(page.text)
    assert {"icon.svg", "chat.css", "dark.css", "main.js", "words.js"} <= {
        address.split("/")[-1] for address in addresses
    }
    for address in addresses:
        file = requests.get(server.url + address)
        assert (file.status_code, file.headers["Cache-Control"]) == (200, "public, max-age=31536000, immutable")


def addresses_in(page: str) -> list[str]:
    """Every file the page names."""
    return re.findall(r'(?:src|href)="(/chat/static/[^"]+)"', page)


def test_the_page_names_every_module_so_that_they_load_at_once(server: PageServer) -> None:
    named = {address.split("/")[-1] for address in addresses_in(requests.get(f"{server.url}/chat").text)}
    imported = set()
    for address in addresses_in(requests.get(f"{server.url}/chat").text):
        imported |= set(re.findall(r'from "\./([\w.]+)"', requests.get(server.url + address).text))

    assert imported <= named


def test_everything_the_page_loads_is_under_60_kb_compressed(server: PageServer) -> None:
    page = requests.get(f"{server.url}/chat").text
    sizes = []
    for address in ["/chat", "/chat/embed.js", *addresses_in(page)]:
        answer = requests.get(server.url + address, headers={"Accept-Encoding": "gzip"}, stream=True)
        assert answer.headers["Content-Encoding"] == "gzip"
        sizes.append(len(answer.raw.read(decode_content=False)))

    assert len(sizes) >= 14
    assert sum(sizes) < 60_000


@pytest.mark.parametrize(
    "address", ["/chat", "/chat/history", "/chat/greeting", "/chat/embed.js", "/chat/static/x/chat.css"]
)
def test_every_answer_forbids_what_does_not_come_from_the_page_itself(server: PageServer, address: str) -> None:
    headers = requests.get(server.url + address).headers

    expected = {
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    assert {name: headers[name] for name in expected} == expected


def test_the_page_holds_no_inline_script_or_style(browser: Browser) -> None:
    page = browser.open().text

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\son\w+=|javascript:", page) == []


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Browser) -> None:
    cookie = browser.open().headers["Set-Cookie"]

    parts = {part.strip() for part in cookie.split(";")}
    assert parts - {part for part in parts if part.startswith(COOKIE)} == {
        "HttpOnly",
        "Path=/chat",
        "SameSite=Lax",
        f"Max-Age={SECONDS_REMEMBERED}",
    }


@pytest.mark.parametrize("proto", ["https", "https, http"])
def test_over_https_the_cookie_never_travels_in_the_clear(server: PageServer, proto: str) -> None:
    cookie = requests.get(f"{server.url}/chat", headers={"X-Forwarded-Proto": proto}).headers["Set-Cookie"]

    assert "Secure" in {part.strip() for part in cookie.split(";")}


def test_only_the_sites_of_the_settings_may_frame_the_page_and_only_where_it_is_made_for_a_frame(
    server: PageServer,
) -> None:
    alone = requests.get(f"{server.url}/chat").headers
    framed = requests.get(f"{server.url}/chat/?framed=1&place=corner").headers

    assert alone["Content-Security-Policy"].endswith("frame-ancestors 'none'")
    assert alone["X-Frame-Options"] == "DENY"
    assert framed["Content-Security-Policy"].endswith("frame-ancestors https://clinic.example")
    assert "X-Frame-Options" not in framed


def test_in_a_frame_the_cookie_belongs_to_that_site_alone(server: PageServer) -> None:
    cookie = requests.get(f"{server.url}/chat/?framed=1").headers["Set-Cookie"]

    assert {part.strip() for part in cookie.split(";")[1:]} == {
        "HttpOnly", "Path=/chat", "SameSite=None", "Secure", "Partitioned", f"Max-Age={SECONDS_REMEMBERED}"
    }  # fmt: skip
    assert cookie.startswith(f"{FRAMED_COOKIE}=")


def test_other_sites_may_load_the_script_that_opens_the_chat_and_nothing_else(server: PageServer) -> None:
    policies = {
        path: requests.get(server.url + path).headers["Cross-Origin-Resource-Policy"]
        for path in ("/chat/embed.js", "/chat", "/chat/greeting", "/chat/static/x/main.js")
    }

    assert policies == {
        "/chat/embed.js": "cross-origin",
        "/chat": "same-origin",
        "/chat/greeting": "same-origin",
        "/chat/static/x/main.js": "same-origin",
    }
