"""Questions about a result, answered from the result itself: why, why not jumping, what if it gets worse, what to take.

Pure: a result and a message in, lines out. Every line is curated wording of `knowledge/interview.yml` or a sentence of
the result; which questions are understood is listed there too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.triage.decide import Result, ShownStep
from bot.triage.explain import gate_reasons, step_reasons, visit_questions, why
from bot.triage.interview import Interview
from bot.triage.reading.phrases import Phrasebook, covered, split

MOST_REASONS = 3
"""Reasons named at once; the rest are in the summary."""

_OF_THE_BODY = {(verb, "my") for verb in ("is", "are", "does", "do", "did", "was", "has")}
""" "Why is my knee weak?" asks about the knee, not about the step that guards it."""


@dataclass(frozen=True)
class AboutResult:
    """An answer about a result: which question it answers, its paragraphs, and the steps it speaks of."""

    asked: str
    paragraphs: tuple[str, ...]
    steps: tuple[str, ...] = ()


class ResultTalk:
    """Answers questions about results of one interview machine."""

    def __init__(self, interview: Interview) -> None:
        self._table = interview.table
        self._words = interview.wording.result_talk
        self._filler = {*interview.wording.reading.filler, *interview.wording.reading.questions_start}
        self._asks: Phrasebook[str] = Phrasebook(
            (pattern, name) for name, patterns in self._words.asks.items() for pattern in patterns
        )
        self._steps: Phrasebook[tuple[str, ...]] = Phrasebook(
            (pattern, named.steps) for named in self._words.steps for pattern in named.says
        )

    def answer(self, result: Result, text: str, *, fresh: bool = False) -> AboutResult | None:
        """The answer to a question about the result; None when the message asks something else.

        `fresh`: the result, or an answer about it, was the last thing said. Then short questions such as "why?" are
        about it; later they must name what they are about.
        """
        words = split(text)
        if not words.words:
            return None
        found = sorted(self._asks.find(words), key=lambda match: -len(match.at))
        for match in found:
            if match.payload in self._words.only_fresh and not fresh:
                continue
            left = [word for place, word in enumerate(words.words) if place not in covered([match])]
            if match.payload in self._words.whole_message and set(left) - self._filler:
                continue
            return self._said(result, match.payload)
        steps = [step for match in self._steps.find(words) for step in match.payload]
        shown = [step for step in result.shown_steps if step.slug in steps]
        of_the_body = words.words[1:3] in _OF_THE_BODY
        if shown and words.words[0] == "why" and not of_the_body:
            return AboutResult("step", tuple(self._why_step(result, shown[0])), (shown[0].slug,))
        return None

    def in_between(self, result: Result, text: str) -> AboutResult | None:
        """The answer to "what if it gets worse?" while the check-in still runs, from what is known so far; None when
        the message asks something else."""
        asked = {match.payload for match in self._asks.find(split(text))}
        return self._said(result, "worse") if "worse" in asked else None

    def step_on(self, result: Result, topic: str) -> ShownStep | None:
        """The step of the result that a topic explains, if there is one: the link from an answer back to the result."""
        return next((step for step in result.shown_steps if step.topic == topic), None)

    def _said(self, result: Result, asked: str) -> AboutResult:
        about = {
            "why": self._why,
            "why_short": self._why,
            "jumping": self._jumping,
            "worse": self._worse,
            "bring": self._bring,
            "steps": self._steps_again,
            "whom": self._whom,
        }[asked]
        paragraphs, steps = about(result)
        return AboutResult(asked, tuple(paragraphs), tuple(steps))

    def _why(self, result: Result) -> tuple[list[str], list[str]]:
        reasons = why(self._table, result)
        said = self._words.why_with if reasons else self._words.why_without
        paragraphs = [said.format(headline=result.headline, time_frame=result.time_frame.lower())]
        if reasons:
            paragraphs.append(listed(reasons))
        return [*paragraphs, self._words.why_levels[result.level]], []

    def _jumping(self, result: Result) -> tuple[list[str], list[str]]:
        if result.level == self._table.highest_level:
            return [self._words.call_first], []
        if "jumping-if-cleared" in result.steps:
            text = self._text(result, "jumping-if-cleared")
            return [self._words.jumping_open, text, self._table.jumping_gate.limits_note], ["jumping-if-cleared"]
        reasons = gate_reasons(self._table, result, self._words.jumping_first)[:MOST_REASONS]
        paragraphs = [self._words.jumping_closed[result.about]]
        if reasons:
            paragraphs += [self._words.because, listed(reasons)]
        return [*paragraphs, self._words.jumping_later], ["no-jumping"] if "no-jumping" in result.steps else []

    def _worse(self, result: Result) -> tuple[list[str], list[str]]:
        if result.level == self._table.highest_level:
            return [self._words.call_first], []
        return [self._words.worse, listed(result.call_if), self._words.worse_anything_else], []

    def _bring(self, result: Result) -> tuple[list[str], list[str]]:
        questions = visit_questions(self._table, result)
        paragraphs = [self._words.bring, listed(self._words.bring_things)]
        if questions:
            paragraphs += [self._words.bring_questions, listed(questions)]
        return paragraphs, []

    def _steps_again(self, result: Result) -> tuple[list[str], list[str]]:
        lines = [f"{number}. {step.text}" for number, step in enumerate(result.shown_steps, 1)]
        return [self._words.steps_again, "\n".join(lines)], list(result.steps)

    def _whom(self, result: Result) -> tuple[list[str], list[str]]:
        offered = {step.slug: step for step in result.shown_steps}
        contacts = [offered[slug] for slug in self._words.call_steps if slug in offered]
        said = self._words.whom.format(time_frame=result.time_frame.lower())
        return [said, listed(step.text for step in contacts)], [step.slug for step in contacts]

    def _why_step(self, result: Result, step: ShownStep) -> Iterator[str]:
        yield self._words.step.format(step=step.text)
        reasons = step_reasons(self._table, result, step.slug)[:MOST_REASONS]
        if reasons:
            yield self._words.because
            yield listed(reasons)
        else:
            yield self._words.step_for_all

    @staticmethod
    def _text(result: Result, slug: str) -> str:
        return next(step.text for step in result.shown_steps if step.slug == slug)


def listed(lines: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    """Lines as a list of dashes."""
    return "\n".join(f"- {line}" for line in lines)
