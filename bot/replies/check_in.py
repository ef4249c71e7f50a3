"""Draw the check-in: its questions and its result."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import lru_cache

from bot.published import content_folder
from bot.replies.content import Content
from bot.replies.escalations import advice_points
from bot.replies.fixed import fixed_text
from bot.replies.reply import Button, Kind, Reply
from bot.replies.where import filled, numbers_to_call
from bot.settings import settings
from bot.triage.decide import Result
from bot.triage.explain import main_pattern, pattern_in_words, safety_net, steps_with_advice, why
from bot.triage.interview import Interview
from bot.triage.prompts import Prompt
from bot.triage.result_talk import AboutResult, ResultTalk
from bot.triage.summary import sensitive_options, summary
from bot.triage.table import TABLE_FILE, load_table
from bot.triage.wording import WORDING_FILE, load_wording

EMERGENCY = "emergency"
MOST_TOPICS = 3
LINKED_FIRST = ("brace", "exercise", "everyday", "contact", "safety")
"""Kinds of steps, those first whose topic a button leads to: what a person may never have heard of."""
ADVICE_STEP = "emergency-advice-for-sign"
"""The step that stands for the advice of a warning sign, which is shown in its place."""
_LEAD, _NEXT_SIGN = re.compile(r"[^.?:]+[?:]\s+"), re.compile(r"(?<=\.)\s+")
"""What a group of signs begins with ("Any of these?"), and where the next sign begins."""
SUMMARY_PAGE = "/chat/summary"
"""Where the chat page shows the summary for printing (bot/channels/summary_page.py)."""
PRIVATE_SUMMARY = "private-summary"
"""What is offered by the question whether private answers may stand on the summary."""
SUMMARY, WHERE_TO_GO = "Summary for my visit", "Human"


@lru_cache(maxsize=1)
def interview() -> Interview:
    """The one interview machine of this process, on the content as it was published when it began."""
    folder = content_folder(settings())
    table = load_table(folder / TABLE_FILE.name)
    return Interview(table, load_wording(table, folder / WORDING_FILE.name))


@lru_cache(maxsize=1)
def result_talk() -> ResultTalk:
    """What answers questions about a result."""
    return ResultTalk(interview())


def about_result_reply(result: Result, answer: AboutResult) -> Reply:
    """The answer to a question about a result."""
    topics = [step.topic for step in result.shown_steps if step.slug in answer.steps and step.topic]
    return Reply(
        Kind.ANSWER,
        "\n\n".join(answer.paragraphs),
        metadata={"level": result.level, "steps": list(answer.steps), "topic": topics[0] if len(topics) == 1 else None},
    )


def in_between_reply(answer: AboutResult) -> Reply:
    """The answer to a question about a result that is not there yet: it has no level and no steps."""
    return Reply(Kind.ANSWER, "\n\n".join(answer.paragraphs))


def question_reply(prompt: Prompt, say: Sequence[str] = ()) -> Reply:
    """One question, with what comes before it, its help, its numbered answers and how far along it is."""
    labels = [option.label for option in prompt.options]
    numbered = "\n".join(f"{number}. {label}" for number, label in enumerate(labels, start=1))
    text = signs_as_points(prompt.text) if prompt.kind == "group" else prompt.text
    question = "\n".join(part for part in (text, prompt.help) if part)
    parts = [*say, *prompt.say, prompt.progress, question, numbered]
    return Reply(
        Kind.QUESTION,
        "\n\n".join(part for part in parts if part),
        tuple(Button(label) for label in labels),
        {
            "question": prompt.question or prompt.id,
            "options": [option.id for option in prompt.options],
            "covers": list(prompt.covers),
            "progress": prompt.progress,
        },
    )


def signs_as_points(text: str) -> str:
    """The question for a group of signs, each on a line of its own: ten in a row are hard to read when tired."""
    *before, asked = text.split("\n")
    lead, signs = _LEAD.match(asked), ""
    if lead is not None:
        signs = "".join(f"\n- {sign.rstrip('.')}" for sign in _NEXT_SIGN.split(asked[lead.end() :]))
        asked = lead.group().rstrip()
    return "\n".join([*before, f"{asked}{signs}"])


def result_reply(content: Content, result: Result, region: str | None) -> Reply:
    """The result: what to do and how soon, why, the steps, what would make it worse, and how to reach a person."""
    table, words = interview().table, interview().wording.result
    reasons = why(table, result)
    parts = [result.headline, " ".join(result.say)]
    if reasons:
        parts.append(_listed(words.why, reasons))
    pattern = main_pattern(table, result)
    if pattern is not None:
        parts.append(pattern_in_words(pattern, result))
    at_the_end = (words.at_the_end.sooner, words.at_the_end.person)
    parts.append(_listed(words.steps, steps_with_advice(result, interview().wording.article, at_the_end)))
    ends = {step.slug: step.text for step in result.shown_steps if step.slug in at_the_end}
    parts += [_listed(words.call_for[level], signs) for level, signs in safety_net(table, result)]
    parts += [ends.get(words.at_the_end.sooner, ""), ends.get(words.at_the_end.person, "")]
    parts.append(filled(content, content.fixed["result-number"].text, region))
    linked = sorted(result.shown_steps, key=lambda step: LINKED_FIRST.index(step.kind))
    explained = [content.topics[step.topic].title for step in linked if step.topic in content.topics]
    buttons = [SUMMARY, *list(dict.fromkeys(explained))[:MOST_TOPICS], WHERE_TO_GO]
    return Reply(
        Kind.RESULT,
        "\n\n".join(filter(None, parts)),
        tuple(Button(title) for title in buttons),
        {"level": result.level, "reasons": list(reasons), "steps": list(result.steps)},
    )


def emergency_reply(content: Content, result: Result, region: str | None, omit: Collection[str] = ()) -> Reply:
    """The emergency outcome of a check-in: the number first, then what to do for the sign that was named.

    `omit` are steps that a sign which may still be named would forbid.
    """
    steps = [step for step in result.shown_steps if step.slug not in omit]
    quiet = "phone-on-speaker" not in {step.slug for step in steps}
    others = [step.text for step in steps if step.slug not in ("call-emergency-now", ADVICE_STEP)]
    category = next((slug for slug in result.categories if slug in content.red_flags), None)
    advice = advice_points(content.red_flags[category], EMERGENCY) if category else []
    parts = [fixed_text(content, "heading-emergency", category), " ".join(result.say)]
    parts.append("\n".join(f"- {line}" for line in [*advice, *others]))
    if not quiet:
        parts.append(fixed_text(content, "closing-emergency", category))
    return Reply(
        Kind.ESCALATION,
        "\n\n".join(filled(content, part, region) for part in parts),
        metadata={
            "level": EMERGENCY,
            "category": category,
            "reasons": list(why(interview().table, result)),
            "steps": [step.slug for step in steps],
            "call": numbers_to_call(content, region, category),
        },
    )


def summary_reply(result: Result, *, agreed: Collection[str] = (), on_page: bool = False) -> Reply:
    """One page to show a clinician. `agreed`: private answers that may stand on it. `on_page`: where it is said is the
    chat page, which also shows it for printing."""
    words = interview().wording.summary
    parts = [summary(interview().table, result, agreed=agreed), words.yours]
    if on_page:
        parts.append(words.page.format(address=SUMMARY_PAGE))
    return Reply(
        Kind.RESULT,
        "\n\n".join(parts),
        metadata={"level": result.level},
    )


def private_question(result: Result) -> Reply | None:
    """Before the summary: whether it may hold what somebody else should perhaps not read; None when nothing is."""
    table, words = interview().table, interview().wording
    if not sensitive_options(table, result):
        return None
    question = table.summary_for_visit.ask_first.text
    return Reply(
        Kind.CLARIFY,
        words.summary.asked_first.format(question=question),
        (Button(words.prompts.yes), Button(words.prompts.no)),
        {"offer": PRIVATE_SUMMARY},
    )


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)])
