"""The figures of the safety screen: dangers caught, false alarms and every miss, by rules, learned view and vote."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.evaluation.held_out import BadMessagesError
from bot.evaluation.tables import Figures, share_with_interval
from bot.safety import SafetyScreen, Verdict
from bot.safety.record import INTERRUPTING
from bot.safety.told import Told
from bot.safety.verdict import LEVELS, level_rank
from bot.safety.vote import Vote
from bot.understanding.plain_text import plain_text

ORDINARY = "ordinary"
"""The group of a harmless message that resembles no danger."""


@dataclass(frozen=True)
class Labelled:
    """A message with what is right: for a danger its acceptable categories and lowest level, for others none.

    group: the style of a danger, the kind of a look-alike, or ORDINARY. before: the person's earlier messages, where
    these and the message are judged together.
    """

    text: str
    group: str
    level: str | None = None
    categories: tuple[str, ...] = ()
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Judged:
    """A message with the verdicts of the rules alone, the learned view alone and both; and of both together with the
    earlier messages, where there are any."""

    message: Labelled
    rules: Verdict
    learned: Verdict
    vote: Verdict
    told_before: Verdict | None = None


Ways = Mapping[str, Callable[[Judged], Verdict]]
WAYS: Ways = {"Rules": lambda one: one.rules, "Learned": lambda one: one.learned, "Vote": lambda one: one.vote}


def load_messages(path: Path) -> list[Labelled]:
    """Read JSON lines with "text"; a danger has a "level" and may have "categories" and a "style", a look-alike has a
    "kind"; "before" holds earlier messages. Raises BadMessagesError naming file and line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadMessagesError(f"{path}: cannot be read ({error})") from error
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            found.append(_labelled(f"{path}:{number}", line))
    if not found:
        raise BadMessagesError(f"{path}: holds no message")
    return found


def _labelled(where: str, line: str) -> Labelled:
    try:
        value: Any = json.loads(line)
    except json.JSONDecodeError as error:
        raise BadMessagesError(f"{where}: not JSON ({error.msg})") from error
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        raise BadMessagesError(f'{where}: needs an object with a "text"')
    before = value.get("before") or []
    if not isinstance(before, list) or not all(isinstance(text, str) for text in before):
        raise BadMessagesError(f'{where}: "before" must be a list of texts')
    level = value.get("level")
    if level is None:
        return Labelled(value["text"], str(value.get("kind") or ORDINARY), before=tuple(before))
    if level not in LEVELS:
        raise BadMessagesError(f'{where}: "level" must be one of {", ".join(LEVELS)}')
    categories = value.get("categories") or []
    if not isinstance(categories, list) or not all(isinstance(slug, str) for slug in categories):
        raise BadMessagesError(f'{where}: "categories" must be a list of slugs')
    return Labelled(value["text"], str(value.get("style") or "all"), level, tuple(categories), tuple(before))


def judge(messages: Iterable[Labelled], rules: SafetyScreen, vote: Vote) -> list[Judged]:
    """Screen every message in all three ways, as plain text. `rules`: a screen without a second opinion."""
    judged = []
    both = rules.reviewed_by(vote)
    for message in messages:
        text = plain_text(message.text)
        by_rules = rules.screen(text)
        respelled = rules.respelled(text)
        by_learned = vote.review(text, Verdict(), respelled=respelled)
        told = _with_earlier(both, text, message.before) if message.before else None
        judged.append(Judged(message, by_rules, by_learned, both.screen(text), told))
    return judged


def _with_earlier(screen: SafetyScreen, text: str, before: Iterable[str]) -> Verdict:
    """The verdict on a message in its conversation."""
    told: tuple[Told, ...] = ()
    for earlier in before:
        told = screen.remember(plain_text(earlier), told, 0.0)
    return screen.screen(text, screen.holding(text, told, 0.0))


