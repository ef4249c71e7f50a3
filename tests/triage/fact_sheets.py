"""Simulated people: a fact sheet, and a way of answering from it that tells the truth to every question of an
interview.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.triage.interview import Interview
from bot.triage.interview_state import InterviewState
from bot.triage.prompts import Prompt
from bot.triage.turns import Turn

Facts = Mapping[str, str | tuple[str, ...]]
"""Question -> the option that is true, or several; for a question left out the best answer is true."""

TYPICAL_BOUNCE: Facts = {
    "who": "me",
    "diagnosis": "known",
    "change": "same",
    "bounce-when": "toe-first",
    "bounce-length": "seconds",
    "bounce-stop": "stops",
    "medicines": "no-change",
    "brace": "none",
    "heel-wedge": "none",
    "stretch": "none",
    "ankle-bend": "not-tested",
    "jump-clear": "not-cleared",
    "jump-limits": "none",
}


@dataclass(frozen=True)
class Walked:
    """An interview from beginning to end."""

    turn: Turn
    prompts: tuple[Prompt, ...]

    @property
    def state(self) -> InterviewState:
        return self.turn.state


def truth(interview: Interview, facts: Facts) -> dict[str, tuple[str, ...]]:
    """The fact sheet filled up with the best answers."""
    found = {}
    for question in interview.table.questions:
        best = min(question.options, key=lambda option: option.rank).id
        value = facts.get(question.id, best)
        found[question.id] = (value,) if isinstance(value, str) else value
    return found


def honest_options(interview: Interview, facts: Facts, prompt: Prompt) -> list[str]:
    """The options of a prompt that are true by the fact sheet."""
    true = truth(interview, facts)
    kind, _, about = prompt.id.partition(":")
    if kind in ("group", "sign"):
        asked = {cover.split("/")[1] for cover in prompt.covers}
        return ["yes" if asked & set(true[prompt.question or ""]) else "no"]
    if kind == "which":
        return [option.id for option in prompt.options if option.id in true[prompt.question or ""]] or ["none"]
    if kind == "list":
        items = interview.wording.lists[about].items
        offered = {option.id for option in prompt.options}
        ticked = [
            item.id
            for item in items
            if item.id in offered and set(true[item.question]) & set(item.ticks[item.question])
        ]
        said = {item.question for item in items if item.id in ticked}
        unsure = [
            item.question
            for item in items
            if item.id in offered
            and item.question not in said
            and any(interview.table.by_id[item.question].by_id[option].unknown for option in true[item.question])
        ]
        return [*ticked, "not-sure"] if unsure else ticked or ["none"]
    if kind == "jump":
        clear, limits = (true[question][0] for question in interview.wording.jump.covers)
        if clear != "cleared":
            return [clear]
        return ["cleared-no-limit" if limits == "none" else "cleared-limit"]
    return [option.id for option in prompt.options if option.id in true[prompt.question or ""]]


def by_number(prompt: Prompt, chosen: list[str]) -> str:
    """Numbers, as on a phone; on a list it is said that this is all."""
    numbers = [str(number) for number, option in enumerate(prompt.options, 1) if option.id in chosen]
    return " ".join(numbers) + (" only" if prompt.kind == "list" and not {"none", "not-sure"} & set(chosen) else "")


def by_number_without_only(prompt: Prompt, chosen: list[str]) -> str:
    """Numbers alone, so that the rest of a list has to be asked."""
    return " ".join(str(number) for number, option in enumerate(prompt.options, 1) if option.id in chosen)


def by_label(prompt: Prompt, chosen: list[str]) -> str:
    """The words of one option, typed off the screen."""
    return next(option.label for option in prompt.options if option.id in chosen)


def walk(
    interview: Interview,
    facts: Facts,
    *,
    problem: str | None = None,
    opening_text: str = "",
    style: Callable[[Prompt, list[str]], str] = by_number,
) -> Walked:
    """Run an interview to its end, through JSON after every turn."""
    turn = interview.start(problem, opening_text)
    prompts = []
    while turn.prompt is not None and turn.event != "emergency":
        prompts.append(turn.prompt)
        assert len(prompts) < 80, "the interview goes around in a circle"
        state = InterviewState.from_json(turn.state.to_json())
        turn = interview.receive(state, style(turn.prompt, honest_options(interview, facts, turn.prompt)))
    return Walked(turn, tuple(prompts))
