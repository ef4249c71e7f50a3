"""Looking topics up: ranked as the bot ranks them, with why; by words alone until the bot's reading is there."""

from __future__ import annotations

import html
import re
import shutil
from pathlib import Path

import pytest

from bot.settings import ROOT, settings
from bot.staff.library import StaffLibrary
from bot.staff.looking_up import look_up
from bot.staff.reading import BotReading, State
from bot.staff.roles import Role
from knowledge.build import build_library
from knowledge.library import LibraryReader
from tests.staff.world import World

MESSAGES = ["my foot bounces", "shd i get a brace for it", "is it dangerous", "thanks", "pizza recipe", "tell me more"]


@pytest.fixture(scope="module")
def bot() -> BotReading:
    """The bot's reading from the trained model. `make test` trains it first."""
    settings.cache_clear()
    bot = BotReading(settings())
    assert bot.state is State.LOADING
    bot.start()
    assert bot.wait(200) is State.READY, bot.problem
    return bot


@pytest.fixture
def staff_library(world: World) -> StaffLibrary:
    return StaffLibrary(world.settings)


def text_of(page: str) -> str:
    """What a page says, in one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


@pytest.mark.parametrize("message", MESSAGES)
def test_topics_are_ranked_with_the_chances_the_bot_gives_them(
    bot: BotReading, staff_library: StaffLibrary, message: str
) -> None:
    assert bot.reader is not None
    reading = bot.reader.read(message)
    results = look_up(message, staff_library.now(), bot)
    assert [(found.topic.slug, found.chance) for found in results.found] == [
        (topic.slug, topic.score) for topic in reading.topics
    ]


def test_each_topic_comes_with_its_likest_question_and_the_words_it_shares(
    bot: BotReading, staff_library: StaffLibrary
) -> None:
    first = look_up("Why does my foot bounce when I put it down?", staff_library.now(), bot).found[0]
    assert first.likest is not None
    assert (first.topic.slug, first.chance, first.likest.question, first.shared) == (
        "foot-bounce",
        0.99,
        "Why does my foot bounce when I put it down?",
        ("bounce", "foot"),
    )
    assert first.likest.likeness == pytest.approx(1.0, abs=1e-3)


def test_what_the_bot_takes_the_words_for_is_told(bot: BotReading, staff_library: StaffLibrary) -> None:
    shelf = staff_library.now()
    taken = [look_up(words, shelf, bot).taken_for for words in ("what is clonus", "my foot bounces", "thank you")]
    assert taken == ["a question about clonus", "a problem with clonus that is told", "thank"]


def test_the_page_shows_the_ranking(bot: BotReading, world: World) -> None:
    world.console.reading = bot
    said = text_of(world.visitor(Role.SUPPORT).get("/look-up?q=What+is+clonus?").text)
    assert (
        "5 topics for “What is clonus?” As the bot ranks them. It takes these words for a question about clonus."
        in said
    )
    assert "What is clonus? Clonus is a run of fast, even muscle beats" in said
    assert "99 % likely Like its question “What is clonus?” (1.00). Shared words: clonus." in said


def test_until_the_reading_is_loaded_topics_are_found_by_words_and_the_page_says_so(world: World) -> None:
    said = text_of(world.visitor(Role.SUPPORT).get("/look-up?q=heel+wedges").text)
    assert "The bot's own ranking is still loading. Until then topics are found by shared words." in said
    assert "Shared words: wedges, heel." in said
    assert "% likely" not in said


def test_when_it_cannot_be_loaded_the_page_says_so(world: World) -> None:
    broken = BotReading(world.settings)
    broken._done.set()
    world.console.reading = broken
    said = text_of(world.visitor(Role.SUPPORT).get("/look-up?q=heel+wedges").text)
    assert "The bot's own ranking cannot be loaded here. Topics are found by shared words." in said


def test_words_that_no_topic_has_find_nothing(world: World) -> None:
    assert "No topic has these words." in world.visitor(Role.SUPPORT).get("/look-up?q=qwertz").text


def test_without_words_all_topics_are_listed(world: World, library: Path) -> None:
    page = world.visitor(Role.SUPPORT).get("/look-up").text
    topics = LibraryReader(library).topics()
    assert sorted(re.findall(r'href="/look-up/([a-z0-9-]+)"', page)) == sorted(topics)


@pytest.mark.parametrize("words", ["'", '"', "a AND b*", "NEAR(", "😀", "--", "x" * 3000, "\x00", "<b>", "%"])
def test_no_words_break_the_search(bot: BotReading, world: World, words: str) -> None:
    visitor = world.visitor(Role.SUPPORT)
    assert visitor.get("/look-up/results", params={"q": words}).status_code == 200
    world.console.reading = bot
    assert visitor.get("/look-up/results", params={"q": words}).status_code == 200


def test_results_alone_are_a_piece_of_a_page(world: World) -> None:
    piece = world.visitor(Role.SUPPORT).get("/look-up/results?q=heel", headers={"X-Part": "1"}).text
    assert ("<html" in piece, piece.lstrip().startswith("<p class")) == (False, True)


def test_a_topic_is_shown_whole(world: World, library: Path) -> None:
    topic = LibraryReader(library).topics()["afo-do-i-need-one"]
    said = text_of(world.visitor(Role.SUPPORT).get(f"/look-up/{topic.slug}").text)
    parts = [topic.title, topic.short, topic.simple, *topic.steps, *topic.cautions, *topic.answer.split("\n\n")]
    parts += [f"{source.title}. {source.publisher}" for source in topic.sources]
    parts += ["Last reviewed " + topic.reviewed_on, "By " + topic.reviewed_by, "Due again " + topic.review_due]
    assert [part for part in parts if " ".join(part.split()) not in said] == []
    assert "This topic still awaits sign-off by a clinician." in said
    assert "That is not a guideline." in said.split("What the topic itself says of the proof:")[1].split("Sources")[0]


def test_a_topic_that_is_not_there_is_named_as_such(world: World) -> None:
    assert world.visitor(Role.SUPPORT).get("/look-up/no-such-topic").status_code == 404


def test_a_new_library_is_taken_in_and_a_broken_one_is_not(tmp_path: Path, library: Path) -> None:
    path = tmp_path / "now.db"
    shutil.copy(library, path)
    world = World(tmp_path, library_path=path)
    folder = tmp_path / "knowledge"
    shutil.copytree(ROOT / "knowledge", folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    topic = folder / "topics" / "help" / "heel-wedge.yml"
    topic.write_text(re.sub(r"^title: .*$", 'title: "Wedges under the heel"', topic.read_text(), flags=re.M))
    visitor = world.visitor(Role.SUPPORT)
    assert "Wedges under the heel" not in visitor.get("/look-up/heel-wedge").text
    build_library(folder, path)
    assert "Wedges under the heel" in visitor.get("/look-up/heel-wedge").text
    path.write_text("broken")
    assert "Wedges under the heel" in visitor.get("/look-up/heel-wedge").text
    world.close()


def test_without_a_library_the_page_says_what_to_do(tmp_path: Path) -> None:
    world = World(tmp_path)
    page = world.visitor(Role.SUPPORT).get("/look-up")
    assert (page.status_code, "Build it with: clonus knowledge build" in page.text) == (503, True)
    world.close()


def test_when_the_chat_does_not_run_trying_says_so_and_keeps_the_words(world: World) -> None:
    world.settings.staff_chat_url = "http://127.0.0.1:9"
    page = world.visitor(Role.SUPPORT).send("/try", {"text": "my heel hurts"}, page="/try")
    assert page.status_code == 503
    assert "The chat at http://127.0.0.1:9 does not answer. Start it with: clonus run" in page.text
    assert ">my heel hurts</textarea>" in page.text


@pytest.mark.parametrize("text", ["", "   ", "x" * 1001])
def test_what_is_tried_must_be_a_message(world: World, text: str) -> None:
    assert world.visitor(Role.SUPPORT).send("/try", {"text": text}, page="/try").status_code == 422
