"""Decide from the words around it whether a sign counts: denied, past, imagined, asked about, usual, figurative.

The cues are content (shared/context.yml); the rules for reading them follow `reading_rules` of the clinical source.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from bot.safety.phrases import Span
from bot.safety.syntax import Structure
from bot.safety.text import BOUNDARY, COMMA, Message
from knowledge.red_flag_models import ConceptKind

CUE = "cue:"
SAYS = "says:"
"""Begins the name of what a rule's own phrases found."""
DENIAL_REACH = 8
"""Words a denial reaches forward at most."""
SURE_DENIAL_REACH = 2
"""Words between a denial and a sign up to which no sentence structure is asked for."""
THING_REACH = 3
"""Words at most between a thing and what is said of it."""
THING_OPENS = 3
"""Words at most before a thing in its clause: "and the old fridge"; further on it is no longer what is spoken of."""
ANSWER_WORDS = 4
"""Words at most of a plain "no" to one's own question."""
_PLAIN_NO = frozenset({"no", "nope", "never", "none", "nothing"})
_CLAUSE_STARTERS = frozenset(
    [
        "and",
        "but",
        "so",
        "then",
        "becaus",
        "plus",
        "though",
        "although",
        "however",
        "except",
        "while",
        "yet",
        "now",
        "whereas",
    ]
)
_PRESENT_TENSE = frozenset(["is", "are", "am", "has", "keep", "feel", "look", "seem", "get", "cannot", "go", "start"])
_GOING_ON = _PRESENT_TENSE | {"be", "been", "have", "still", "do", "does", "will", "cannot"}
# Words of "sudden", "out of the blue", "out of nowhere", "all at once" in plain form: how something began, not when.
_SUDDEN = frozenset({"sudden", "blue", "nowher", "nowhere", "onc"})
_STATEMENT_STARTERS = frozenset(
    ["i", "he", "she", "they", "it", "my", "his", "her", "their", "the", "is", "are", "am", "has", "have"]
)
_SUPPOSING = frozenset({"if", "when", "whether", "suppos", "suppose", "imagin", "imagine", "say", "would", "or"})
_SPEAKERS = frozenset({"i", "he", "she", "they", "we"})
_AFTER_DENIAL = frozenset({"have", "has", "had", "a", "an", "any"})
_SAID_SUDDEN = frozenset({"sudden"})
_OF_AN_ANIMAL = frozenset(
    {"he", "she", "it", "his", "her", "him", "its", "himself", "herself", "they", "their", "them"}
)
_LIST_JOINERS = frozenset({"or", "nor"})


@dataclass(frozen=True)
class Judgement:
    """Whether a span counts. `silenced`: why it does not. `doubt`: why it may not."""

    silenced: str | None = None
    doubt: str | None = None


