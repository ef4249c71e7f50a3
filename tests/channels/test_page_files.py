"""What the page says before any script runs: whom to call, and how else to get help; and who may show it."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import pytest

from bot.channels.page_files import WEB_FOLDER, Page, allowed_origins, load_page, paragraphs, phone_number
from knowledge.files import ContentError
from knowledge.page_words import load_page_words

WORDS = load_page_words(Path(__file__).parents[2] / "knowledge" / "page.yml")


def page(emergency: str = "911", ways: str = "", **changed: str) -> Page:
    return load_page({**WORDS, **changed}, "/chat", emergency, ways)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("911", "911"),
        ("0808 2000 247", "08082000247"),
        ("1-800-222-1222", "18002221222"),
        ("+44 20 7946 0000", "+442079460000"),
        ("your local emergency number", None),
        ("112 from mobiles", None),
        ("sheltersafe.ca", None),
        ("", None),
    ],
)
def test_only_a_phone_number_becomes_a_link_to_dial(words: str, number: str | None) -> None:
    assert phone_number(words) == number


def test_where_the_country_is_not_known_the_page_says_so_without_a_link_to_dial() -> None:
    html = page("your local emergency number", paragraphs(["Ask a pharmacist."])).html.body.decode()

    assert '<strong>Emergency?</strong> <span id="call">Call your local emergency number</span></p>' in html
    assert "tel:" not in html
    assert html.count("<p>Ask a pharmacist.</p>") == 2


def test_what_a_clinic_writes_in_its_settings_and_words_is_never_markup() -> None:
    html = page("<b>911</b>", paragraphs(["Call <script>us</script> & ask."]), name="<i>Bot</i>").html.body.decode()

    assert "&lt;b&gt;911&lt;/b&gt;" in html
    assert "Call &lt;script&gt;us&lt;/script&gt; &amp; ask." in html
    assert "<h1>&lt;i&gt;Bot&lt;/i&gt;</h1>" in html


def test_words_go_into_scripts_as_data() -> None:
    files = page(open_chat='"; alert(1); //').files

    assert b'"open_chat": "\\"; alert(1); //"' in files["words.js"].body
    assert b'"open_chat": "\\"; alert(1); //"' in files["embed.js"].body


def test_files_are_kept_compressed_and_their_address_changes_with_the_words() -> None:
    files = page().files

    assert {"chat.css", "dark.css", "main.js", "words.js", "embed.js", "icon.svg"} <= set(files)
    assert {name for name, file in files.items() if gzip.decompress(file.packed) != file.body} == set()
    assert page().version == page().version != page(send="Go").version


def test_every_word_of_the_content_file_is_used() -> None:
    used = "".join(path.read_text(encoding="utf-8") for path in WEB_FOLDER.iterdir() if path.suffix in (".js", ".html"))
    channels = WEB_FOLDER.parent / "channels"
    used += "".join(path.read_text(encoding="utf-8") for path in [channels / "web.py", *channels.glob("page_*.py")])

    assert [
        name
        for name in WORDS
        if f"words.{name}" not in used and f"{{{{{name}}}}}" not in used and f'"{name}"' not in used
    ] == []


def test_a_word_that_is_missing_is_named_with_the_file_that_says_it(tmp_path: Path) -> None:
    shutil.copytree(WEB_FOLDER, tmp_path / "web")
    without = {name: text for name, text in WORDS.items() if name not in ("send", "offline")}
    with pytest.raises(ContentError) as caught:
        load_page(without, "/chat", "911", "", tmp_path / "web")

    assert [(problem.path.name, problem.message) for problem in caught.value.problems] == [
        ("index.html", "the page says 'send', which knowledge/page.yml does not have"),
        ("main.js", "the page says 'offline', which knowledge/page.yml does not have"),
        ("talk.js", "the page says 'offline', which knowledge/page.yml does not have"),
    ]


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        (None, "'none'"),
        ("", "'none'"),
        ("https://clinic.example", "https://clinic.example"),
        ("https://a.example  http://localhost:8080", "https://a.example http://localhost:8080"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_sites_that_may_show_the_chat_are_named_in_the_policy(setting: str | None, named: str) -> None:
    assert allowed_origins(setting) == named


@pytest.mark.parametrize(
    "setting",
    ["clinic.example", "https://clinic.example/page", "https://*.example", "*", "'self'", 
     "https://a.example; script-src *", "https://user@clinic.example", "javascript:alert(1)"],
)  # fmt: skip
def test_what_is_no_site_is_refused_at_the_start(setting: str) -> None:
    with pytest.raises(ValueError, match="CLONUS_EMBED_ORIGINS holds"):
        allowed_origins(setting)