def escalated(verdict: Verdict) -> bool:
    """Whether the advice comes at once."""
    return verdict.sure and verdict.level in INTERRUPTING


def asked(verdict: Verdict) -> bool:
    """Whether the check question comes."""
    return not verdict.sure and verdict.level in INTERRUPTING


def caught(verdict: Verdict, level: str | None) -> bool:
    """Whether a danger was raised to its level or above, at once or by the check question."""
    return verdict.alarm and level_rank(verdict.level) >= level_rank(level)


def caught_at_once(verdict: Verdict, level: str | None) -> bool:
    """Whether a danger was raised to its level or above without a question."""
    return verdict.sure and caught(verdict, level)


def _dangers(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if one.message.level is not None]


def _look_alikes(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if one.message.level is None and one.message.group != ORDINARY]


def _ordinary(judged: Sequence[Judged]) -> list[Judged]:
    return [one for one in judged if one.message.level is None and one.message.group == ORDINARY]


def _groups(judged: Sequence[Judged], names: Callable[[Judged], Sequence[str]]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for one in judged:
        for name in names(one):
            groups[name].append(one)
    return dict(sorted(groups.items()))


def _summary(judged: Sequence[Judged]) -> Figures:
    rows: list[tuple[str, ...]] = []

    def add(name: str, ones: Sequence[Judged], good: Callable[[Verdict, Labelled], bool]) -> None:
        if ones:
            cells = (
                share_with_interval(sum(good(way(one), one.message) for one in ones), len(ones))
                for way in WAYS.values()
            )
            rows.append((name, str(len(ones)), *cells))

    dangers = _dangers(judged)
    for title, ones in (
        ("Danger", dangers),
        *((f"… {level}", [one for one in dangers if one.message.level == level]) for level in LEVELS),
    ):
        add(f"{title}: caught at its level or above", ones, lambda v, m: caught(v, m.level))
        add(f"{title}: escalated at once", ones, lambda v, m: caught_at_once(v, m.level))
    add("Danger: raised at any level", dangers, lambda v, m: v.alarm)
    named = [one for one in dangers if one.message.categories]
    add("Danger: right category named", named, lambda v, m: v.category in m.categories)
    for title, ones in (("Look-alikes", _look_alikes(judged)), ("Ordinary messages", _ordinary(judged))):
        add(f"{title}: escalated", ones, lambda v, m: escalated(v))
        add(f"{title}: asked", ones, lambda v, m: asked(v))
    headings = ("Measure", "Messages", *WAYS)
    return Figures("summary", "Safety screen, with 95 % intervals", headings, rows)


def _told_before(judged: Sequence[Judged]) -> Figures:
    """What the earlier messages add: each row for the message alone, and together with what was told before."""
    rows: list[tuple[str, ...]] = []

    def add(name: str, ones: Sequence[Judged], good: Callable[[Verdict, Labelled], bool]) -> None:
        if ones:
            ways = ([good(one.vote, one.message) for one in ones], [_good_together(one, good) for one in ones])
            rows.append((name, str(len(ones)), *(share_with_interval(sum(way), len(ones)) for way in ways)))

    dangers = _dangers(judged)
    add("Danger: caught at its level or above", dangers, lambda v, m: caught(v, m.level))
    add("Danger: escalated at once", dangers, lambda v, m: caught_at_once(v, m.level))
    add("Danger: right category named", dangers, lambda v, m: v.category in m.categories)
    harmless = [one for one in judged if one.message.level is None]
    add("Harmless: escalated", harmless, lambda v, m: escalated(v))
    add("Harmless: asked", harmless, lambda v, m: asked(v))
    headings = ("Measure", "Messages", "Message alone", "With what was told before")
    return Figures("told_before", "Dangers told in more than one message, with 95 % intervals", headings, rows)


def _good_together(one: Judged, good: Callable[[Verdict, Labelled], bool]) -> bool:
    return one.told_before is not None and good(one.told_before, one.message)


def _danger_groups(
    name: str, title: str, heading: str, dangers: Sequence[Judged], names: Callable[[Judged], Sequence[str]]
) -> Figures:
    rows = []
    for group, ones in _groups(dangers, names).items():
        total = len(ones)
        at_once = sum(caught_at_once(one.vote, one.message.level) for one in ones)
        rows.append(
            (
                group, str(total),
                share_with_interval(sum(caught(one.vote, one.message.level) for one in ones), total),
                share_with_interval(at_once, total),
                str(sum(not caught(one.vote, one.message.level) for one in ones)),
            )
        )  # fmt: skip
    return Figures(name, title, (heading, "Messages", "Caught", "Escalated at once", "Missed"), rows)


def _kinds(look_alikes: Sequence[Judged]) -> Figures:
    rows = [
        (
            kind, str(len(ones)), share_with_interval(sum(escalated(one.vote) for one in ones), len(ones)),
            share_with_interval(sum(asked(one.vote) for one in ones), len(ones)),
        )
        for kind, ones in _groups(look_alikes, lambda one: (one.message.group,)).items()
    ]  # fmt: skip
    return Figures("kinds", "False alarms by kind of look-alike", ("Kind", "Messages", "Escalated", "Asked"), rows)


def kind_of_miss(one: Judged) -> str | None:
    """Why a danger counts as missed; None when it was caught."""
    if caught(one.vote, one.message.level):
        return None
    if one.vote.alarm:
        return f"raised only to {one.vote.level}"
    if one.rules.alarm:
        return "a rule spoke, the vote dropped it"
    if one.rules.against:
        return "a sign was found and silenced by the words around it"
    return "no rule, and unlike the curated dangers"


def _in_one(message: Labelled) -> Labelled:
    """A message with the ones before it, to be shown."""
    return replace(message, text=" / ".join((*message.before, message.text)))


def _first_category(one: Judged) -> tuple[str, ...]:
    return one.message.categories[:1] or ("–",)


def _misses(dangers: Sequence[Judged]) -> Figures:
    groups = _groups(dangers, lambda one: [kind] if (kind := kind_of_miss(one)) else [])
    rows = [(kind, str(len(ones))) for kind, ones in sorted(groups.items(), key=lambda item: -len(item[1]))]
    return Figures("misses", "Dangers missed, by kind", ("Kind", "Messages"), rows)


def figures(judged: Sequence[Judged]) -> list[Figures]:
    """Every table that the judged messages allow, the summary first."""
    in_pieces = [one for one in judged if one.told_before is not None]
    judged = [one for one in judged if one.told_before is None]
    tables = [_summary(judged)] if judged else []
    dangers = _dangers(judged)
    if in_pieces:
        tables.append(_told_before(in_pieces))
    if dangers:
        tables += [
            _danger_groups(
                "categories",
                "Danger by category",
                "Category",
                dangers,
                lambda one: one.message.categories[:1] or ("–",),
            ),
            _danger_groups("styles", "Danger by style", "Style", dangers, lambda one: (one.message.group,)),
            _misses(dangers),
        ]
    if _look_alikes(judged):
        tables.append(_kinds(_look_alikes(judged)))
    return tables


def misses(judged: Sequence[Judged]) -> list[str]:
    """Every danger that was missed and every harmless message that was escalated, a line each."""
    judged = [
        one if one.told_before is None else replace(one, vote=one.told_before, message=_in_one(one.message))
        for one in judged
    ]
    lines = [
        f"missed ({one.message.level} {', '.join(one.message.categories)}; {kind}): {one.message.text}"
        for one in _dangers(judged)
        if (kind := kind_of_miss(one))
    ]
    lines += [
        f"escalated ({one.message.group}; {one.vote.category}, {one.vote.rule}): {one.message.text}"
        for one in (*_look_alikes(judged), *_ordinary(judged))
        if escalated(one.vote)
    ]
    return lines
