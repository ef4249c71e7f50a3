"""The first view: rules written by clinicians, read from the danger content."""

from __future__ import annotations

from collections.abc import Iterable

from bot.safety.clauses import CUE
from bot.safety.foreign import has_latin_letters, has_other_letters, is_past, loosely, pattern
from bot.safety.parts import Part
from bot.safety.phrases import PhraseBook, Span
from bot.safety.scope import SAYS, Judgement, Surroundings
from bot.safety.syntax import dictionary
from bot.safety.text import BOUNDARY, COMMA, Message, Normaliser, Speller, fold, stem
from bot.safety.told import Circumstance, circumstances_in
from bot.safety.verdict import Finding
from knowledge.red_flag_models import Concept, ConceptKind, RedFlagLibrary, Rule

_FOREIGN = "language:"
_DENYING = frozenset({"no", "not", "without", "never"})
_OPEN_LIST = frozenset({"or", "nor"})
_NEUTRAL_CUES = frozenset(
    CUE + name for name in ("somebody", "things", "present", "change", "scope_ends", "own_body", "small_words")
)
"""Cues that neither silence anything nor make a question of a message."""
AGAINST_REACH = 1
"""Sentences away from a sign that what speaks against a rule may stand."""
_DENYING_CUES = frozenset(CUE + name for name in ("negators", "negators_after"))
STROKE = "new-stroke"
"""The category of which another language names an old event as well ("despues del ictus"): no other is silenced so."""

WORDS_BEFORE_DENIAL, WORDS_AFTER_DENIED = 4, 2
"""Words at most around a denial that says nothing else: "I do not have .. at the moment"."""


