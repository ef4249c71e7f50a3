"""Decide how a message about topics is answered: one answer, a question back, or an honest "I do not know"."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.replies.answers import (
    CHECK_TOPICS,
    after_saying,
    detail_answer,
    full_answer,
    nothing_more,
    part_answer,
    short_answer,
    tells,
    which_topic,
)
from bot.replies.content import Content
from bot.replies.fixed import fixed_reply
from bot.replies.quoting import shortened
from bot.replies.reply import Button, Kind, Reply
from bot.understanding.offers import NEXT_MATTER, TELL_MORE
from knowledge.library import TopicEntry

REPORT = "report_problem"
START_CHECK = "start_check"
NOT_PLACED = "not_placed"
WHY = "why"
PROOF = "evidence"
"""Kinds of detail (knowledge/understanding.yml) that have a way of their own of being told."""

NONE_OF_THESE = "None of these"

Matter = Mapping[str, Any]
"""One thing a message asked for, as it waits its turn: {"reading": ...} for topics, {"intent": ...} for the rest."""


@dataclass(frozen=True)
class Outcome:
    """What to say, the topic that "more" then speaks of (None: unchanged), and what waits its turn."""

    replies: tuple[Reply, ...]
    topic: str | None = None
    waiting: tuple[Matter, ...] = ()


def answer_topics(
    content: Content, reading: Mapping[str, Any], region: str | None, told: Collection[str] = ()
) -> Outcome:
    """Answer a reading of a message (bot/understanding/component.py).

    The best topic when it is likely enough, otherwise the few likely ones as choices. `told` are the ways in which the
    last topic was just told.
    """
    topics = content.topics
    ranked: Sequence[Mapping[str, Any]] = [topic for topic in reading.get("topics", ()) if topic["slug"] in topics]
    limits = content.thresholds
    not_so = set(reading.get("denied") or ())
    if any(topic["slug"] not in not_so and topic["score"] >= limits.offer_at for topic in ranked):
        ranked = [topic for topic in ranked if topic["slug"] not in not_so]
    if not reading.get("in_scope") or not ranked:
        return Outcome((not_placed(content, reading, region),))
    likely = [topic["slug"] for topic in ranked if topic["score"] >= limits.offer_at][: limits.most_offers]
    best = ranked[0]["score"]
    if best >= limits.answer_at or (len(likely) < 2 and best >= limits.alone_at):
        return answer_asked(content, ranked[0]["slug"], reading, told, region)
    likely = likely or [ranked[0]["slug"]]
    question = content.fixed["which-one" if len(likely) > 1 else "this-one"].text
    return Outcome((which_topic(question, likely, content.titles, NONE_OF_THESE),))


def not_placed(content: Content, reading: Mapping[str, Any], region: str | None) -> Reply:
    """What is said to a message that is not clearly about a topic: the topics it may be about can be picked, none is
    told."""
    limits = content.thresholds
    ranked = [topic["slug"] for topic in reading.get("topics", ()) if topic["score"] >= limits.suggest_at]
    titles = [content.titles[slug] for slug in ranked if slug in content.titles][: limits.most_offers - 1]
    reply = fixed_reply(content, "not-placed", region)
    return replace(reply, buttons=(*map(Button, titles), *reply.buttons))


def answer_asked(
    content: Content,
    slug: str,
    reading: Mapping[str, Any],
    told: Collection[str] = (),
    region: str | None = None,
) -> Outcome:
    """Answer on one topic what was asked of it: the detail, the part, or the topic. What the message says is not so is
    asked about first. What only the person's own clinician can say ("will I dance after the operation?") is said to be
    so before what is known in general; what is not sure to be the right topic begins with what it is taken for."""
    if slug in (reading.get("denied") or ()):
        return Outcome((which_topic(content.fixed["said-not"].text, [slug], content.titles, NONE_OF_THESE),))
    reply = _detail(content, content.topics[slug], reading, told)
    outcome = (
        Outcome((reply,), slug)
        if reply is not None
        else answer_topic(content, slug, offer_check=reading.get("intent") == REPORT)
    )
    first = before_answer(content, slug, reading)
    personal = reading.get("personal")
    if personal and all(reply.kind is not Kind.ANSWER for reply in outcome.replies):
        return Outcome((fixed_reply(content, personal, region),))  # nothing is told that it could stand before
    return (
        replace(outcome, replies=tuple(after_saying(first, reply) for reply in outcome.replies)) if first else outcome
    )


def before_answer(content: Content, slug: str, reading: Mapping[str, Any]) -> str | None:
    """What is said before an answer that may not be what was asked for: that only a clinician can say that, or what the
    message is taken to ask. Nothing where it surely is."""
    if reading.get("personal"):
        return content.fixed[f"{reading['personal']}-first"].text
    score = next((topic["score"] for topic in reading["topics"] if topic["slug"] == slug), 1.0)
    limits = content.thresholds
    if reading.get("follow_up") or score >= limits.sure_at or slug in limits.told_plainly:
        return None
    return content.fixed["taken-for"].text.replace("{topic}", content.titles[slug])


def proof_asked_for(content: Content, topic: TopicEntry, reading: Mapping[str, Any]) -> str | None:
    """The sentence of a topic on the proof for it, when a message asks for proof and the topic speaks of it."""
    found = (reading.get("details") or {}).get(topic.slug)
    if not found or PROOF not in found["kinds"] or found["fit"] < content.thresholds.details.say_at:
        return None
    return next((sentence for sentence in found["sentences"] if tells(topic, sentence)), None)


def answer_topic(content: Content, slug: str, *, offer_check: bool = False) -> Outcome:
    """The first answer on one topic. The check-in is offered when a problem was told that it can look into."""
    topic = content.topics[slug]
    offered = offer_check or slug in CHECK_TOPICS
    return Outcome((short_answer(topic, content.titles, offer_check=offered),), slug)


def answer_matters(
    content: Content, reading: Mapping[str, Any], region: str | None, told: Collection[str] = ()
) -> Outcome:
    """Answer a message: the first thing it asks for now, and what else it asks for next, with the check-in last. Parts
    of it that were not understood are named."""
    heard = reading.get("matters") or ()
    unclear = [matter["text"] for matter in heard if matter["intent"] == NOT_PLACED and not matter["in_scope"]]
    matters = [
        {"reading": dict(matter)} if matter["in_scope"] else {"intent": matter["intent"]}
        for matter in heard
        if matter["in_scope"] or matter["intent"] != NOT_PLACED
    ]
    if not matters:
        return answer_topics(content, reading, region, told)
    matters.sort(key=lambda matter: matter.get("intent") == START_CHECK)
    outcome = answer_next(content, matters, region, told)
    if not unclear:
        return outcome
    answers, offer = (outcome.replies[:-1], outcome.replies[-1:]) if outcome.waiting else (outcome.replies, ())
    return replace(outcome, replies=(*answers, _not_understood(content, unclear, region), *offer))


def _not_understood(content: Content, parts: Sequence[str], region: str | None) -> Reply:
    """That some parts of a message were not understood, with the person's words."""
    reply = fixed_reply(content, "part-not-placed", region)
    quoted = "\n".join(f'"{shortened(part)}"' for part in parts)
    return replace(reply, text=f"{quoted}\n{reply.text}")


