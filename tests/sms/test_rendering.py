"""Everything the bot can say, as text messages: it fits, in GSM-7, and says what matters first."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.running_turn import Message
from bot.channels.sms.links import code_of, shortened
from bot.channels.sms.paging import ROOM_FOR_PLACE
from bot.channels.sms.rendering import Drawing, Drawn
from bot.channels.sms.segments import Encoding, fits, segmented, transliterated
from bot.replies.answers import full_answer, short_answer, simple_answer, where_it_is_from, which_topic
from bot.replies.asked_in_danger import help_heard
from bot.replies.check_in import interview, question_reply
from bot.replies.content import content
from bot.replies.escalations import advice_reply, danger_check_reply, escalation_reply
from bot.replies.fixed import fixed_reply
from bot.replies.reply import Button, Kind, Reply, contract_metadata
from bot.replies.where import filled
from bot.safety.verdict import Verdict
from bot.triage.interview_state import fold
from bot.triage.prompts import Prompt
from bot.triage.stage import Stage
from knowledge.gsm7 import length, outside_alphabet
from knowledge.reading import HIGHEST_GRADE, reading_grade
from knowledge.text_messages import RESERVED, load_text_messages

WORDS = load_text_messages()
REGIONS = [region.region for region in content().regions.regions]
TOPICS = sorted(content().topics)
TITLES = content().titles
LONGEST_TITLE = max(TITLES.values(), key=len)
PUBLIC = "https://help.example.org"


def drawing(region: str | None = "US") -> Drawing:
    return Drawing(content(), WORDS, region, lambda text: shortened(text, PUBLIC))


def message(reply: Reply) -> Message:
    """A reply as a channel collects it."""
    fields = reply.as_message()
    return {
        "recipient_id": "p",
        "text": fields["text"],
        "buttons": fields["buttons"],
        "metadata": contract_metadata(fields),
    }


def draw(*replies: Reply, region: str | None = "US") -> Drawn:
    return drawing(region).draw([message(reply) for reply in replies])


def all_texts(drawn: Drawn) -> list[str]:
    return [*(text.text for text in drawn.texts), *drawn.pages]


def problems(drawn: Drawn) -> list[str]:
    """What is wrong with texts: too long, outside GSM-7, a placeholder left."""
    found = []
    for text in all_texts(drawn):
        if not fits(text) or segmented(text).encoding is not Encoding.GSM7:
            found.append(f"does not fit: {text}")
        if re.search(r"[{}]", text):
            found.append(f"not filled in: {text}")
    return found


@pytest.mark.parametrize("slug", TOPICS)
def test_the_short_answer_of_every_topic_is_one_text_that_says_how_to_get_more(slug: str) -> None:
    topic = content().topics[slug]
    for offer_check in (False, True):
        drawn = draw(short_answer(topic, TITLES, offer_check=offer_check))
        (text,) = all_texts(drawn)
        assert problems(drawn) == []
        assert text.startswith(topic.short)
        assert "Reply MORE." in text
        assert drawn.choices is None


@pytest.mark.parametrize("slug", TOPICS)
def test_every_longer_answer_comes_in_pages_that_fit(slug: str) -> None:
    topic = content().topics[slug]
    for reply in (full_answer(topic, TITLES), simple_answer(topic, TITLES), where_it_is_from(topic, TITLES)):
        drawn = draw(reply)
        pages = all_texts(drawn)
        assert problems(drawn) == []
        assert len(drawn.texts) == 1
        assert len(pages) < 10
        assert all(page.endswith(" Reply MORE.") for page in pages[:-1])
        assert not pages[-1].endswith("MORE.")
        if len(pages) > 1:
            assert [page[: len(ROOM_FOR_PLACE)] for page in pages] == [
                f"({number}/{len(pages)}) " for number in range(1, len(pages) + 1)
            ]


@pytest.mark.parametrize("slug", TOPICS)
def test_pages_lose_no_word_of_an_answer(slug: str) -> None:
    reply = full_answer(content().topics[slug], TITLES)
    shown = " ".join(re.sub(r"^\(\d/\d\) | Reply MORE\.$", "", page) for page in all_texts(draw(reply)))
    assert shown.split() == reply.text.split()


@pytest.mark.parametrize("name", sorted(content().fixed))
def test_every_fixed_reply_fits_everywhere_with_its_choices_at_the_end(name: str) -> None:
    for region in (*REGIONS, None):
        reply = fixed_reply(content(), name, region)
        said = reply.text.replace("{topic}", LONGEST_TITLE)
        said = said.replace("{who}", "Bartholomew, physiotherapist").replace("{opens}", "Wednesday at 12:30 pm")
        drawn = draw(replace(reply, text=said), region=region)
        assert problems(drawn) == []
        if reply.buttons and reply.kind.value not in ("answer", "result"):
            last = all_texts(drawn)[-1]
            choices = [f"{number} {button.title}" for number, button in enumerate(reply.buttons, start=1)]
            assert [choice for choice in choices if choice not in last] == []


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("slug", sorted(content().red_flags))
def test_every_escalation_is_one_segment_of_gsm7_that_names_the_number(slug: str, region: str) -> None:
    number = content().regions.get(region).say.emergency
    for level in ("emergency", "urgent"):
        verdict = Verdict(slug, level, True, ("word",), "rule")
        drawn = draw(escalation_reply(content(), verdict, region), region=region)
        first = drawn.texts[0]
        assert first.danger
        assert segmented(first.text).segments == (first.text,)
        assert segmented(first.text).encoding is Encoding.GSM7
        assert number in first.text
        assert problems(drawn) == []


@pytest.mark.parametrize("slug", sorted(content().red_flags))
def test_advice_and_check_questions_fit(slug: str) -> None:
    for region in REGIONS:
        soon = draw(advice_reply(content(), Verdict(slug, "soon", True, ("word",), "rule"), region), region=region)
        asked = danger_check_reply(content(), Verdict(slug, "emergency", False, ("word",), "rule"), region)
        assert problems(soon) == []
        assert [text.text.splitlines()[-1] for text in draw(asked, region=region).texts] == ["1 Yes 2 No 3 Not sure"]


def test_a_short_reply_in_a_danger_is_sent_as_it_is() -> None:
    (text,) = draw(help_heard(content(), ("new-stroke", "emergency"), "US")).texts

    assert text.danger
    assert text.text.startswith("That is good. Stay where you are safe")


def test_an_escalation_goes_first_whatever_else_is_said() -> None:
    verdict = Verdict("new-stroke", "emergency", True, ("face droops",), "rule")
    drawn = draw(
        fixed_reply(content(), "thank", "US"),
        escalation_reply(content(), verdict, "US"),
        fixed_reply(content(), "help-on-the-way", "US"),
    )
    assert [text.danger for text in drawn.texts] == [True, False]
    assert drawn.texts[0].text.startswith("This may be a stroke. Call 911 now")
    assert drawn.texts[1].text.endswith("1 Help is on the way\n2 I cannot call\n3 I am fine now")
    assert drawn.choices_in == 1
    assert drawn.pages[0].startswith("(1/")


def test_the_crisis_line_stands_in_the_text_where_there_is_room() -> None:
    verdict = Verdict("suicidal-thoughts-or-self-harm", "emergency", True, ("end it",), "rule")
    assert "Crisis line: 988." in draw(escalation_reply(content(), verdict, "US")).texts[0].text


def test_a_notice_in_the_persons_language_follows_the_escalation() -> None:
    assert content().languages
    for code, language in content().languages.items():
        verdict = Verdict("new-stroke", "emergency", True, ("x",), "rule", language=code)
        first, second = draw(escalation_reply(content(), verdict, "US")).texts
        assert first.text.startswith("This may be a stroke. ")
        assert second.text == transliterated(filled(content(), language.notice, "US"))
        assert (first.danger, second.danger) == (True, True)


def every_question() -> dict[str, Prompt]:
    """Every question that the check-in can put, to the person themselves and to a helper."""
    table, wording = interview().table, interview().wording
    grouped = [question for question in table.questions if question.groups]
    names = [f"{kind}:{q.id}/{group.id}" for q in grouped for group in q.groups for kind in ("group", "which")]
    names += [f"sign:{q.id}/{option.id}" for q in grouped for option in q.options if option.group]
    names += [f"question:{q.id}" for q in table.questions if not q.groups]
    names += [*(f"list:{name}" for name in wording.lists), "jump"]
    writer = Stage(table, wording).writer
    people = {"me": interview().start().state, "helper": interview().start(None, "it is about my husband").state}
    assert [writer.helper(fold(state.entries)) for state in people.values()] == [False, True]
    return {f"{name}, {who}": writer.write(name, state) for name in names for who, state in people.items()}


EVERY_QUESTION = every_question()


@pytest.mark.parametrize("name", sorted(EVERY_QUESTION))
def test_every_question_of_the_check_in_comes_whole(name: str) -> None:
    prompt = EVERY_QUESTION[name]
    choices = [f"{number} {transliterated(option.label)}" for number, option in enumerate(prompt.options, start=1)]
    for before in ((), (f"{prompt.simpler} {prompt.example}",)):
        reply = question_reply(prompt, before)
        drawn = draw(reply)
        texts = [re.sub(r"^\(\d/\d\) ", "", text) for text in all_texts(drawn)]
        read = " ".join(" ".join(texts).split())
        assert (problems(drawn), drawn.pages) == ([], ())
        assert " ".join(" ".join(choices).split()) in read
        assert "".join(transliterated(prompt.text).split()) in read.replace(" ", "")
        if len(texts) > 1 and " ".join(choices) in texts[-1]:
            assert texts[-1].endswith(f"For all {len(texts)} texts:\n{' '.join(choices)}")


def question(body: str, labels: list[str], progress: str = "Question 3 of about 14") -> Reply:
    numbered = "\n".join(f"{number}. {label}" for number, label in enumerate(labels, start=1))
    return Reply(
        Kind.QUESTION,
        f"{progress}\n\n{body}\n\n{numbered}",
        tuple(map(Button, labels)),
        {"question": "q", "progress": progress},
    )


def test_a_short_question_is_one_text_with_its_answers_on_one_line() -> None:
    drawn = draw(question("Does it hurt?", ["Yes", "No", "Not sure"]))
    assert all_texts(drawn) == ["3 of about 14.\nDoes it hurt?\n1 Yes 2 No 3 Not sure"]
    assert (drawn.choices, drawn.choices_in) == (("Yes", "No", "Not sure"), 0)


def test_a_long_question_comes_whole_in_numbered_texts() -> None:
    labels = [f"The answer with the number {number} and some more words" for number in range(1, 9)]
    drawn = draw(question("Which of these is true?", labels))
    assert problems(drawn) == []
    assert drawn.pages == ()
    assert [text.text[:6] for text in drawn.texts] == ["(1/2) ", "(2/2) "]
    assert drawn.choices_in == 1
    assert drawn.question == tuple(text.text for text in drawn.texts)


def test_a_list_of_choices_is_not_torn_where_that_costs_no_more() -> None:
    labels = [f"The answer with the number {number} and more words" for number in range(1, 7)]
    before, choices = all_texts(draw(question("Which of these is true? Think well before you pick one.", labels)))
    assert before == "(1/2) 3 of about 14.\nWhich of these is true? Think well before you pick one."
    assert choices == "(2/2) " + "\n".join(f"{number} {label}" for number, label in enumerate(labels, start=1))


def test_only_the_question_is_put_again_when_something_else_was_said_before_it() -> None:
    drawn = draw(simple_answer(content().topics["foot-bounce"], TITLES), question("Does it hurt?", ["Yes", "No"]))
    assert len(drawn.texts) >= 1
    assert drawn.question == ("3 of about 14.\nDoes it hurt?\n1 Yes 2 No",)


def test_choices_of_topics_are_numbered() -> None:
    reply = which_topic("Which one do you mean?", TOPICS[:3], TITLES, "None of these")
    (text,) = all_texts(draw(reply))
    assert text.startswith("Which one do you mean?\n1 ")
    assert text.endswith("4 None of these")


def test_links_are_short_and_on_our_own_host() -> None:
    long = "https://www.example.org/a/very/long/way/to/an/article?with=much&behind=it"
    code = code_of(long)
    assert shortened(f"The article. {long}. And more.", PUBLIC) == f"The article. {PUBLIC}/s/{code}. And more."
    assert shortened(f"The article. {long}", None) == "The article"
    assert len(code) == 6


def test_every_text_of_the_medium_reads_easily() -> None:
    texts = {**WORDS.texts, **WORDS.shorter}
    hard = {name: reading_grade(text.replace("{emergency}", "911")) for name, text in texts.items()}
    assert {name: grade for name, grade in hard.items() if grade > HIGHEST_GRADE} == {}


def test_every_text_of_the_medium_is_one_segment_everywhere() -> None:
    for region in REGIONS:
        for name in WORDS.texts:
            text = drawing(region).text(name)
            assert (length(text) <= 160, outside_alphabet(text)) == (True, []), name


def test_no_content_tells_anybody_to_send_a_reserved_word() -> None:
    """ "Say stop" would sign a person off on a phone. The texts of the medium alone name the words, in capitals."""
    folder = Path(content().here.knowledge_folder)
    files = [folder / "replies.yml", *folder.glob("topics/*/*.yml")]
    said = re.compile(r"(?:say|send|reply|type)[^.\n]{0,40}[\"'](\w+)[\"']", re.I)
    commands = {word.casefold() for path in files for word in said.findall(path.read_text(encoding="utf-8"))}
    assert commands
    assert not commands & RESERVED


def test_what_replaces_a_fixed_reply_belongs_to_one() -> None:
    assert set(WORDS.shorter) <= set(content().fixed)
    for name, text in WORDS.shorter.items():
        assert length(text) < length(content().fixed[name].text), name
