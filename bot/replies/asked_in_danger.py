"""What is asked, or said to have passed, below a danger that was told: the line that answers it comes first."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from bot.replies.content import Content
from bot.replies.escalations import EMERGENCY, Told, advice_points, steps_again, thought_of
from bot.replies.fixed import fixed_text
from bot.replies.reply import Kind, Reply
from bot.replies.topics import Matter
from bot.replies.where import filled, numbers_to_call
from knowledge.red_flag_models import RedFlag


def answer_in_danger(
    content: Content,
    danger: Told,
    text: str,
    region: str | None,
    *,
    open_now: bool = False,
    fresh: bool = False,
    helped: bool = False,
) -> Reply | None:
    """What a danger that was told says to a message by itself: that it cannot wait, when that is asked, or the line of
    its advice that answers, then its shortest form with the number. None when it says nothing to it.

    `open_now`: whatever touches it counts, not only questions. `fresh`: told so lately that "so nothing to do?" is
    about it. `helped`: help is on its way, so nobody need be told to call.

    Where nothing is forbidden no line is picked out: such advice is always said whole.
    """
    category, level = danger
    flag = content.red_flags.get(category)
    if flag is None:
        return None
    waits = content.below_danger
    heard = _heard(content, flag, danger, text, region, helped=helped) if open_now and level == EMERGENCY else None
    if heard is not None:
        return heard
    if open_now and waits.plainly_asks_to_wait(text):
        return do_not_wait(content, danger, text, region)
    rules = content.danger_questions
    forbidden = () if flag.has_settled_at(level) else flag.do_not
    line = rules.line(text, forbidden, advice_points(flag, level), open_now=open_now) if forbidden else None
    if line is not None:
        first = f"{content.fixed['no-first'].text} {line}" if rules.means_no(text, line) else line
        return _reply(content, danger, f"{first}\n\n{_in_short(content, danger, helped=helped)}", region)
    if open_now and waits.asks_what_it_is(text) and flag.thinking_of:
        return what_it_may_be(content, danger, region)
    if open_now and level == EMERGENCY and forbidden and rules.asks_leave_for_a_matter(text):
        first = content.fixed["ask-the-team"].text
        return _reply(content, danger, f"{first}\n\n{_in_short(content, danger, helped=helped)}", region)
    on_it = (open_now or fresh) and (waits.asks_whether_to_wait(text) or rules.asks_how_serious(text))
    on_it = on_it or (open_now and waits.calling.asks_about_calling(text))
    return do_not_wait(content, danger, text, region) if on_it else None


def of_calling(content: Content, text: str, *, lacks: bool = True) -> str | None:
    """The fixed reply to a message that the bot is to call or, with `lacks`, that the person lacks something for one:
    the place, the number, a voice. None for any other message."""
    calling = content.below_danger.calling
    heard = {"cannot-call-for-you": calling.wants_a_call}
    if lacks:
        heard |= {"no-address": calling.knows_no_address, "which-number": calling.knows_no_number,
                  "cannot-call": calling.wants_to_text}  # fmt: skip
    return next((name for name, says in heard.items() if says(text)), None)


def _heard(
    content: Content, flag: RedFlag, danger: Told, text: str, region: str | None, *, helped: bool
) -> Reply | None:
    """What an open emergency says to one who is afraid, who tells of somebody else, who cannot say where help is to
    come or cannot call; None for any other message."""
    rules, fixed = content.below_danger, content.fixed
    if flag.of_another and rules.is_of_another(text):
        return _reply(content, danger, flag.of_another, region)
    name = of_calling(content, text)
    if name is not None:
        return _reply(content, danger, fixed_text(content, name, flag.slug), region)
    if rules.is_afraid(text) and not flag.again:
        return _reply(
            content, danger, f"{fixed['afraid-in-danger'].text}\n\n{_in_short(content, danger, helped=helped)}", region
        )
    return None


def questions_beside(content: Content, danger: Told, reading: Mapping[str, Any]) -> tuple[Matter, ...]:
    """What a message of a danger also asks, to be answered after its advice. Nothing that the advice speaks of, and
    nothing where help stands first and last, as in a crisis."""
    flag = content.red_flags.get(danger[0])
    if flag is None or not flag.do_not:
        return ()
    return tuple(
        {"reading": dict(matter)}
        for matter in reading.get("beside_danger") or ()
        if answer_in_danger(content, danger, matter["text"], None, open_now=True) is None
    )


def do_not_wait(content: Content, danger: Told, text: str, region: str | None) -> Reply:
    """That it cannot wait, and what to do, for a person who asks to do less. Only "can it wait" is answered with a no:
    "do I have to ring" would take it for the wrong one, and "should I ring" gets a yes."""
    steps, rules = steps_again(content, *danger, region), content.danger_questions
    name = "do-not-wait-today"
    if content.below_danger.calling.asks_whether_to_call(text):
        name = "yes-call"
    elif rules.asks_how_serious(text):
        name = "can-be-serious"
    elif danger[1] == "emergency":
        may_not = rules.asks_leave(text) and not content.below_danger.calling.asks_about_calling(text)
        name = "do-not-wait-no" if may_not else "do-not-wait"  # a no to "should I really call" would be the wrong one
    return _reply(content, danger, f"{content.fixed[name].text}\n\n{steps.text}", region)


def what_it_may_be(content: Content, danger: Told, region: str | None) -> Reply:
    """What a danger that is open is thought to be, then what to do in the fewest words: for a person who asks "what
    could it be"."""
    flag = content.red_flags[danger[0]]
    return _reply(
        content, danger, f"{content.fixed['may-be'].text}\n{thought_of(flag)}\n\n{flag.short_at(danger[1])}", region
    )


