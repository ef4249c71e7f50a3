"""A result in words: why it came out so, what brought a step, what to ask at a visit.

Every sentence is built from the person's own answers and from wording in `knowledge/triage.yml`. Nothing here names a
cause or a disease that the person did not name.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from bot.triage.decide import HELPED, Reason, Result, ShownPattern
from bot.triage.question_models import Option
from bot.triage.rows import has_value_in
from bot.triage.table_models import TriageTable
from bot.triage.values import Line

SAID = "You said {}."
NOT_KNOWN = "We do not know yet {}."

_THEIRS = {
    "yourself": "themselves",
    "yours": "theirs",
    "your": "their",
    "you": "they",
    "myself": "themselves",
    "mine": "theirs",
    "my": "their",
    "i": "they",
}


def about_them(text: str) -> str:
    """Turn "you" and "your" (or "I" and "my") into "they" and "their", for a helper. Verbs fit as they are."""

    def swap(match: re.Match[str]) -> str:
        word = match.group(0)
        other = _THEIRS[word.lower()]
        starts = word[0].isupper() and (word != "I" or match.start() == 0)  # "I" is a capital in the middle, too
        return other.capitalize() if starts else other

    swapped = re.sub(r"\b(yourself|yours|your|you|myself|mine|my|I)\b", swap, text, flags=re.IGNORECASE)
    return swapped.replace("they am ", "they are ").replace("they was ", "they were ")


def said(option: Option, *, helped: bool = False) -> str:
    """One answer as a clause: "your knee locks back and it hurts", or "their knee ..." about someone helped."""
    if not helped:
        return option.said
    return option.said_helper or about_them(option.said)


def _sentence(option: Option, *, helped: bool) -> str:
    return (NOT_KNOWN if option.unknown else SAID).format(said(option, helped=helped))


def reason_sentences(table: TriageTable) -> Iterator[str]:
    """Every sentence that a reason can be said in, in both forms."""
    for question in table.questions:
        for option in question.options:
            for helped in (False, True):
                yield _sentence(option, helped=helped)
    for fact in table.kept_facts:
        yield from (SAID.format(option.said) for option in fact.options)


def reason_in_words(table: TriageTable, reason: Reason, *, helped: bool = False) -> tuple[str, ...]:
    """One sentence for each option of a reason: "You said your knee locks back and it hurts."."""
    question = table.by_id.get(reason.question)
    if question is None:
        fact = table.fact_by_id[reason.question]
        return tuple(SAID.format(fact.by_id[option].said) for option in reason.options)
    sentences = (_sentence(question.by_id[option], helped=helped) for option in reason.options)
    return tuple(dict.fromkeys(sentences))


def why(table: TriageTable, result: Result, *, hidden: Collection[str] = ()) -> tuple[str, ...]:
    """Why the level came out as it did: one sentence for each answer that counted, known answers before unknown ones.

    Options in `hidden` are left out. Empty otherwise only at self-care, where nothing needs to be explained.
    """
    helped = result.about in HELPED
    sentences: list[str] = []
    for reason in result.reasons:
        told = [(name, text) for name, text in zip(reason.options, reason.texts, strict=True) if name not in hidden]
        open_part = Reason(reason.question, tuple(name for name, _ in told), tuple(text for _, text in told))
        sentences += reason_in_words(table, open_part, helped=helped)
    unsure = NOT_KNOWN.split("{")[0]
    return tuple(dict.fromkeys(sorted(sentences, key=lambda text: text.startswith(unsure))))


def gate_reasons(table: TriageTable, result: Result, first: Collection[str] = ()) -> tuple[str, ...]:
    """What the person told that closes the jumping gate, a sentence each; questions in `first` come first.

    What was not asked is not told of.
    """
    items = table.jumping_gate.all_of
    told = [
        Reason(name, tuple(sorted(result.values[name] - set(items[name]))), ())
        for name in sorted(items, key=lambda name: name not in first)
        if name in table.by_id
        and result.lines[name] in (Line.ANSWERED, Line.UNKNOWN)
        and not result.values[name] <= set(items[name])
    ]
    return _in_words(table, told, helped=result.about in HELPED)


def step_reasons(table: TriageTable, result: Result, step: str) -> tuple[str, ...]:
    """What the person told that brought a step: the answers in the conditions of the matching rows that name it."""
    told: list[Reason] = []
    for _, row in table.rows:
        if row.id in result.rows and step in row.steps:
            for name, options in (*row.if_.items(), *row.if_any.items()):
                if has_value_in(result.values, name, options):
                    told.append(Reason(name, tuple(sorted(result.values[name] & set(options))), ()))
    return _in_words(table, told, helped=result.about in HELPED)


def _in_words(table: TriageTable, reasons: Iterable[Reason], *, helped: bool) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for reason in reasons for text in reason_in_words(table, reason, helped=helped)))


def visit_questions(table: TriageTable, result: Result) -> tuple[str, ...]:
    """What to ask at the visit: the question that each shown step suggests, in the order of the steps."""
    questions = [table.next_steps[slug].visit_question for slug in result.steps]
    told = [text for text in questions if text is not None]
    return tuple(about_them(text) if result.about in HELPED else text for text in told)


def pattern_in_words(pattern: ShownPattern, result: Result) -> str:
    """What lies behind a walking pattern, to the person or about them."""
    return about_them(pattern.plain) if result.about in HELPED else pattern.plain


def main_pattern(table: TriageTable, result: Result) -> ShownPattern | None:
    """The walking pattern that the reasons speak of, else the first one that is shown."""
    reasons = {reason.question for reason in result.reasons}
    of_reasons = {pattern.slug for pattern in table.patterns if reasons & set(pattern.shown_by)}
    return min(result.patterns, key=lambda pattern: pattern.slug not in of_reasons, default=None)


def safety_net(table: TriageTable, result: Result) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The signs that ask for a call sooner, the most urgent level first: the level and its signs in short."""
    shown = [item for item in table.call_if if item.text in result.call_if]
    for level in sorted({item.level for item in shown}, key=lambda name: -table.levels[name].rank):
        yield level, tuple(item.short for item in shown if item.level == level)


def steps_with_advice(
    result: Result, advice: Mapping[str, Collection[str]], leave_out: Collection[str] = ()
) -> tuple[str, ...]:
    """Each step, but those in `leave_out`, with what the article "Clonus Explained" adds to it for the first pattern
    shown, said once.

    `advice` names, by step, the parts of a pattern's `from_the_article` that belong to it.
    """
    article = result.patterns[0].from_the_article if result.patterns else {}
    used: set[str] = set()
    lines = []
    for step in result.shown_steps:
        if step.slug in leave_out:
            continue
        own = [part for part in advice.get(step.slug, ()) if part in article and part not in used]
        used.update(own)
        lines.append(" ".join([step.text, *(article[part] for part in own)]))
    return tuple(lines)
