"""Decide from the words around it whether a sign counts: denied, past, imagined, asked about, usual, figurative.

The cues are content (shared/context.yml); the rules for reading them follow `reading_rules` of the clinical source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.safety.clauses import Clauses
from bot.safety.negation import Denials
from bot.safety.phrases import Span
from bot.safety.tense import Past
from bot.safety.text import COMMA, Message
from knowledge.red_flag_models import ConceptKind

SAYS = "says:"
"""Begins the name of what a rule's own phrases found."""
DENIED = "denied: "
"""Begins why a denied sign is silenced."""
THING_REACH = 3
"""Words at most between a thing and what is said of it."""
THING_OPENS = 3
"""Words at most before a thing in its clause: "and the old fridge"; further on it is no longer what is spoken of."""
_SUPPOSING = frozenset({"if", "when", "whether", "suppos", "suppose", "imagin", "imagine", "say", "would", "or"})
_SAID_SUDDEN = frozenset({"sudden"})
_OF_AN_ANIMAL = frozenset(
    {"he", "she", "it", "his", "her", "him", "its", "himself", "herself", "they", "their", "them"}
)


@dataclass(frozen=True)
class Judgement:
    """Whether a span counts. `silenced`: why it does not. `doubt`: why it may not."""

    silenced: str | None = None
    doubt: str | None = None