class Surroundings:
    """The sentences, clauses and cues of one message."""

    def __init__(self, message: Message, spans: Mapping[str, list[Span]], usual_signs: frozenset[str]) -> None:
        """`spans`: everything found in the message, cues included. `usual_signs`: this person's normal."""
        self._message = message
        self._keys = [token.key for token in message.tokens]
        self._cues = {name[len(CUE) :]: found for name, found in spans.items() if name.startswith(CUE)}
        self._signs = {
            (span.first, span.last)
            for name, found in spans.items()
            if not name.startswith(CUE)
            for span in found
            if span.last - span.first > 1
        }
        self._usual_signs = usual_signs
        self._judged: dict[tuple[int, int, ConceptKind, bool, bool], Judgement] = {}
        self._sentence_starts = [0]
        self._clause_starts = [0]
        for number, key in enumerate(self._keys):
            if key == BOUNDARY:
                self._sentence_starts.append(number + 1)
                self._clause_starts.append(number + 1)
            elif key == COMMA or key in _CLAUSE_STARTERS:
                self._clause_starts.append(number)

        self._cues_by_sentence: dict[tuple[str, int], list[Span]] = {}
        for name, found in self._cues.items():
            for cue in found:
                self._cues_by_sentence.setdefault((name, self.sentence(cue.first)), []).append(cue)
        self._signs_by_sentence: dict[int, list[tuple[int, int]]] = {}
        for sign in self._signs:
            self._signs_by_sentence.setdefault(self.sentence(sign[0]), []).append(sign)

    def _cues_here(self, name: str, sentence: int) -> list[Span]:
        """The cues of one name in one sentence, so that the cost of a long story grows with its length only."""
        return self._cues_by_sentence.get((name, sentence), [])

    @cached_property
    def _structure(self) -> Structure:
        return Structure(self._message)

    def sentence(self, position: int) -> int:
        """The number of the sentence that the token at `position` stands in."""
        return bisect_right(self._sentence_starts, position) - 1

    def _sentence_end(self, sentence: int) -> int:
        following = sentence + 1
        return self._sentence_starts[following] if following < len(self._sentence_starts) else len(self._keys)

    def _clause(self, position: int) -> int:
        return bisect_right(self._clause_starts, position) - 1

    def judge(self, span: Span, kind: ConceptKind, past_counts: bool = False) -> Judgement:
        """Whether `span` counts, given what its concept may be silenced by."""
        place = (span.first, span.last, kind, past_counts, span.concept in self._usual_signs)
        if place not in self._judged:
            self._judged[place] = self._judge(span, kind, past_counts)
        return self._judged[place]

    def _judge(self, span: Span, kind: ConceptKind, past_counts: bool) -> Judgement:
        denied, maybe_denied = self._denied(span)
        if denied:
            return Judgement(silenced=f"denied: {denied}")
        if kind is ConceptKind.MARK:
            return Judgement()
        for cue, name in (
            (self._figure(span), "figure of speech"),
            (self._about_chat(span), "about this chat"),
            (self._thing_before(span), "not a person"),
        ):
            if cue:
                return Judgement(silenced=f"{name}: {self._said(cue)}")
        imagined = self._before_in_sentence("hypothetical", span, unless="not_hypothetical")
        nobody = self._about_nobody(span)
        if nobody and not self._now_in_sentence(span):
            return Judgement(silenced=f"a general question: {self._said(nobody)}")
        asked = self._before_in_sentence("general_question", span, unless="not_hypothetical") or nobody
        told = self._before_in_clause("not_lived", span)
        for cue, name in ((imagined, "imagined"), (asked, "a general question"), (told, "not lived")):
            if cue:
                reason = f"{name}: {self._said(cue)}"
                return Judgement(doubt=reason) if self._in_sentence("present", span) else Judgement(silenced=reason)
        if kind is ConceptKind.SETTING:
            return Judgement()
        if kind is not ConceptKind.STANDING:
            usual = self._usual(span)
            if usual:
                return Judgement(silenced=f"usual: {usual}")
        if not past_counts:
            past, maybe_past = self._past(span)
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
        if conditional and not self._in_sentence("present", span):
            return Judgement(doubt=f"perhaps imagined: {self._said(conditional)}")
        return Judgement()

    def _everyday(self, span: Span) -> str | None:
        """What makes a sign doubtful though nothing denies it: an everyday reason, or someone else's old story."""
        reason = self._in_sentence("everyday_reason", span)
        if reason:
            return f"perhaps harmless: {self._said(reason)}"
        story = self._in_sentence("told_of_another", span)
        if story and not self._in_sentence("present", span) and not self._in_sentence("change", span):
            return f"perhaps an old story: {self._said(story)}"
        return None

    def follows_denial(self, span: Span) -> bool:
        """Whether "not" stands right before `span`: "does not stop when I hold it"."""
        return span.first > 0 and self._keys[span.first - 1] in ("not", "no", "never", "cannot")

    def _said(self, span: Span) -> str:
        return self._message.words(span.first, span.last)

    def _overlapping(self, cue: str, span: Span) -> Span | None:
        here = self._cues_here(cue, self.sentence(span.first))
        return next((c for c in here if c.first < span.last and span.first < c.last), None)

    def _figure(self, span: Span) -> Span | None:
        """A figure of speech around `span`, unless the rule's own phrase says it: "I nearly fall most weeks"."""
        cue = self._overlapping("figure_of_speech", span)
        own = cue is not None and span.concept.startswith(SAYS) and span.first <= cue.first and cue.last < span.last
        return None if own else cue

    def _about_chat(self, span: Span) -> Span | None:
        """Talk about the chat itself; what is sudden is not: "suddenly I cannot speak properly"."""
        cue = self._overlapping("about_this_chat", span)
        here = self.sentence(span.first)
        sudden = bool(_SAID_SUDDEN.intersection(self._keys[self._sentence_starts[here] : self._sentence_end(here)]))
        return None if sudden else cue

    def _in_sentence(self, cue: str, span: Span) -> Span | None:
        return next(iter(self._cues_here(cue, self.sentence(span.first))), None)

    def _before_in_sentence(self, cue: str, span: Span, unless: str) -> Span | None:
        here = self.sentence(span.first)
        for found in self._cues_here(cue, here):
            if found.first > span.first or self._overlapping(unless, found):
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
        starts = {c.first for c in self._cues_here("somebody", self.sentence(span.first))}
        return any(
            self._keys[n] == COMMA and (n + 1 in starts or n + 1 == span.first) for n in range(cue.last, span.first)
        )

    def _before_in_clause(self, cue: str, span: Span) -> Span | None:
        here = self._clause(span.first)
        return next(
            (
                c
                for c in self._cues_here(cue, self.sentence(span.first))
                if self._clause(c.first) == here and c.first <= span.first
            ),
            None,
        )

    def _about_nobody(self, span: Span) -> Span | None:
        """The opening words of a question that names nobody: "what are the effects of too much baclofen"."""
        here = self.sentence(span.first)
        start = self._sentence_starts[here]
        opener = next((c for c in self._cues_here("question_openers", here) if c.first == start), None)
        if opener is None or self._cues_here("somebody", here):
            return None
        return opener

    def _now_in_sentence(self, span: Span) -> bool:
        """Whether the sentence speaks of the present; "sudden" alone is also asked about in general."""
        here = self.sentence(span.first)
        return any("sudden" not in self._keys[c.first : c.last] for c in self._cues_here("present", here))

    def _thing_before(self, span: Span) -> Span | None:
        """A thing just before `span` in its clause and nobody named after it: what is said of it is no sign."""
        clause = self._clause(span.first)
        here = self.sentence(span.first)
        opening = self._clause_starts[clause] + THING_OPENS
        for thing in self._cues_here("things", here):
            if thing.first > opening or self._clause(thing.first) != clause:
                continue
            if not 0 <= span.first - thing.last <= THING_REACH:
                continue
            if not any(thing.last <= c.first < span.last for c in self._cues_here("somebody", here)):
                return thing
        for animal in self._cues.get("animals", ()):
            # "His" and "him" may be the animal's own: "the dog tilts his head".
            if animal.first > opening or self._clause(animal.first) != clause:
                continue
            if 0 <= span.first - animal.last <= THING_REACH:
                own = {c.first for c in self._cues.get("somebody", ()) if self._keys[c.first] not in _OF_AN_ANIMAL}
                if not any(animal.last <= place < span.last for place in own):
                    return animal
        return None

    def _answered_no(self, span: Span) -> str | None:
        """The answer of a person who asks and says no: "did I pass out? no, just sat down"."""
        here = self.sentence(span.first)
        if here + 1 >= len(self._sentence_starts):
            return None
        start = self._sentence_starts[here + 1]
        if not self._message.tokens[start - 1].question:
            return None
        end = next((n for n in range(start, len(self._keys)) if self._keys[n] in (BOUNDARY, COMMA)), len(self._keys))
        answer = self._keys[start:end]
        if answer and len(answer) <= ANSWER_WORDS and _PLAIN_NO.intersection(answer):
            return self._message.words(start, end)
        return None

    def _denied(self, span: Span) -> tuple[str | None, str | None]:
        """(why it is denied, why it may be denied)."""
        answer = self._answered_no(span)
        if answer:
            return answer, None
        here = self.sentence(span.first)
        doubt = None
        for negator in self._cues_here("negators", here):
            if self._no_denial(negator):
                continue
            if negator.last > span.first:
                continue
            between = self._keys[negator.last : span.first]
            if between[:1] == [COMMA] and self._opens_list(negator):
                return self._said(negator), None
            if len(between) > DENIAL_REACH or self._scope_ends(negator.last, span.first):
                continue
            listed = self._is_list(negator, span, between)
            if COMMA in between and not listed:
                if between == [*between[:-1], COMMA] and len(between) <= 4 and self._ends_clause(span.last):
                    doubt = self._said(negator)
                continue
            if "and" in between and not listed:
                if between[-1] == "and" and len(between) <= 4 and span.last - span.first <= 2:
                    doubt = self._said(negator)
                continue
            nearer = self._nearer_sign(negator, span)
            if nearer is not None and not listed:
                if not _STATEMENT_STARTERS.intersection(self._keys[nearer : span.first]):
                    doubt = self._said(negator)
                continue
            near = len([key for key in between if key not in ("a", "an", "any", "the", "my", "his", "her")])
            if listed or near <= SURE_DENIAL_REACH or not self._structure.available:
                return self._said(negator), None
            if self._structure.governs((negator.first, negator.last), (span.first, span.last)):
                return self._said(negator), None
        for after in self._cues_here("negators_after", here):
            gap = self._keys[span.last : after.first]
            if 0 <= after.first - span.last <= 1 and gap in ([], [COMMA]) and self._ends_clause(after.last):
                return self._said(after), None
        return None, doubt

    def _no_denial(self, negator: Span) -> bool:
        """Whether `negator` only looks like a denial; of two readings the longer one counts ("at no point")."""
        cue = self._overlapping("not_a_denial", negator)
        if cue is None:
            return False
        longer = negator.last - negator.first > cue.last - cue.first
        return not (longer and negator.first <= cue.first and cue.last <= negator.last)

    def _opens_list(self, negator: Span) -> bool:
        """Whether a colon follows: "I have had none of these: chest pain, a fit"."""
        return self._message.text[self._message.tokens[negator.last].start] == ":"

    def _nearer_sign(self, negator: Span, span: Span) -> int | None:
        """Where another sign ends that stands between the denial and `span`; the denial is about that one.

        "no chest pain his speech is odd" denies the pain only.
        """
        signs = self._signs_by_sentence.get(self.sentence(span.first), ())
        ends = [last for first, last in signs if negator.last <= first and last <= span.first]
        return max(ends, default=None)

    def _scope_ends(self, first: int, last: int) -> bool:
        """Whether a denial before `first` ends before `last`; "no sudden pain" is one denial, "no, suddenly" is not."""
        while first < last and self._keys[first] in _AFTER_DENIAL:
            first += 1
        if first < last and self._message.words(first, first + 1).lower() == "sudden":
            first += 1
        here = self.sentence(first) if first < last else -1
        return any(first <= c.first and c.last <= last for c in self._cues_here("scope_ends", here))

    def _ends_clause(self, position: int) -> bool:
        return position >= len(self._keys) or self._keys[position] in (BOUNDARY, COMMA, "and", "or", "but")

    def _is_list(self, negator: Span, span: Span, between: list[str]) -> bool:
        """'no fever, rash or cough': a list that ends in 'or' stays denied as a whole."""
        end = span.last
        while end < len(self._keys) and self._keys[end] not in (BOUNDARY, "but", "and"):
            end += 1
        joined = _LIST_JOINERS.intersection(self._keys[negator.last : end])
        if not joined:
            return False
        items: list[list[str]] = [[]]
        for key in between:
            if key == COMMA or key in _LIST_JOINERS:
                items.append([])
            else:
                items[-1].append(key)
        return all(len(item) <= 4 for item in items)

    def _is_change(self, cue: Span) -> bool:
        """Whether a word of change tells of one; "nothing new" does not."""
        return not self._within("usual", cue) and not self._within("usual_whole_message", cue)

    def _changes(self, span: Span) -> bool:
        here = self.sentence(span.first)
        return any(self.sentence(c.first) == here and self._is_change(c) for c in self._cues.get("change", ()))

    def _within(self, name: str, cue: Span) -> bool:
        return any(c.first <= cue.first and cue.last <= c.last for c in self._cues.get(name, ()))

    def _usual(self, span: Span) -> str | None:
        if self._changes(span):
            return None
        if span.concept in self._usual_signs:
            return "this person's normal"
        here = self.sentence(span.first)
        for cue in self._cues_here("usual", here):
            if not self._overlapping("usual_self", cue):
                return self._said(cue)
        if not any(self._is_change(cue) for cue in self._cues.get("change", ())):
            for cue in self._cues.get("usual_whole_message", ()):
                if not self._overlapping("usual_self", cue):
                    return self._said(cue)
        return None

    def _goes_on(self, cue: Span) -> bool:
        """Whether the clause tells of something that goes on: "has been shaking for two hours"."""
        clause = self._clause(cue.first)
        start = self._clause_starts[clause]
        end = self._clause_starts[clause + 1] if clause + 1 < len(self._clause_starts) else len(self._keys)
        return bool(_GOING_ON.intersection(self._keys[start:end]))

    def _told_as_past(self, cue: Span) -> bool:
        """Whether what was sudden is dated later in the same clause: "began to shake out of the blue in 1995"."""
        here = self._clause(cue.first)
        dated = any(c.first >= cue.last and self._clause(c.first) == here for c in self._cues.get("past", ()))
        return dated and not self._goes_on(cue)

    def _past(self, span: Span) -> tuple[str | None, str | None]:
        """(why it is past, why it may be past)."""
        here, clause = self.sentence(span.first), self._clause(span.first)
        over = [c for name in ("past", "that_was_past") for c in self._cues_here(name, here)]
        now = [
            # The "now" of "seven years ago now" and of "he is a teacher now" tells of no present sign.
            c
            for name in ("present", "change")
            for c in self._cues_here(name, here)
            if self._is_change(c)
            and not any(past.first <= c.first <= past.last for past in over)
            and not (_SUDDEN.intersection(self._keys[c.first : c.last]) and self._told_as_past(c))
        ]
        now += [c for c in self._cues.get("lasting", ()) if self._goes_on(c)]
        present_here = any(self._clause(c.first) == clause for c in now)
        present_sentence = bool(now)
        maybe = None
        for cue in self._cues_here("past", here):
            if self._clause(cue.first) == clause or self._clause(cue.last - 1) == clause:
                if not present_here:
                    return self._said(cue), None
            elif not present_sentence:
                words = self._keys[self._clause_starts[clause] : span.last]
                if cue.first > span.last and self._told_by_itself(cue):
                    maybe = self._said(cue)
                elif cue.first > span.last or not _PRESENT_TENSE.intersection(words):
                    return self._said(cue), None
        for cue in self._cues.get("that_was_past", ()):
            if cue.first >= span.last and not present_sentence:
                return self._said(cue), None
        return None, maybe

    def _told_by_itself(self, cue: Span) -> bool:
        """Whether a past cue belongs to a statement with a subject and a sign of its own.

        "I bumped my head and I had brain surgery in the past": the past may be that of the surgery only.
        """
        start = self._clause_starts[self._clause(cue.first)]
        subject = start + 1 < len(self._keys) and self._keys[start] == "and" and self._keys[start + 1] in _SPEAKERS
        return subject and any(
            start <= first and last <= cue.first
            for first, last in self._signs_by_sentence.get(self.sentence(start), ())
        )
