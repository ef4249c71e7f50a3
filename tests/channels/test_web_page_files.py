"""What the page says before any script runs: whom to call, and how else to get help."""

from __future__ import annotations

import gzip

import pytest

from bot.channels.page_files import load_page, load_static_files, phone_number


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
    page = load_page(load_static_files(), "your local emergency number", "Ask a pharmacist.").decode()

    assert "<strong>Emergency?</strong> Call your local emergency number</p>" in page
    assert "tel:" not in page
    assert page.count("Ask a pharmacist.") == 2


def test_what_a_clinic_writes_in_its_settings_is_never_markup() -> None:
    page = load_page(load_static_files(), "<b>911</b>", "Call <script>us</script> & ask.").decode()

    assert "&lt;b&gt;911&lt;/b&gt;" in page
    assert "Call &lt;script&gt;us&lt;/script&gt; &amp; ask." in page


def test_files_are_kept_compressed_and_known_by_their_content() -> None:
    files = load_static_files()

    assert sorted(files) == ["chat.css", "chat.js", "icon.svg"]
    assert {name for name, file in files.items() if gzip.decompress(file.packed) != file.body} == set()
    assert len({file.version for file in files.values()}) == 3