class Surroundings:
    """What the words around a sign say about it, in one message."""

    def __init__(self, message: Message, spans: Mapping[str, list[Span]]) -> None:
        """`spans`: everything found in the message, cues included."""
        self._clauses = Clauses(message, spans)
        self._keys = self._clauses.keys
        self._cues = self._clauses.cues
        self._denials = Denials(self._clauses)
        self._past = Past(self._clauses)
        self._judged: dict[tuple[int, int, ConceptKind, bool], Judgement] = {}

    def sentence(self, position: int) -> int:
        """The number of the sentence that the token at `position` stands in."""
        return self._clauses.sentence(position)

    def ends(self, sentence: int) -> tuple[int, int]:
        """The first token of a sentence, and the one after its last."""
        return self._clauses.sentence_starts[sentence], self._clauses.sentence_end(sentence)

    def judge(self, span: Span, kind: ConceptKind, past_counts: bool = False) -> Judgement:
        """Whether `span` counts, given what its concept may be silenced by."""
        place = (span.first, span.last, kind, past_counts)
        if place not in self._judged:
            self._judged[place] = self._judge(span, kind, past_counts)
        return self._judged[place]

    def _judge(self, span: Span, kind: ConceptKind, past_counts: bool) -> Judgement:
        denied, maybe_denied = self._denials.of(span)
        if denied:
            return Judgement(silenced=f"{DENIED}{denied}")
        if kind is ConceptKind.MARK:
            return Judgement()
        for cue, name in (
            (self._figure(span), "figure of speech"),
            (self._about_chat(span), "about this chat"),
            (self._thing_before(span), "not a person"),
        ):
            if cue:
                return Judgement(silenced=f"{name}: {self._clauses.said(cue)}")
        imagined = self._before_in_sentence("hypothetical", span, unless="not_hypothetical")
        nobody = self._about_nobody(span)
        if nobody and not self._now_in_sentence(span):
            return Judgement(silenced=f"a general question: {self._clauses.said(nobody)}")
        asked = self._before_in_sentence("general_question", span, unless="not_hypothetical") or nobody
        told = self._before_in_clause("not_lived", span)
        for cue, name in ((imagined, "imagined"), (asked, "a general question"), (told, "not lived")):
            if cue:
                reason = f"{name}: {self._clauses.said(cue)}"
                return (
                    Judgement(doubt=reason)
                    if self._clauses.in_sentence("present", span)
                    else Judgement(silenced=reason)
                )
        if kind is ConceptKind.SETTING:
            return Judgement()
        if kind is not ConceptKind.STANDING:
            usual = self._usual(span)
            if usual:
                return Judgement(silenced=f"usual: {usual}")
        if not past_counts:
            past, maybe_past = self._past.of(span)
            if past:
                return Judgement(silenced=f"past: {past}")
            if maybe_past:
                return Judgement(doubt=f"perhaps past: {maybe_past}")
        if maybe_denied:
            return Judgement(doubt=f"perhaps denied: {maybe_denied}")
        if kind is ConceptKind.SIGN:
            harmless = self._everyday(span)
            if harmless:
                return Judgement(doubt=harmless)
        conditional = self._before_in_sentence("condition", span, unless="not_hypothetical")
        if conditional and not self._clauses.in_sentence("present", span):
            return Judgement(doubt=f"perhaps imagined: {self._clauses.said(conditional)}")
        return Judgement()

    def _everyday(self, span: Span) -> str | None:
        """What makes a sign doubtful though nothing denies it: an everyday reason, or someone else's old story."""
        reason = self._clauses.in_sentence("everyday_reason", span)
        if reason:
            return f"perhaps harmless: {self._clauses.said(reason)}"
        story = self._clauses.in_sentence("told_of_another", span)
        if story and not self._clauses.in_sentence("present", span) and not self._clauses.in_sentence("change", span):
            return f"perhaps an old story: {self._clauses.said(story)}"
        return None

    def follows_denial(self, span: Span) -> bool:
        """Whether "not" stands right before `span`: "does not stop when I hold it"."""
        return span.first > 0 and self._keys[span.first - 1] in ("not", "no", "never", "cannot")

    def _figure(self, span: Span) -> Span | None:
        """A figure of speech around `span`, unless the rule's own phrase says it: "I nearly fall most weeks"."""
        cue = self._clauses.overlapping("figure_of_speech", span)
        own = cue is not None and span.concept.startswith(SAYS) and span.first <= cue.first and cue.last < span.last
        return None if own else cue

    def _about_chat(self, span: Span) -> Span | None:
        """Talk about the chat itself; what is sudden is not: "suddenly I cannot speak properly"."""
        cue = self._clauses.overlapping("about_this_chat", span)
        here = self._clauses.sentence(span.first)
        sudden = bool(
            _SAID_SUDDEN.intersection(
                self._keys[self._clauses.sentence_starts[here] : self._clauses.sentence_end(here)]
            )
        )
        return None if sudden else cue

    def _before_in_sentence(self, cue: str, span: Span, unless: str) -> Span | None:
        here = self._clauses.sentence(span.first)
        for found in self._clauses.cues_here(cue, here):
            if found.first > span.first or self._clauses.overlapping(unless, found):
                continue
            if found.first == span.first and found.last <= span.last:
                continue  # the phrase itself says that it is a plan: "planning to come off baclofen"
            between = self._keys[found.last : span.first]
            if "but" not in between and not self._statement_begins(found, span):
                return found
        return None

    def _statement_begins(self, cue: Span, span: Span) -> bool:
        """Whether a comma after a question opens a statement about someone: "what do I do, my face is drooping"."""
        if _SUPPOSING.intersection(self._keys[cue.first : span.first]):
            return False
        starts = {c.first for c in self._clauses.cues_here("somebody", self._clauses.sentence(span.first))}
        return any(
            self._keys[n] == COMMA and (n + 1 in starts or n + 1 == span.first) for n in range(cue.last, span.first)
        )

    def _before_in_clause(self, cue: str, span: Span) -> Span | None:
        here = self._clauses.clause(span.first)
        return next(
            (
                c
                for c in self._clauses.cues_here(cue, self._clauses.sentence(span.first))
                if self._clauses.clause(c.first) == here and c.first <= span.first
            ),
            None,
        )

    def _about_nobody(self, span: Span) -> Span | None:
        """The opening words of a question that names nobody: "what are the effects of too much baclofen"."""
        here = self._clauses.sentence(span.first)
        start = self._clauses.sentence_starts[here]
        opener = next((c for c in self._clauses.cues_here("question_openers", here) if c.first == start), None)
        if opener is None or self._clauses.cues_here("somebody", here):
            return None
        return opener

    def _now_in_sentence(self, span: Span) -> bool:
        """Whether the sentence speaks of the present; "sudden" alone is also asked about in general."""
        here = self._clauses.sentence(span.first)
        return any("sudden" not in self._keys[c.first : c.last] for c in self._clauses.cues_here("present", here))

    def _thing_before(self, span: Span) -> Span | None:
        """A thing just before `span` in its clause and nobody named after it: what is said of it is no sign."""
        clause = self._clauses.clause(span.first)
        here = self._clauses.sentence(span.first)
        opening = self._clauses.clause_starts[clause] + THING_OPENS
        for thing in self._clauses.cues_here("things", here):
            if thing.first > opening or self._clauses.clause(thing.first) != clause:
                continue
            if not 0 <= span.first - thing.last <= THING_REACH:
                continue
            if not any(thing.last <= c.first < span.last for c in self._clauses.cues_here("somebody", here)):
                return thing
        for animal in self._cues.get("animals", ()):
            # "His" and "him" may be the animal's own: "the dog tilts his head".
            if animal.first > opening or self._clauses.clause(animal.first) != clause:
                continue
            if 0 <= span.first - animal.last <= THING_REACH:
                own = {c.first for c in self._cues.get("somebody", ()) if self._keys[c.first] not in _OF_AN_ANIMAL}
                if not any(animal.last <= place < span.last for place in own):
                    return animal
        return None

    def _changes(self, span: Span) -> bool:
        here = self._clauses.sentence(span.first)
        return any(
            self._clauses.sentence(c.first) == here and self._clauses.is_change(c) for c in self._cues.get("change", ())
        )

    def _usual(self, span: Span) -> str | None:
        if self._changes(span):
            return None
        here = self._clauses.sentence(span.first)
        for cue in self._clauses.cues_here("usual", here):
            if not self._clauses.overlapping("usual_self", cue):
                return self._clauses.said(cue)
        if not any(self._clauses.is_change(cue) for cue in self._cues.get("change", ())):
            for cue in self._cues.get("usual_whole_message", ()):
                if not self._clauses.overlapping("usual_self", cue):
                    return self._clauses.said(cue)
        return None