class RulesView:
    """Finds concepts in a message, judges each in its surroundings, and lets the rules combine them."""

    def __init__(self, library: RedFlagLibrary, *, mend_spelling: bool = True) -> None:
        """Read all phrases. Raises PhraseError for a phrase that cannot be read.

        Mending the spelling of messages takes a dictionary, which takes as long to load as all phrases; whoever only
        checks the phrases does without.
        """
        self._library = library
        self._concepts = self._flattened(library.concepts)
        words = library.words
        self._normaliser = Normaliser(words.short_forms, words.misspellings, words.forms, words.leave_alone)
        self._book = PhraseBook(self._normaliser, words.groups)
        for name, phrases in self._concepts.items():
            self._book.add(name, phrases)
        for name, phrases in library.cues:
            self._book.add(CUE + name, phrases)
        self._raw: list[tuple[str, str, str]] = []
        for slug, flag in library.categories.items():
            for rule in flag.rules:
                self._book.add(f"{SAYS}{slug}/{rule.id}", rule.says)
        for language, foreign in library.languages.items():
            for slug, phrases in foreign.phrases.items():
                for phrase in phrases:
                    if has_latin_letters(phrase):
                        self._book.add(f"{_FOREIGN}{language}/{slug}", [loosely(phrase)])
                    else:
                        self._raw.append((language, slug, phrase))
        self._categories_of: dict[str, frozenset[str]] = {
            name: frozenset(
                slug
                for slug, flag in library.categories.items()
                if any(name in (*rule.all, *rule.any) for rule in flag.rules)
            )
            for name in self._concepts
        }
        against = {name for flag in library.categories.values() for rule in flag.rules for name in rule.none}
        self._telling_nothing = _NEUTRAL_CUES | {
            name
            for name, concept in library.concepts.items()
            if concept.kind is ConceptKind.MARK and name not in against
        }
        self.remembered_hours: dict[str, float] = {
            name: concept.remembered_hours for name, concept in library.concepts.items() if concept.remembered_hours
        }
        """How long what was told holds for later messages, by concept."""
        self._of_another = frozenset(name for name, concept in library.concepts.items() if concept.of_another)
        self._last_read: tuple[str, Message, dict[str, list[Span]]] | None = None
        vocabulary = self._book.vocabulary()
        self._book.read()
        if mend_spelling:
            self._normaliser.speller = Speller(
                vocabulary | {fold(word) for word in words.short_forms},
                dictionary() | {stem(fold(word)) for word in words.leave_alone},
            )

    def compile_all(self) -> None:
        """Compile what is otherwise compiled when a message first needs it. Raises PhraseError."""
        self._book.compile_all()

    @staticmethod
    def _flattened(concepts: dict[str, Concept]) -> dict[str, list[str]]:
        """Each concept's own phrases and those of the concepts it includes."""

        def gather(name: str, above: tuple[str, ...]) -> list[str]:
            if name in above:
                raise ValueError(f"concepts include each other: {' > '.join((*above, name))}")
            concept = concepts[name]
            return [*concept.phrases, *(p for other in concept.includes for p in gather(other, (*above, name)))]

        return {name: gather(name, ()) for name in concepts}

    def _read(self, text: str) -> tuple[Message, dict[str, list[Span]]]:
        """The message in plain form and everything found in it; the last one is remembered."""
        last = self._last_read
        if last is None or last[0] != text:
            message = self._normaliser.message(text)
            last = (text, message, self._book.find(message))
            self._last_read = last
        return last[1], last[2]

    def parts(self, text: str) -> list[Part]:
        """The sentences of a message, with what is known of each; a denial that opens a sentence is a part."""
        message, spans = self._read(text)
        around = Surroundings(message, spans)
        here: list[list[Span]] = [[] for _ in message.tokens]
        for found in spans.values():
            for span in found:
                here[span.first].append(span)
        return [
            self._part(message, [span for at in here[first:last] for span in at], first, last, around)
            for first, last in self._part_ends([token.key for token in message.tokens])
        ]

    @staticmethod
    def _part_ends(keys: list[str]) -> list[tuple[int, int]]:
        """Token ranges of the parts, in order."""
        ends: list[tuple[int, int]] = []
        first = 0
        for end in [*(number for number, key in enumerate(keys) if key == BOUNDARY), len(keys)]:
            comma = keys.index(COMMA, first, end) if COMMA in keys[first:end] else end
            opens = first < end and keys[first] in _DENYING and not _OPEN_LIST.intersection(keys[first:end])
            if opens and comma + 1 < end:
                ends.append((first, comma))
                first = comma + 1
            if first < end:
                ends.append((first, end))
            first = end + 1
        return ends

    def _part(self, message: Message, found: list[Span], first: int, last: int, around: Surroundings) -> Part:
        """What is known of one part; with its sentence end, which tells a question."""
        end = last + 1 if last < len(message.tokens) and message.tokens[last].key == BOUNDARY else last
        words = message.words(first, end)
        telling = [
            span
            for span in found
            if span.concept not in self._telling_nothing
            # "do" in the middle of a part opens no question
            and not (span.concept == CUE + "question_openers" and span.first > first)
        ]
        if not telling:
            return Part(words, silent=True)
        signs = [span for span in telling if not span.concept.startswith(CUE)]
        only_denies = any(span.concept == CUE + "negators" for span in telling) and all(
            span.concept in _DENYING_CUES for span in telling if span.concept.startswith(CUE)
        )
        if not only_denies or any(not around.judge(span, ConceptKind.MARK).silenced for span in signs):
            return Part(words)
        categories = (
            self._categories_of.get(span.concept) or {span.concept.split(":")[-1].split("/")[0]} for span in signs
        )
        return Part(
            words,
            denies=True,
            closed=self._closed(found, signs, first, last),
            categories=frozenset(slug for slugs in categories for slug in slugs),
        )

    @staticmethod
    def _closed(found: list[Span], signs: list[Span], first: int, last: int) -> bool:
        """Whether a denial ends with the signs it denies, so that no unknown words can tell of something else."""
        opening = min(span.first for span in found if span.concept == CUE + "negators")
        known = {(span.first, span.last) for span in found if not span.concept.startswith(CUE)}
        ended = any(
            span.concept == CUE + "scope_ends" and span.first > opening and (span.first, span.last) not in known
            for span in found
        )
        return (
            bool(signs)
            and not ended
            and opening - first <= WORDS_BEFORE_DENIAL
            and last - max(span.last for span in signs) <= WORDS_AFTER_DENIED
        )

    def circumstances(self, text: str) -> tuple[list[Circumstance], frozenset[str]]:
        """The sentences that tell of something worth remembering, and the concepts of that kind that are denied."""
        message, spans = self._read(text)
        found = {name: spans[name] for name in self.remembered_hours.keys() & spans.keys()}
        return circumstances_in(message, found, Surroundings(message, spans), self._kind)

    def makes_nothing_of(self, text: str) -> frozenset[str]:
        """The concepts that make nothing of a message: those of somebody else, when it is about one's own body."""
        return self._of_another if CUE + "own_body" in self._read(text)[1] else frozenset()

    def look(self, text: str) -> list[Finding]:
        """One finding a rule that fires, plus those of other languages."""
        message, spans = self._read(text)
        around = Surroundings(message, spans)
        findings = self._foreign(text, message, spans, around)
        names = {name for name in spans if not name.startswith((CUE, _FOREIGN))}
        if not names:
            return findings
        judged: dict[tuple[Span, ConceptKind, bool], Judgement] = {}
        for slug, flag in self._library.categories.items():
            for rule in flag.rules:
                finding = self._try(slug, rule, message, spans, around, judged)
                if finding:
                    findings.append(finding)
        return findings

    def _foreign(
        self, text: str, message: Message, spans: dict[str, list[Span]], around: Surroundings
    ) -> list[Finding]:
        """Findings of other languages: phrases in Latin letters by words, others by their signs."""
        found: list[tuple[str, str, tuple[str, ...], bool]] = []
        others = self._library.languages.values()
        for name, places in spans.items():
            if name.startswith(_FOREIGN):
                language, slug = name[len(_FOREIGN) :].split("/")
                live = [
                    span
                    for span in places
                    if not around.judge(span, ConceptKind.SIGN).silenced
                    and not (slug == STROKE and is_past(others, *message.around(span.first, span.last)))
                ]
                if live:
                    words = tuple(message.words(span.first, span.last) for span in live)
                    # "Convulsions" is English too, and may be told of a laughing crowd.
                    found.append(
                        (language, slug, words, not all(fold(word).rstrip("s") in dictionary() for word in words))
                    )
        found += [
            (language, slug, (match.group(),), True)
            for language, slug, phrase in (self._raw if has_other_letters(text) else ())
            if (match := pattern(phrase).search(text))
            and not (slug == STROKE and is_past(others, text[: match.start()], text[match.end() :]))
        ]
        return [
            Finding(
                category=slug,
                level=self._library.categories[slug].level.value,
                sure=sure,
                matched=words,
                rule=f"language-{language}",
                language=language,
            )
            for language, slug, words, sure in found
        ]

    def silenced(self, text: str) -> tuple[str, ...]:
        """What spoke against the signs that were found, for a message that raised nothing."""
        message, spans = self._read(text)
        around = Surroundings(message, spans)
        reasons = []
        for name, found in spans.items():
            if name.startswith((CUE, _FOREIGN)):
                continue
            kind = self._kind(name)
            if kind in (ConceptKind.SIGN, ConceptKind.STANDING):
                reasons += [reason for span in found if (reason := around.judge(span, kind).silenced)]
        return tuple(dict.fromkeys(reasons))

    def respelled(self, text: str) -> str:
        """`text` with short forms opened and slips of the keyboard mended, where a word is in no dictionary."""
        return self._normaliser.respelled(text)

    def _kind(self, name: str) -> ConceptKind:
        if not name.startswith(SAYS):
            return self._library.concepts[name].kind
        slug, rule_id = name[len(SAYS) :].split("/")
        rule = next(rule for rule in self._library.categories[slug].rules if rule.id == rule_id)
        return ConceptKind.STANDING if rule.standing else ConceptKind.SIGN

    def _try(
        self,
        slug: str,
        rule: Rule,
        message: Message,
        spans: dict[str, list[Span]],
        around: Surroundings,
        judged: dict[tuple[Span, ConceptKind, bool], Judgement],
    ) -> Finding | None:
        """The finding of one rule, or None when it does not fire."""
        says = f"{SAYS}{slug}/{rule.id}"
        needed = [*([says] if rule.says else []), *rule.all]
        if any(name not in spans for name in needed):
            return None
        if rule.any and sum(name in spans for name in rule.any) < rule.at_least:
            return None

        def verdict(span: Span, kind: ConceptKind) -> Judgement:
            place = (span, kind, rule.past_counts)
            if place not in judged:
                judged[place] = around.judge(span, kind, rule.past_counts)
            return judged[place]

        def live(name: str, within: int | None) -> list[tuple[Span, Judgement]]:
            kind = self._kind_of(name)
            if rule.standing and kind is ConceptKind.SIGN:
                kind = ConceptKind.STANDING
            found = [
                (span, decision)
                for span in spans.get(name, ())
                if (within is None or around.sentence(span.first) == within)
                and not (decision := verdict(span, kind)).silenced
            ]
            return sorted(found, key=lambda item: (item[1].doubt is not None, item[0].first - item[0].last))

        against = tuple(
            dict.fromkeys(
                decision.silenced
                for name in (*needed, *rule.any)
                for span in spans.get(name, ())
                if (decision := verdict(span, self._kind_of(name))).silenced
            )
        )
        speaking_against = [
            around.sentence(span.first)
            for name in rule.none
            for span, _ in live(name, None)
            if not around.follows_denial(span)
        ]
        places: list[int | None] = [None]
        if rule.same_sentence:
            found_in = {around.sentence(span.first) for name in (*needed, *rule.any) for span in spans.get(name, ())}
            places = [*sorted(found_in)]
        for within in places:
            chosen: list[tuple[Span, Judgement]] = []
            if not all(self._choose(live(name, within), chosen) for name in needed):
                continue
            apart = rule.at_least > 1
            count = sum(self._choose(live(name, within), chosen, apart) for name in rule.any)
            if rule.any and count < rule.at_least:
                continue
            if not chosen:
                continue
            told_in = {around.sentence(span.first) for span, _ in chosen}
            if any(abs(here - there) <= AGAINST_REACH for here in told_in for there in speaking_against):
                continue
            if rule.whole_message and not self._says_no_more(message, spans, [span for span, _ in chosen]):
                continue
            doubts = tuple(dict.fromkeys(decision.doubt for _, decision in chosen if decision.doubt))
            told = [(span, message.words(span.first, span.last)) for span, _ in chosen]
            told.sort(key=lambda one: one[0].first)
            return Finding(
                category=slug,
                level=rule.level.value,
                sure=rule.sure and not doubts,
                matched=tuple(dict.fromkeys(words for _, words in told)),
                rule=rule.id,
                against=(*doubts, *against),
                weight=float(sum(span.last - span.first for span, _ in chosen)),
                signs=tuple(dict.fromkeys(words for span, words in told if not self._is_mark(span))),
            )
        return None

    @staticmethod
    def _says_no_more(message: Message, spans: dict[str, list[Span]], chosen: Iterable[Span]) -> bool:
        """Whether a message holds what was chosen and small words, but nothing else."""
        told = [*chosen, *spans.get(CUE + "small_words", ())]
        covered = {place for span in told for place in range(span.first, span.last)}
        return all(place in covered or token.key in (BOUNDARY, COMMA) for place, token in enumerate(message.tokens))

    def _is_mark(self, span: Span) -> bool:
        return self._kind_of(span.concept) is ConceptKind.MARK

    def _kind_of(self, name: str) -> ConceptKind:
        concept = self._library.concepts.get(name)
        return concept.kind if concept else ConceptKind.SIGN

    @staticmethod
    def _choose(live: list[tuple[Span, Judgement]], chosen: list[tuple[Span, Judgement]], apart: bool = False) -> bool:
        """Add the best living span to `chosen`; with `apart`, only one that shares no word with those chosen before."""
        if apart:
            live = [
                item
                for item in live
                if not any(item[0].first < other.last and other.first < item[0].last for other, _ in chosen)
            ]
        if live:
            chosen.append(live[0])
        return bool(live)
