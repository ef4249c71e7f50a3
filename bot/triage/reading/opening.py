"""What the opening message already said, so that it is read back and not asked again.

Only plain statements about now count. A question, a worry, a memory or a wish says nothing; danger signs are never
taken from here,
they are screened elsewhere and asked about in any case.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from bot.triage.agenda import Agenda
from bot.triage.reading.phrases import Phrasebook, Words, mark_denied, split
from bot.triage.reading.reader import Reader


@dataclass(frozen=True)
class Opening:
    """What was said: the problem, settled answers, and answers with several options left open."""

    problem: str | None = None
    answers: dict[str, tuple[str, ...]] = field(default_factory=dict)
    maybe: dict[str, tuple[str, ...]] = field(default_factory=dict)


class OpeningReader:
    """Reads opening messages with the same phrases as replies."""

    def __init__(self, agenda: Agenda, reader: Reader) -> None:
        self._table, self._wording, self._reader = agenda.table, agenda.wording, reader
        words = self._wording.reading
        self._problems: Phrasebook[str] = Phrasebook(
            (text, slug) for slug, problem in self._wording.problems.items() for text in problem.says
        )
        self._negators = {negator for negator in words.negators if " " not in negator}
        self._contrast = set(words.contrast)

    def read(self, text: str) -> Opening:
        """What an opening message says. Two sentences that contradict each other leave the question open."""
        answers: dict[str, tuple[str, ...]] = {}
        maybe: dict[str, tuple[str, ...]] = {}
        disputed: set[str] = set()
        on_bounce = self._reader.statements.names_bounce(split(text))
        for sentence in re.findall(r"[^.!?;\n]+[.!?;\n]*", text):
            words = split(sentence)
            if not words.words or self._only_asks(sentence, words):
                continue
            settled, left_open = self._reader.statements.made_in(words, on_bounce=on_bounce)
            for question, options in settled.items():
                if question in answers and answers[question] != options:
                    disputed.add(question)
                answers[question] = options
            for question, options in left_open.items():
                maybe[question] = options
        for question in disputed:
            answers.pop(question, None)
            maybe.pop(question, None)
        return Opening(
            self._problem(split(text)),
            answers,
            {question: options for question, options in maybe.items() if question not in answers},
        )

    def _only_asks(self, sentence: str, words: Words) -> bool:
        """Whether a sentence is a question."""
        starts = self._wording.reading.questions_start
        return "?" in sentence or (
            words.words[0] in starts and words.words[0] not in ("when", "where", "who", "which", "do")
        )

    def _problem(self, words: Words) -> str | None:
        """The walking problem named; with several, the first one of the file that is named and not denied."""
        found = mark_denied(words, self._problems.find(words), self._negators, self._contrast)
        named = {match.payload for match in found if not match.denied}
        specific = [slug for slug in self._wording.problems if slug in named]
        return specific[0] if specific else None