def answer_next(content: Content, matters: Sequence[Matter], region: str | None, told: Collection[str] = ()) -> Outcome:
    """Answer the first of some matters, and offer to go on to the next.

    Raises ValueError when it is the check-in: beginning that is not a reply.
    """
    first, waiting = matters[0], tuple(matters[1:])
    intent = str(first.get("intent"))
    if "reading" in first:
        outcome = answer_topics(content, first["reading"], region, told)
    elif intent == START_CHECK:
        raise ValueError("the check-in is begun, not said")
    else:
        outcome = Outcome((fixed_reply(content, intent, region),))
    return with_waiting(content, outcome, waiting)


def answer_matters_at_once(content: Content, reading: Mapping[str, Any], region: str | None) -> tuple[Reply, ...]:
    """Answer everything a message asks for, in order: inside a check-in nothing can wait."""
    first = answer_matters(content, reading, region)
    replies = first.replies[:-1] if first.waiting else first.replies
    for matter in first.waiting:
        if matter.get("intent") != START_CHECK:
            replies = (*replies, *answer_next(content, [matter], region).replies)
    return replies


def with_waiting(content: Content, outcome: Outcome, waiting: Sequence[Matter], *, before: bool = False) -> Outcome:
    """The outcome followed by the offer to go on to what waits; what it has answered already waits no longer. `before`:
    it was asked before something else was."""
    left = tuple(matter for matter in waiting if outcome.topic is None or topic_of(content, matter) != outcome.topic)
    return replace(outcome, replies=(*outcome.replies, *go_on_reply(content, left, before=before)), waiting=left)


