"""Emergency words of other languages as people type them, and everyday words beside them."""

from __future__ import annotations

import pytest

from bot.safety import SafetyScreen
from bot.safety.foreign import loosely, pattern


@pytest.mark.parametrize(
    ("phrase", "loose"),
    [
        ("me duele el pecho", "me duele .. el pecho"),
        ("dor no peito", "dor .. no peito"),
        ("dolor (de|en el) pecho", "dolor .. (de|en el) pecho"),
        ("le cuesta (mucho)? respirar", "le cuesta .. (mucho)? respirar"),
        ("me ahogo", "me ahogo"),
        ("(cara|boca) .. (chueca|de lado)", "(cara|boca) .. (chueca|de lado)"),
    ],
)
def test_people_say_how_much_after_the_first_long_word(phrase: str, loose: str) -> None:
    assert loosely(phrase) == loose


@pytest.mark.parametrize(
    ("phrase", "text"),
    [("胸口痛", "我胸口好痛"), ("सीने में दर्द", "सीने में बहुत तेज़ दर्द"), ("ألم في الصدر", "عندي ألم شديد في الصدر")],
)
def test_words_may_stand_between_in_other_letters(phrase: str, text: str) -> None:
    assert pattern(phrase).search(text)


@pytest.mark.parametrize(
    ("phrase", "text"), [("胸口痛", "我胸口不痛"), ("胸口痛", "胸口。痛"), ("सीने में दर्द", "सीने में नहीं दर्द")]
)
def test_a_denial_or_the_end_of_a_sentence_ends_a_gap(phrase: str, text: str) -> None:
    assert not pattern(phrase).search(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("me duele muchisimo el pecho", "es"),
        ("j'ai une douleur horrible dans la poitrine", "fr"),
        ("tenho uma dor muito forte no peito", "pt"),
        ("ho un dolore fortissimo al petto", "it"),
    ],
)
def test_how_much_it_hurts_hides_no_emergency(screen: SafetyScreen, text: str, language: str) -> None:
    verdict = screen.screen(text)
    assert (verdict.level, verdict.language) == ("emergency", language)


@pytest.mark.parametrize(
    "text",
    [
        "tengo el pie que salta solo despues del ictus",
        "Mein Fuss zittert nach dem Schlaganfall",
        "mon pied tremble depuis mon avc",
        "قدمي ترتجف بعد الجلطة",
        "Stopa mi skacze sama po udarze",
    ],
)
def test_a_stroke_that_is_named_as_past_is_none_now(whole: SafetyScreen, text: str) -> None:
    assert not whole.screen(text).alarm


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("mein Mann hat einen Schlaganfall", "new-stroke"),
        ("Mam chyba udar, twarz mi opadła", "new-stroke"),
        ("mój mąż ma drgawki", "seizure"),
        ("Chcę umrzeć", "suicidal-thoughts-or-self-harm"),
        ("मुझे मरना है", "suicidal-thoughts-or-self-harm"),
        ("desde el dolor de pecho de hoy estoy mal", "pulmonary-embolism-or-chest-pain"),
    ],
)
def test_one_that_is_named_as_present_is(whole: SafetyScreen, text: str, category: str) -> None:
    assert whole.screen(text).category == category
