"""Draw the check-in: its questions and its result."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

from bot.replies.content import Content
from bot.replies.escalations import advice_points
from bot.replies.reply import Button, Kind, Reply
from bot.replies.where import filled, numbers_to_call
from bot.triage.decide import Result
from bot.triage.explain import summary, why
from bot.triage.interview import Interview
from bot.triage.prompts import Prompt

EMERGENCY = "emergency"
MOST_TOPICS = 2
ADVICE_STEP = "emergency-advice-for-sign"
"""The step that stands for the advice of a warning sign, which is shown in its place."""
SUMMARY, WHERE_TO_GO = "Summary for my visit", "Human"


@lru_cache(maxsize=1)
def interview() -> Interview:
    """The one interview machine of this process."""
    return Interview()


def question_reply(prompt: Prompt, say: Sequence[str] = ()) -> Reply:
    """One question, with what comes before it, its help, its numbered answers and how far along it is."""
    labels = [option.label for option in prompt.options]
    numbered = "\n".join(f"{number}. {label}" for number, label in enumerate(labels, start=1))
    question = "\n".join(part for part in (prompt.text, prompt.help) if part)
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


def result_reply(content: Content, result: Result, region: str | None) -> Reply:
    """The result: what to do and how soon, why, the steps, what would make it worse, and how to reach a person."""
    reasons = why(interview().table, result)
    parts = [result.headline, " ".join(result.say)]
    if reasons:
        parts.append(_listed("Why:", reasons))
    parts.append(_listed("What to do:", [step.text for step in result.shown_steps]))
    if result.call_if:
        parts.append(_listed("Call if:", result.call_if))
    parts.append(filled(content, content.fixed["result-number"].text, region))
    explained = [content.topics[step.topic].title for step in result.shown_steps if step.topic in content.topics]
    buttons = [SUMMARY, *list(dict.fromkeys(explained))[:MOST_TOPICS], WHERE_TO_GO]
    return Reply(
        Kind.RESULT,
        "\n\n".join(parts),
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
    parts = [content.fixed["heading-emergency"].text, " ".join(result.say)]
    parts.append("\n".join(f"- {line}" for line in [*advice, *others]))
    if not quiet:
        parts.append(content.fixed["closing-emergency"].text)
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


def summary_reply(result: Result) -> Reply:
    """One page to show a clinician."""
    return Reply(Kind.RESULT, summary(interview().table, result), metadata={"level": result.level})


def _listed(heading: str, lines: Sequence[str]) -> str:
    return "\n".join([heading, *(f"- {line}" for line in lines)])