def go_on_reply(content: Content, waiting: Sequence[Matter], *, before: bool = False) -> tuple[Reply, ...]:
    """The offer to go on to what waits, by name when it is more than one thing; nothing when nothing waits."""
    if not waiting:
        return ()
    names = tuple(name_of(content, matter) for matter in waiting)
    first = "also-asked-before" if before else "also-asked"
    also, one, several = (content.fixed[name] for name in (first, "go-on", "which-next"))
    if len(names) == 1:
        text, titles = f"{also.text}\n- {names[0]}\n\n{one.text}", tuple(one.buttons)
    else:
        text, titles = f"{also.text}\n\n{several.text}", (*names, *several.buttons)
    return (Reply(Kind.CLARIFY, text, tuple(map(Button, titles)), {"offer": NEXT_MATTER}),)


def topic_of(content: Content, matter: Matter) -> str | None:
    """The likeliest topic of a matter; None when it is not about one that the library has."""
    ranked = (matter.get("reading") or {}).get("topics", ())
    return next((topic["slug"] for topic in ranked if topic["slug"] in content.topics), None)


def name_of(content: Content, matter: Matter) -> str:
    """What a person calls a matter by: the title of its topic, or what its reply is about."""
    slug = topic_of(content, matter)
    return content.titles[slug] if slug else content.fixed[f"about-{matter['intent']}"].text


def _detail(content: Content, topic: TopicEntry, reading: Mapping[str, Any], told: Collection[str]) -> Reply | None:
    """The answer to what was asked of a topic; None when the topic as a whole was asked for."""
    found = (reading.get("details") or {}).get(topic.slug)
    if found is None:
        return None
    rules, titles, follows = content.thresholds.details, content.titles, bool(reading.get("follow_up"))
    kinds = [rules.kinds[name] for name in found["kinds"] if name in rules.kinds]
    sentences = [sentence for sentence in found["sentences"] if tells(topic, sentence)]
    rest = content.fixed["the-rest"].text
    part = next((kind.section for kind in kinds if kind.section), None) if follows else None
    if part == "cautions" and reading.get("intent") != REPORT:  # "I'm safe, just sad" asks for none
        careful = content.fixed["safe-for-you"].text
        return (
            part_answer(topic, titles, part, [careful])
            if topic.cautions
            else _with_topic(content, topic, careful, told)
        )
    if part == "steps":
        return part_answer(topic, titles, part, [rest])
    chosen = rules.chosen.get(topic.slug, {})
    if follows and sentences and any(sentences[0] == chosen.get(name) for name in found["kinds"]):
        return detail_answer(topic, titles, sentences[:1], rest)  # "why?" says little that a sentence could fit
    fits = bool(sentences) and found["fit"] >= rules.say_at
    if fits and (follows or any(kind.alone for kind in kinds)):
        return detail_answer(topic, titles, sentences, rest)
    if follows and WHY in found["kinds"]:
        return full_answer(topic, titles)
    if follows:
        asks = bool(kinds) or found["yes_or_no"] or reading.get("intent") != REPORT
        sorry, known = content.fixed["no-detail"].text, content.fixed["what-is-known"].text
        if not asks and told and "answer" not in told:  # "lonely" below the answer on mood asks for no figures
            return fixed_reply(content, "told-more", None, offer=TELL_MORE)
        if asks and sentences and found["fit"] >= rules.nearest_at:
            return detail_answer(topic, titles, [content.fixed["nearest"].text, *sentences], rest)
        if "answer" in told:
            return nothing_more(topic, titles, sorry if asks else content.fixed["no-more"].text)
        if asks and "short" in told:
            return detail_answer(topic, titles, [sorry], rest)
        return _with_topic(content, topic, f"{sorry}\n\n{known}" if asks else known, told)
    if found["yes_or_no"] and sentences and found["fit"] >= rules.alone_at:
        short = short_answer(topic, titles, offer_check=topic.slug in CHECK_TOPICS)
        if sentences[0] not in short.text:
            return after_saying(sentences[0], short)
    return None


def _with_topic(content: Content, topic: TopicEntry, first: str, told: Collection[str]) -> Reply:
    """What is said first, then the topic: in short, or all of it when the short answer was just given."""
    telling = full_answer if "short" in told else short_answer
    return after_saying(first, telling(topic, content.titles))
