"""Danger is found in any words; ordinary talk about clonus is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

import bot.safety.syntax as syntax
import bot.spacy_pipeline as spacy_pipeline
from bot.safety import SafetyScreen
from bot.safety.text import Normaliser, Speller, stem
from bot.safety.verdict import level_rank
from knowledge.red_flag_models import Rule, load_red_flags
from tests.safety.conftest import FOLDER

LIBRARY = load_red_flags(FOLDER)

LOWER_LEVEL = {
    # The level rules of these messages lie below the category's default.
    "my numb leg is swollen and jumping like mad since the fall": "urgent",
    "double vision and droopy lids since the injection": "urgent",
    "heel is red and wont fade after an hour": "soon",
}

DANGER = [(slug, message) for slug, flag in LIBRARY.categories.items() for message in flag.example_messages]
LOOKALIKES = [item.text for flag in LIBRARY.categories.values() for item in flag.not_this]

EVERYDAY = [
    "my foot bounces when I stand",
    "knee snaps back and it hurts",
    "I feel like I fall backward",
    "does baclofen help?",
    "my leg shakes at night",
    "I fell last year",
    "brace rubs my skin a bit",
    "stairs nearly finished me off today",
    "what is clonus",
    "I had a stroke 3 years ago and my ankle shakes",
    "can I drive with clonus",
    "my calf is tight in the morning",
    "I take warfarin",
    "I cannot walk far",
    "my leg jumps when I am cold",
    "I am scared of falling",
    "the strap leaves a mark",
    "my left leg is weak since the stroke",
    "what should I do if I have chest pain?",
    "yes",
    "hi",
    "",
    "   ",
    "?!",
    "👍",
]

MIXED = [
    ("no chest pain but his speech has gone funny", "new-stroke"),
    ("no chest pain, his speech has gone funny", "new-stroke"),
    ("no chest pain his speech has gone funny", "new-stroke"),
    ("I had a stroke in 2019 and since this morning my arm is weak again", "new-stroke"),
    ("no fever or rash. She will not wake up", "unresponsive-or-collapsed"),
    ("my foot bounces as always but today my chest feels crushed with pain", "pulmonary-embolism-or-chest-pain"),
    ("it is probably nothing but I cannot breathe", "choking-or-breathing-trouble"),
    ("I have wanted to die for years", "suicidal-thoughts-or-self-harm"),
    ("My husband is choking", "choking-or-breathing-trouble"),
    ("I had none of these: chest pain. But my face is drooping", "new-stroke"),
    ("I had a stroke in 2015 and suddenly my arm is weak", "new-stroke"),
    ("I have been lying on the floor for six hours", "cannot-get-up-or-fracture"),
    ("I have a pain in the chest", "pulmonary-embolism-or-chest-pain"),
    ("I can't wake up my wife", "unresponsive-or-collapsed"),
]

HARMLESS_IN_CONTEXT = [
    "no chest pain",
    "no chest pain, no trouble breathing, no headache",
    "he has no fever, rash or stiff neck",
    "no fever, confusion or more falls",
    "I do not have chest pain",
    "I had chest pain in 2016",
    "What if I get chest pain?",
    "my uncle had a heart attack and chest pain in 1999",
    "Chest pain? Nope.",
    "Chest pain? None.",
    "At no point did I have chest pain",
    "I have had none of these: chest pain, slurred speech",
    "The dog tilts his face to one side",
    "My mother lay on her kitchen floor for six hours in the eighties",
    "A pal's hand began to shake out of the blue in 1995",
    "headache: none",
]

SPOKEN_OF_IN_GENERAL = [
    ("what does a stroke actually do to the brain?", "nobody named"),
    ("what are the effects of too much baclofen", "nobody named"),
    ("why would clonus suddenly appear in a person", "nobody named, and sudden"),
    ("If my face ever drooped again, would I ring 999 or my GP?", "imagined with ever"),
    ("would I know if I lost feeling down there", "imagined with would"),
    ("say I cough up blood one day, is that 999", "imagined with one day"),
    ("did I pass out? no, just sat down with a thump", "asked and answered no"),
    ("nobody lost consciousness", "nobody denies"),
    ("my computer had a seizure and lost your page", "a thing cannot be ill"),
    ("you did not answer me", "about this chat"),
    ("that makes no sense", "about this chat"),
    ("I can't talk so how can I call", "about a phone call"),
    ("I called the ambulance", "help already called"),
    ("my mouth drooped seven years ago now", "the now of an old story"),
]

PLAIN_DANGER = [
    ("I might have hit my head", "head-injury-after-fall"),
    ("i keep faling over", "repeated-falls"),
    ("My left calf is twice the size of the right and it's warm.", "dvt"),
    ("I have a fever and my spasms are much worse", "fever-or-uti-with-worse-spasticity"),
    ("my baclofen pump alarm is going off", "baclofen-pump-problem"),
    ("suicidal", "suicidal-thoughts-or-self-harm"),
    ("why is my mouth drooping", "new-stroke"),
    ("what should I do, my face is drooping", "new-stroke"),
    ("what do I do my face is drooping", "new-stroke"),
    ("can you help, my husband collapsed", "unresponsive-or-collapsed"),
    ("my laptop froze and then I had a seizure", "seizure"),
]

OTHER_LANGUAGES = [
    ("me duele el pecho", "es", "pulmonary-embolism-or-chest-pain"),
    ("je n'arrive plus à respirer", "fr", "choking-or-breathing-trouble"),
    ("ich will sterben", "de", "suicidal-thoughts-or-self-harm"),
    ("dor no peito muito forte", "pt", "pulmonary-embolism-or-chest-pain"),
    ("non riesco a respirare", "it", "choking-or-breathing-trouble"),
    ("मुझे सांस नहीं आ रही", "hi", "choking-or-breathing-trouble"),
    ("seene me dard ho raha hai", "hi", "pulmonary-embolism-or-chest-pain"),
    ("我妈说不出话，嘴歪了", "zh", "new-stroke"),
    ("لا أستطيع التنفس", "ar", "choking-or-breathing-trouble"),
    ("mi esposo se golpeó la cabeza y no contesta", "es", "unresponsive-or-collapsed"),
    ("se me cierra la garganta con la pastilla nueva", "es", "allergic-reaction-or-side-effect"),
    ("ma mère parle bizarrement et son bras est sans force", "fr", "new-stroke"),
    ("il a perdu connaissance dans la cuisine", "fr", "unresponsive-or-collapsed"),
    ("mein Mann ist nicht ansprechbar", "de", "unresponsive-or-collapsed"),
    ("seine Zunge ist geschwollen", "de", "allergic-reaction-or-side-effect"),
    ("meu pai bateu a cabeça e está sonolento", "pt", "head-injury-after-fall"),
    ("la nonna parla strano da stamattina", "it", "new-stroke"),
    ("papa ka hath pair sunn ho gaya hai", "hi", "new-stroke"),
    ("我妈妈说话含糊", "zh", "new-stroke"),
    ("أبي فمه معوج", "ar", "new-stroke"),
]


@pytest.mark.parametrize(("category", "message"), DANGER)
def test_an_example_raises_its_category_at_its_level(screen: SafetyScreen, category: str, message: str) -> None:
    verdict = screen.screen(message)
    lowest = LOWER_LEVEL.get(message, LIBRARY.categories[category].level.value)
    assert verdict.sure
    assert level_rank(verdict.level) >= level_rank(lowest)
    assert category in (verdict.category, *(name for name, _ in verdict.also))


@pytest.mark.parametrize("message", LOOKALIKES)
def test_a_lookalike_raises_nothing(screen: SafetyScreen, message: str) -> None:
    assert screen.screen(message).category is None


@pytest.mark.parametrize("message", EVERYDAY)
def test_everyday_talk_raises_nothing(screen: SafetyScreen, message: str) -> None:
    assert screen.screen(message).category is None


@pytest.mark.parametrize(("message", "category"), MIXED)
def test_a_denied_or_old_sign_hides_no_present_one(screen: SafetyScreen, message: str, category: str) -> None:
    verdict = screen.screen(message)
    assert (verdict.category, verdict.level, verdict.sure) == (category, "emergency", True)


@pytest.mark.parametrize(
    ("message", "category"),
    [
        ("no earache, pump is beeping every hour or so", "baclofen-pump-problem"),
        ("no fever, calf is hot and swollen for a day or two", "dvt"),
        ("no fever, calf is hot and swollen for a week or more", "dvt"),
    ],
)
def test_an_amount_is_no_end_of_a_list_of_what_is_not_there(screen: SafetyScreen, message: str, category: str) -> None:
    verdict = screen.screen(message)
    assert (verdict.category, verdict.level) == (category, "urgent")


@pytest.mark.parametrize("message", HARMLESS_IN_CONTEXT)
def test_context_silences_and_says_so(screen: SafetyScreen, message: str) -> None:
    verdict = screen.screen(message)
    assert verdict.category is None
    assert verdict.against


@pytest.mark.parametrize(
    "message",
    [
        "my chest is sore from the press ups",
        "we laughed at the film and then his face dropped",
        "a chap at work collapsed after a peanut",
    ],
)
def test_an_everyday_reason_or_an_old_story_leaves_doubt_not_silence(screen: SafetyScreen, message: str) -> None:
    verdict = screen.screen(message)
    assert (verdict.level, verdict.sure) == ("emergency", False)
    assert verdict.against


@pytest.mark.parametrize(("message", "why"), SPOKEN_OF_IN_GENERAL)
def test_what_is_not_said_of_a_person_now_raises_nothing(screen: SafetyScreen, message: str, why: str) -> None:
    assert screen.screen(message).category is None, why


@pytest.mark.parametrize(("message", "category"), PLAIN_DANGER)
def test_plain_danger_raises_its_own_category(screen: SafetyScreen, message: str, category: str) -> None:
    assert screen.screen(message).category == category


@pytest.mark.parametrize(("message", "language", "category"), OTHER_LANGUAGES)
def test_plain_emergency_words_of_other_languages(
    screen: SafetyScreen, message: str, language: str, category: str
) -> None:
    verdict = screen.screen(message)
    assert (verdict.category, verdict.language) == (category, language)


@pytest.mark.parametrize(
    "change", [str.upper, str.lower, str.title, lambda text: f"  {text}!!! ", lambda text: text + " pls"]
)
def test_case_and_punctuation_change_nothing(screen: SafetyScreen, change: object) -> None:
    changed = [change(message) for _, message in DANGER]  # type: ignore[operator]
    assert [text for text in changed if not screen.screen(text).alarm] == []


@pytest.mark.parametrize(
    "frame",
    [
        "{} Thank you for your help.",
        "Hello, I have a question. {}",
        "I was at the shop. {} What do you think?",
        "No rash. {}",
    ],
)
def test_neutral_sentences_around_danger_lower_nothing(screen: SafetyScreen, frame: str) -> None:
    lowered = []
    for _, message in DANGER:
        plain, framed = screen.screen(message), screen.screen(frame.format(message + "."))
        if level_rank(framed.level) < level_rank(plain.level) or not framed.sure:
            lowered.append(message)
    assert lowered == []


def test_danger_in_the_last_line_of_a_long_story_is_found(screen: SafetyScreen) -> None:
    story = "We went to the park and I used my stick all the way. " * 90
    assert screen.screen(story + "And now my face is drooping.").category == "new-stroke"


@pytest.mark.parametrize(
    "message",
    [
        "i hav chst pian",
        "cantbreathe",
        "my fase is droopping",
        "she is havng a siezure",
        "unconcious",
        "HELPPPP he is chokinggg",
    ],
)
def test_slips_of_the_keyboard_are_read(screen: SafetyScreen, message: str) -> None:
    assert screen.screen(message).level == "emergency"


def test_the_verdict_holds_the_persons_own_words(screen: SafetyScreen) -> None:
    verdict = screen.screen("Thanks. But my MOUTH looks Crooked now")
    assert verdict.matched == ("MOUTH looks Crooked",)
    assert verdict.rule == "face-droops"


def test_what_is_usual_raises_nothing_unless_it_changes(screen: SafetyScreen) -> None:
    assert screen.screen("my mouth is crooked as usual").category is None
    assert screen.screen("my mouth is suddenly more crooked than usual").category == "new-stroke"


def test_another_view_can_raise_what_the_rules_do_not_foresee(screen: SafetyScreen) -> None:
    from bot.safety import Finding

    class Other:
        def look(self, text: str) -> list[Finding]:
            return [Finding("dvt", "urgent", False, (text,), "learned")]

    both = SafetyScreen(LIBRARY, [Other()])
    assert both.screen("hello").category == "dvt"
    assert both.screen("my face is drooping").also == (("dvt", "urgent"),)


def test_without_spacy_there_is_still_a_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spacy_pipeline, "PIPELINE", "not_installed")
    syntax.pipeline.cache_clear()
    syntax.dictionary.cache_clear()
    try:
        plain = SafetyScreen.load(Path(FOLDER))
        assert [message for _, message in DANGER if not plain.screen(message).alarm] == []
        assert plain.screen("no chest pain").category is None
    finally:
        monkeypatch.undo()
        syntax.pipeline.cache_clear()
        syntax.dictionary.cache_clear()


@pytest.mark.parametrize(
    ("forms", "plain"),
    [
        (["droop", "droops", "drooping", "drooped", "droopy"], "droop"),
        (["shake", "shakes", "shaking", "shaky"], "shak"),
        (["numb", "numbness"], "numb"),
        (["breathe", "breath", "breathing"], "breath"),
        (["bleed", "bleeds", "bleeding"], "bleed"),
    ],
)
def test_word_endings_fall_away(forms: list[str], plain: str) -> None:
    assert {stem(form) for form in forms} == {plain}


def test_spelling_is_mended_only_where_no_dictionary_knows_the_word() -> None:
    speller = Speller(["chest", "swollen", "breathe", "cannot"], frozenset({"chess"}))
    words = ["chest", "chst", "chess", "swolen", "swollllen", "xyz"]
    assert [speller.mend(word) for word in words] == ["chest", "chest", "chess", "swollen", "swollen", "xyz"]


def test_contractions_are_opened() -> None:
    plain = Normaliser({"cant": "cannot"}, {}, {"go": ["gone"]}, [])
    assert [token.key for token in plain.message("Can't, couldn't: unable to, it's gone").tokens] == [
        "cannot",
        ",",
        "cannot",
        ",",
        "cannot",
        ",",
        "it",
        "go",
    ]


def test_a_doubled_letter_is_the_first_slip_to_be_mended() -> None:
    speller = Speller(["falling", "fading"], frozenset())
    assert speller.mend("faling") == "falling"


def test_short_words_plurals_and_comparisons_are_not_bent_into_other_words() -> None:
    speller = Speller(["hit", "cold", "sides", "loser", "chest"], frozenset({stem("size"), stem("loose")}))
    assert [speller.mend(word) for word in ("hiit", "copd", "sizes", "looser")] == ["hiit", "copd", "sizes", "looser"]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("numb", "new-stroke"),
        ("I feel weak", "new-stroke"),
        ("Dizzy!", "new-stroke"),
        ("he is choking", "choking-or-breathing-trouble"),
        ("swollen", "dvt"),
    ],
)
def test_a_bare_sign_is_asked_about(screen: SafetyScreen, text: str, category: str) -> None:
    verdict = screen.screen(text)
    assert verdict.category == category
    assert verdict.rule != "bare-word" or not verdict.sure


@pytest.mark.parametrize("text", ["what does numb mean", "the weak leg exercises", "no swelling", "is dizzy a word"])
def test_a_word_among_others_is_no_bare_sign(screen: SafetyScreen, text: str) -> None:
    assert "bare-word" not in [finding.rule for finding in screen.screen(text).findings]


def test_a_rule_for_a_whole_message_must_be_in_doubt() -> None:
    with pytest.raises(ValueError, match="needs sure: false"):
        Rule.parse_obj({"id": "bare", "level": "emergency", "says": ["numb"], "whole_message": True})