def in_short(content: Content, danger: Told, region: str | None) -> Reply:
    """What to do in a danger, in the fewest words: for a person who did not understand."""
    return _reply(content, danger, content.red_flags[danger[0]].short_at(danger[1]), region)


def when_it_began(content: Content, danger: Told, region: str | None) -> Reply:
    """What is said to one who tells when an emergency began, or of whom."""
    return _escalation(content, danger, fixed_text(content, "when-it-began", danger[0]), region)


def help_heard(content: Content, danger: Told, region: str | None) -> Reply:
    """What is said to one who tells that help is coming, in a message that with what was told before looks like the
    danger itself."""
    return _escalation(content, danger, fixed_text(content, "help-comes", danger[0]), region)


def seen_by_helpers(content: Content, danger: Told, region: str | None, *, alarm: bool) -> Reply:
    """What is said to one who tells that those who help have seen to it. `alarm`: in a message that surely looks like
    the danger itself."""
    draw = _escalation if alarm else _reply
    return draw(content, danger, fixed_text(content, "seen-by-helpers", danger[0]), region)


def still_open(
    content: Content, danger: Told, text: str, region: str | None, last: Collection[str] = (), *, helped: bool = False
) -> Reply:
    """What an open emergency says to a message that only looks like another danger."""
    plain = answer_in_danger(content, danger, text, region, open_now=True, helped=helped)
    reply = plain or steps_again(content, *danger, region, last, helped=helped)
    return _escalation(content, danger, reply.text, region)


def settled(content: Content, category: str, region: str | None) -> Reply:
    """What to do once a danger has passed, for one of which the source says it. Raises ValueError for another."""
    flag = content.red_flags[category]
    if flag.settled is None:
        raise ValueError(f"nothing is known of {category} that has passed")
    points = "\n".join(f"- {point}" for point in flag.points_at(flag.settled.value))
    text = f"{content.fixed['danger-settled'].text}\n\n{points}"
    return _escalation(content, (category, flag.settled.value), text, region)


def once_over(content: Content, flag: RedFlag, level: str, region: str | None, *, alarm: bool) -> Reply:
    """What is still to be done in an emergency whose signs are said to have stopped. `alarm`: in a message that looks
    like a danger itself, so that the reply counts as an escalation."""
    points = "\n".join(f"- {point}" for point in flag.once_over)
    said = _escalation if alarm else _reply
    return said(content, (flag.slug, level), f"{content.fixed['once-over'].text}\n\n{points}", region)


def settles(content: Content, flag: RedFlag, text: str) -> bool:
    """Whether a message says that a danger has passed, which changes what to do in this one."""
    return flag.settled is not None and content.below_danger.has_settled(text)


def _in_short(content: Content, danger: Told, *, helped: bool) -> str:
    """What to do in a danger in the fewest words, or until the help comes that is on its way."""
    category, level = danger
    if helped:
        return fixed_text(content, "until-help-comes", category)
    return content.red_flags[category].short_at(level)


def _reply(content: Content, danger: Told, text: str, region: str | None) -> Reply:
    category, level = danger
    return Reply(Kind.NOTICE, filled(content, text, region), metadata={"category": category, "level": level})


def _escalation(content: Content, danger: Told, text: str, region: str | None) -> Reply:
    """A reply that counts as an escalation: without one the guard would say that of a message which looks like a danger
    of its own."""
    told = _reply(content, danger, text, region)
    return replace(
        told, kind=Kind.ESCALATION, metadata={**told.metadata, "call": numbers_to_call(content, region, danger[0])}
    )
