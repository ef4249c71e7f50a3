"""Whatever a person does in the middle of a check-in, at every kind of prompt."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from bot.channels.in_process import Companion
from tests.patients.visit import Visit
from tests.patients.ways import SETTLED_KINDS, WAYS, go_to

Interruption = Callable[[Visit, str], Awaitable[None]]


async def kinds_of(visit: Visit, text: str) -> list[str]:
    """The kinds of the replies to a text."""
    return [reply["metadata"].get("kind", "") for reply in await visit.say(text)]


async def question_of_theirs(visit: Visit, kind: str) -> None:
    assert (await kinds_of(visit, "What is clonus?")) == ["answer", "question"], visit.report()


async def what_do_you_mean(visit: Visit, kind: str) -> None:
    before = visit.screen
    assert (await kinds_of(visit, "what do you mean?")) == ["question"], visit.report()
    if kind != "change-which":
        assert before is not None
        assert visit.screen is not None
        assert visit.screen.text != before.text, "nothing was explained"


async def human(visit: Visit, kind: str) -> None:
    assert (await kinds_of(visit, "human")) == ["handover", "question"], visit.report()


async def unreadable_text(visit: Visit, kind: str) -> None:
    before = visit.screen
    assert (await kinds_of(visit, "grmpf blorp")) == ["question"], visit.report()
    assert before is not None
    assert visit.screen is not None
    if kind != "change-which":
        assert visit.screen.text.startswith("Sorry, I did not get that."), visit.report()
        simpler = [line for line in visit.screen.text.splitlines() if line and line not in before.text]
        assert len(simpler) >= 2, f"no simpler words: {visit.screen.text}"


async def stop_and_go_on(visit: Visit, kind: str) -> None:
    said = await kinds_of(visit, "stop")
    assert "result" in said, visit.report()
    assert visit.screen is None, visit.report()
    assert visit.last_level == "self-care" if kind == "jump" else visit.last_level in ("soon", "urgent"), visit.report()
    await visit.say("go on")
    if kind == "change-which":
        await visit.say("change my answer")


async def go_back(visit: Visit, kind: str) -> None:
    assert "question" in await kinds_of(visit, "go back"), visit.report()
    if kind == "change-which":
        await visit.say("me")
        await visit.say("change my answer")
    elif kind != "group":
        await visit.say(WAYS[kind][-1])


async def change_an_answer(visit: Visit, kind: str) -> None:
    before = visit.screen
    assert (await kinds_of(visit, "change my answer about who this is for")) == ["question"], visit.report()
    assert before is not None
    assert visit.screen is not None
    if visit.screen.same_as != before.same_as:
        assert visit.screen.question == "who", visit.report()
        await visit.say("me")
    if kind == "change-which":
        await visit.say("change my answer")


INTERRUPTIONS: tuple[Interruption, ...] = (
    question_of_theirs, what_do_you_mean, human, unreadable_text, stop_and_go_on, go_back, change_an_answer,
)  # fmt: skip


@pytest.mark.parametrize("kind", SETTLED_KINDS)
async def test_after_every_interruption_the_same_question_comes_again(companion: Companion, kind: str) -> None:
    visit = await go_to(companion, kind)
    assert visit.screen is not None
    wanted = visit.screen.same_as
    wrong = []
    for interrupt in INTERRUPTIONS:
        name = interrupt.__name__
        try:
            await interrupt(visit, kind)
        except AssertionError as failure:
            wrong.append(f"{name}: {str(failure).splitlines()[0]}")
        if visit.screen is None or visit.screen.same_as != wanted:
            wrong.append(f"{name}: another question came")
            visit = await go_to(companion, kind)
    assert wrong + visit.problems == [], visit.report()


@pytest.mark.parametrize("kind", SETTLED_KINDS)
@pytest.mark.parametrize("text", ["I am not sure", "skip"])
async def test_not_sure_and_skip_go_on_and_going_back_returns(companion: Companion, kind: str, text: str) -> None:
    visit = await go_to(companion, kind)
    assert visit.screen is not None
    wanted = visit.screen.same_as
    await visit.say(text)
    if kind == "sign" and text == "I am not sure":
        assert visit.last_level == "emergency", visit.report()
        assert visit.screen is None or visit.screen.kind == "which", visit.report()
        return
    if text == "skip" and kind in ("group", "sign"):
        assert visit.screen is not None
        assert visit.screen.same_as == wanted, "the danger question is not skipped without a word"
        await visit.say(text)
    if kind == "change-which":
        assert visit.screen is not None, visit.report()
        assert visit.problems == []
        return
    assert visit.screen is None or visit.screen.same_as != wanted, visit.report()
    assert visit.screen is not None or visit.last_level == "self-care", visit.report()
    await visit.say("go back")
    assert visit.screen is not None, visit.report()
    assert visit.screen.same_as == wanted, visit.report()
    assert visit.problems == []


@pytest.mark.parametrize("kind", SETTLED_KINDS)
async def test_unreadable_three_times_leaves_it_open_and_offers_a_person(companion: Companion, kind: str) -> None:
    visit = await go_to(companion, kind)
    assert visit.screen is not None
    wanted = visit.screen.same_as
    await visit.say("grmpf blorp")
    await visit.say("grmpf blorp")
    said = await kinds_of(visit, "grmpf blorp")
    assert "handover" in said, visit.report()
    assert visit.screen is None or visit.screen.same_as != wanted, visit.report()
    assert visit.problems == []


async def test_a_danger_sign_is_taken_back_by_nothing_but_a_clear_no(companion: Companion) -> None:
    visit = await go_to(companion, "confirm-back")
    unclear = ("What is clonus?", "what do you mean?", "human", "grmpf blorp", "I am not sure", "skip", "stop", "yes")
    wrong = []
    for text in unclear:
        await visit.say(text)
        if any(end["metadata"].get("level") != "emergency" for end in visit.ends):
            wrong.append(f"'{text}' ended it")
            break
        if visit.screen is None or visit.screen.kind != "confirm-back":
            if visit.screen is not None and visit.screen.kind != "which":
                wrong.append(f"'{text}' took it back")
            await visit.say("go back")
            if visit.screen is None or visit.screen.kind != "confirm-back":
                wrong.append(f"no way back after '{text}'")
                visit = await go_to(companion, "confirm-back")
    assert wrong == [], visit.report()
    await visit.say("no")
    assert visit.screen is not None, visit.report()
    assert visit.screen.kind == "group", visit.report()
    assert visit.problems == []
