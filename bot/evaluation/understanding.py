"""The figures of understanding: right topics, refusals, intents, calibration and confusions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.baseline import Measure
from bot.evaluation.calibration import Scored, calibration_bins, expected_calibration_error
from bot.evaluation.confusion import Confusion, confusion_pairs
from bot.evaluation.judging import OWN_REPLY, Act, Judged
from bot.evaluation.tables import Figures, share, share_with_interval
from bot.understanding.reading import NOT_PLACED

MOST_CONFUSIONS = 20
CALIBRATION_ERROR = "Expected calibration error"


@dataclass(frozen=True)
class Judgements:
    """Judged messages: with topics, to be refused, and with intents. Each may be empty."""

    topics: Sequence[Judged]
    out_of_scope: Sequence[Judged]
    intents: Sequence[Judged]


def by_group(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """The messages of each style or kind, in alphabetical order."""
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        groups[one.message.group].append(one)
    return dict(sorted(groups.items()))


def answered_rightly(one: Judged) -> bool:
    """Whether one topic was answered, and an acceptable one."""
    return one.act is Act.ANSWERED and one.shown[0] in one.message.right


def offered_rightly(one: Judged) -> bool:
    """Whether choices were offered with an acceptable one among them."""
    return one.act is Act.ASKED and bool(set(one.shown) & set(one.message.right))


def refused_in_its_own_way(one: Judged) -> bool:
    """Whether an out-of-scope message got the reply written for its kind."""
    return one.act is Act.REFUSED and one.reading.intent == OWN_REPLY.get(one.message.group)


def intent_right(one: Judged) -> bool:
    """Whether the intent is the labelled one."""
    return one.reading.intent in one.message.right


def scores(judgements: Judgements) -> list[Scored]:
    """The score of every best topic, and whether that topic is acceptable; never for a message to be refused."""
    judged = [*judgements.topics, *judgements.out_of_scope]
    return [Scored(one.reading.topics[0].score, one.right_within(1)) for one in judged if one.reading.topics]


def topic_confusions(judged: Sequence[Judged]) -> list[Confusion]:
    """Which topic came first in place of the best acceptable one."""
    return confusion_pairs(
        (one.message.right[0], one.ranked[0], one.message.text)
        for one in judged
        if one.ranked and not one.right_within(1)
    )


def intent_confusions(judged: Sequence[Judged]) -> list[Confusion]:
    """Which intent was read in place of the labelled one. A message read as one about a topic names the topic."""
    return confusion_pairs(
        (one.message.right[0], one.reading.intent + (f" ({one.ranked[0]})" if one.reading.in_scope else ""),
         one.message.text)
        for one in judged
        if not intent_right(one)
    )  # fmt: skip


def _count(judged: Sequence[Judged], *acts: Act) -> int:
    return sum(one.act in acts for one in judged)


def _shares(judgements: Judgements) -> list[tuple[str, int, int, bool]]:
    """The rows of the summary: name, part, total, and whether fewer is better."""
    topics, outside, intents = judgements.topics, judgements.out_of_scope, judgements.intents
    rows: list[tuple[str, int, int, bool]] = []
    if topics:
        total = len(topics)
        answered, asked = _count(topics, Act.ANSWERED), _count(topics, Act.ASKED)
        rows += [
            ("Right topic first", sum(one.right_within(1) for one in topics), total, False),
            ("Right topic in the first three", sum(one.right_within(3) for one in topics), total, False),
            ("In scope: answered", answered, total, False),
            ("… and rightly, of those answered", sum(map(answered_rightly, topics)), answered, False),
            ("… without a word that it may be another", sum(one.plainly for one in topics), answered, False),
            (
                "… and rightly, of those",
                sum(one.plainly and answered_rightly(one) for one in topics),
                sum(one.plainly for one in topics),
                False,
            ),
            ("In scope: asked which", asked, total, True),
            ("… with a right one among them", sum(map(offered_rightly, topics)), asked, False),
            ("In scope: refused", _count(topics, Act.REFUSED), total, True),
            ("In scope: taken as conversation", _count(topics, Act.CONVERSED), total, True),
        ]
    if outside:
        total = len(outside)
        rows += [
            ("Out of scope: refused", _count(outside, Act.REFUSED), total, False),
            ("Out of scope: answered with a topic", _count(outside, Act.ANSWERED), total, True),
            ("… without a word that something else may be meant", sum(one.plainly for one in outside), total, True),
            ("Out of scope: asked which", _count(outside, Act.ASKED), total, True),
            ("Out of scope: taken as conversation", _count(outside, Act.CONVERSED), total, True),
            ("Out of scope: kept from every topic", _count(outside, Act.REFUSED, Act.CONVERSED), total, False),
        ]
        if any(one.message.group in OWN_REPLY for one in outside):
            own = sum(map(refused_in_its_own_way, outside))
            rows.append(("Out of scope: with the reply for its kind", own, total, False))
    if intents:
        rows.append(("Intent right", sum(map(intent_right, intents)), len(intents), False))
    return rows


def measures(judgements: Judgements) -> list[Measure]:
    """What is stored, and compared when something changes: the summary, and each style and kind."""
    found = [
        Measure.share(name, part, total, fewer_is_better=fewer) for name, part, total, fewer in _shares(judgements)
    ]
    scored = scores(judgements)
    found.append(Measure(CALIBRATION_ERROR, expected_calibration_error(scored), len(scored), fewer_is_better=True))
    found += [
        Measure.share(f"Style {style}: right topic first", sum(one.right_within(1) for one in ones), len(ones))
        for style, ones in by_group(judgements.topics).items()
    ]
    found += [
        Measure.share(f"Kind {kind}: refused", _count(ones, Act.REFUSED), len(ones))
        for kind, ones in by_group(judgements.out_of_scope).items()
    ]
    return found


def _summary(judgements: Judgements) -> Figures:
    cells = [(name, str(total), share_with_interval(part, total)) for name, part, total, _ in _shares(judgements)]
    scored = scores(judgements)
    cells.append((CALIBRATION_ERROR, str(len(scored)), f"{expected_calibration_error(scored):.3f}"))
    return Figures("summary", "Understanding, with 95 % intervals", ("Measure", "Messages", "Result"), cells)


def _styles(judged: Sequence[Judged]) -> Figures:
    rows = [
        (
            style, str(len(ones)), share_with_interval(sum(one.right_within(1) for one in ones), len(ones)),
            share(sum(one.right_within(3) for one in ones), len(ones)),
            share(_count(ones, Act.ANSWERED), len(ones)), share(_count(ones, Act.ASKED), len(ones)),
            share(_count(ones, Act.REFUSED) + _count(ones, Act.CONVERSED), len(ones)),
        )
        for style, ones in by_group(judged).items()
    ]  # fmt: skip
    headings = ("Style", "Messages", "Right first", "In first three", "Answered", "Asked which", "Not answered")
    return Figures("styles", "Topics by style", headings, rows)


def _kinds(judged: Sequence[Judged]) -> Figures:
    rows = [
        (
            kind, str(len(ones)), share_with_interval(_count(ones, Act.REFUSED), len(ones)),
            str(sum(map(refused_in_its_own_way, ones))),
            str(sum(one.act is Act.REFUSED and one.reading.intent == NOT_PLACED for one in ones)),
            str(_count(ones, Act.ANSWERED)), str(_count(ones, Act.ASKED)), str(_count(ones, Act.CONVERSED)),
        )
        for kind, ones in by_group(judged).items()
    ]  # fmt: skip
    headings = ("Kind", "Messages", "Refused", "Own reply", "Not placed", "Answered", "Asked which", "Conversation")
    return Figures("kinds", "Out of scope by kind", headings, rows)


def _calibration(judgements: Judgements) -> Figures:
    rows = [
        (
            f"{part.low:.1f}–{part.high:.1f}", str(part.count), f"{part.mean_score:.2f}" if part.count else "–",
            share_with_interval(part.right, part.count),
        )
        for part in calibration_bins(scores(judgements))
    ]  # fmt: skip
    headings = ("Score of the best topic", "Messages", "Mean score", "Right")
    return Figures("calibration", "Calibration: topics and out of scope together", headings, rows)


def _confusions(name: str, title: str, pairs: Sequence[Confusion]) -> Figures:
    rows = [(f"{pair.wanted} → {pair.given}", str(len(pair.messages))) for pair in pairs[:MOST_CONFUSIONS]]
    return Figures(name, title, ("Wanted → came first", "Messages"), rows)


def _intents(judged: Sequence[Judged]) -> Figures:
    rows = [
        (intent, str(len(ones)), share_with_interval(sum(map(intent_right, ones)), len(ones)))
        for intent, ones in by_group(judged).items()
    ]
    return Figures("intents", "Intents", ("Intent", "Messages", "Right"), rows)


def figures(judgements: Judgements) -> list[Figures]:
    """Every table that the judged messages allow, the summary first."""
    tables = [_summary(judgements)]
    if judgements.topics:
        tables += [
            _styles(judgements.topics),
            _confusions("topic-confusions", "Topics confused most often", topic_confusions(judgements.topics)),
        ]
    if judgements.out_of_scope:
        tables.append(_kinds(judgements.out_of_scope))
    if judgements.topics or judgements.out_of_scope:
        tables.append(_calibration(judgements))
    if judgements.intents:
        tables += [
            _intents(judgements.intents),
            _confusions("intent-confusions", "Intents confused most often", intent_confusions(judgements.intents)),
        ]
    return tables


def mistakes(judgements: Judgements) -> list[str]:
    """Every message that went wrong, a line each: what was wanted, what the bot does, and the message."""
    lines = []
    for one in judgements.topics:
        if not (answered_rightly(one) or offered_rightly(one)):
            wanted = " or ".join(one.message.right)
            lines.append(f"{wanted}: {_did(one)}: {one.message.text}")
    for one in judgements.out_of_scope:
        if one.act is not Act.REFUSED:
            lines.append(f"refuse ({one.message.group}): {_did(one)}: {one.message.text}")
    for one in judgements.intents:
        if not intent_right(one):
            lines.append(f"{one.message.right[0]}: {_did(one)}: {one.message.text}")
    return lines


def _did(one: Judged) -> str:
    if one.shown:
        return f"{one.act.value} {', '.join(one.shown)} ({one.reading.topics[0].score:.2f})"
    return f"{one.act.value} ({one.reading.intent} {one.reading.confidence:.2f})"
