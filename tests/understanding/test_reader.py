"""Reading messages with a small library: four real topics and a handful of intents."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from bot.settings import ROOT
from bot.understanding.encoder import SentenceEncoder
from bot.understanding.reader import EXACT, MOST_TOPICS, Reader
from bot.understanding.reading import ASK, REPORT
from bot.understanding.thresholds import Thresholds, load_thresholds
from knowledge.build import build_library
from knowledge.files import ContentError
from knowledge.library import LibraryMissing
from tests.data import nlu_examples

TOPICS = ("help/heel-wedge", "living/driving", "about/what-is-clonus", "walking/falling-backward")
ADDED = "living/brain-foods"
INTENTS = ("ask_question", "report_problem", "greet", "thank", "ask_human", "ask_more")
QUESTIONS = 20


def add_topic(folder: Path, place: str) -> None:
    """Copy a topic of the project, with fewer questions and without links that are not there."""
    fields = yaml.safe_load((ROOT / "knowledge" / "topics" / f"{place}.yml").read_text(encoding="utf-8"))
    fields["questions"] = fields["questions"][:QUESTIONS]
    fields["related"] = ["what-is-clonus" if fields["slug"] != "what-is-clonus" else "falling-backward"]
    target = folder / "topics" / f"{place}.yml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(yaml.safe_dump(fields, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="session")
def thresholds() -> Thresholds:
    """Those of the project."""
    return load_thresholds(ROOT / "knowledge" / "understanding.yml")


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory, encoder: SentenceEncoder) -> Path:
    """A folder with content, library, vectors and what training wrote."""
    folder = tmp_path_factory.mktemp("trained")
    (folder / "content").mkdir()
    shutil.copyfile(ROOT / "knowledge" / "sources.yml", folder / "content" / "sources.yml")
    for place in TOPICS:
        add_topic(folder / "content", place)
    build_library(folder / "content", folder / "knowledge.db")
    intents = {name: nlu_examples()[name][: None if name in (ASK, REPORT) else 25] for name in INTENTS}
    Reader.train(intents, encoder, folder / "knowledge.db", folder / "vectors.db", folder)
    return folder


@pytest.fixture
def place(trained: Path, tmp_path: Path) -> Path:
    """A copy of that folder of the test's own."""
    return Path(shutil.copytree(trained, tmp_path / "place"))


def load(place: Path, encoder: SentenceEncoder, thresholds: Thresholds) -> Reader:
    """The reader of a folder, as the bot loads it."""
    return Reader.load(place, encoder, place / "knowledge.db", place / "vectors.db", thresholds)


@pytest.fixture
def reader(place: Path, encoder: SentenceEncoder, thresholds: Thresholds) -> Reader:
    """The reader of the test's own folder."""
    return load(place, encoder, thresholds)


@pytest.mark.parametrize("text", ["Heel wedges and lifts", "heel wedges, and LIFTS!", "what is a heel wedge"])
def test_a_title_or_question_said_word_for_word_is_its_topic(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert (reading.topics[0].slug, reading.topics[0].score, reading.in_scope) == ("heel-wedge", EXACT, True)
    assert EXACT == 0.99


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("the shoe lift tips my heel up too far", "heel-wedge"),
        ("am I allowed behind the wheel of my car", "driving"),
        ("explain this clonus thing to me", "what-is-clonus"),
        ("something pulls me backwards when I stand up", "falling-backward"),
    ],
)
def test_other_words_find_the_topic_too(reader: Reader, text: str, slug: str) -> None:
    reading = reader.read(text)
    assert (reading.topics[0].slug, reading.in_scope) == (slug, True)


def test_scores_are_chances_best_first(reader: Reader) -> None:
    topics = reader.read("is it safe to drive with a wedge in my shoe").topics
    scores = [topic.score for topic in topics]
    assert scores == sorted(scores, reverse=True)
    assert len({topic.slug for topic in topics}) == len(topics) <= MOST_TOPICS
    assert 0 < sum(scores) <= 1.001


@pytest.mark.parametrize(("text", "intent"), [("Hello there!", "greet"), ("thank you very much", "thank"),
                                              ("can I talk to a real person", "ask_human")])  # fmt: skip
def test_what_a_person_does_is_told_apart_from_what_they_ask(reader: Reader, text: str, intent: str) -> None:
    reading = reader.read(text)
    assert (reading.intent, reading.in_scope) == (intent, False)
    assert 0 < reading.confidence <= 1


def test_a_question_is_told_from_a_problem_reported(reader: Reader) -> None:
    assert reader.read("When can I drive?").intent == "ask_question"
    assert reader.read("I fall backwards when I stand up").intent == "report_problem"


@pytest.mark.parametrize("text", ["", "   ", "\n", "?!", "😀", "___"])
def test_a_text_without_words_is_nothing(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert (reading.intent, reading.confidence, reading.topics, reading.in_scope) == ("nothing", 1.0, (), False)


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=200))
def test_any_text_can_be_read(reader: Reader, text: str) -> None:
    reading = reader.read(text)
    assert reading.intent
    assert 0 <= reading.confidence <= 1.001


def test_a_topic_added_to_the_library_is_found_without_training(place: Path, reader: Reader) -> None:
    before = reader.read("what should I eat for my brain")
    assert "brain-foods" not in [topic.slug for topic in before.topics]
    assert reader.title("brain-foods") is None

    add_topic(place / "content", ADDED)
    build_library(place / "content", place / "knowledge.db")

    title = yaml.safe_load((ROOT / "knowledge" / "topics" / f"{ADDED}.yml").read_text(encoding="utf-8"))["title"]
    reading = reader.read(title)
    assert (reading.topics[0].slug, reading.topics[0].score, reading.in_scope) == ("brain-foods", EXACT, True)
    assert reader.title("brain-foods") == title
    reworded = reader.read("which meals are healthy for a brain that is mending")
    assert (reworded.topics[0].slug, reworded.in_scope) == ("brain-foods", True)


def test_a_topic_taken_from_the_library_is_no_longer_found(place: Path, reader: Reader) -> None:
    (place / "content" / "topics" / "living" / "driving.yml").unlink()
    (place / "content" / "topics" / "help" / "heel-wedge.yml").unlink()
    build_library(place / "content", place / "knowledge.db")
    assert {topic.slug for topic in reader.read("heel wedge").topics} == {"what-is-clonus", "falling-backward"}


@pytest.mark.parametrize("content", [b"", b"garbage " * 200])
def test_an_unreadable_new_library_leaves_the_old_one_in_use(place: Path, reader: Reader, content: bytes) -> None:
    broken = place / "broken.db"
    broken.write_bytes(content)
    os.replace(broken, place / "knowledge.db")
    assert reader.read("what is a heel wedge").topics[0].slug == "heel-wedge"
    build_library(place / "content", place / "knowledge.db")
    assert reader.read("what is a heel wedge").topics[0].slug == "heel-wedge"


def test_a_library_that_disappears_leaves_the_old_one_in_use(place: Path, reader: Reader) -> None:
    (place / "knowledge.db").unlink()
    assert reader.read("what is a heel wedge").topics[0].slug == "heel-wedge"


def test_without_any_library_there_is_no_reader(place: Path, encoder: SentenceEncoder, thresholds: Thresholds) -> None:
    (place / "knowledge.db").unlink()
    with pytest.raises(LibraryMissing, match="Build it with: clonus knowledge build"):
        load(place, encoder, thresholds)


def test_trained_again_on_the_same_it_reads_the_same(
    place: Path, reader: Reader, encoder: SentenceEncoder, thresholds: Thresholds
) -> None:
    before = (place / "reader.json").read_bytes()
    intents = json.loads(before)["intents"]
    Reader.train(intents, encoder, place / "knowledge.db", place / "vectors.db", place)
    assert (place / "reader.json").read_bytes() == before
    for text in ("may I drive", "thanks", "blue cheese", "what is a heel wedge"):
        assert load(place, encoder, thresholds).read(text) == reader.read(text)


def test_a_mistake_in_the_thresholds_is_reported_on_its_line(tmp_path: Path) -> None:
    lines = (ROOT / "knowledge" / "understanding.yml").read_text(encoding="utf-8").splitlines()
    wrong = next(place for place, line in enumerate(lines) if line.startswith("offer_at:"))
    lines[wrong] = "offer_at: often"
    path = tmp_path / "understanding.yml"
    path.write_text("\n".join(lines))
    with pytest.raises(ContentError) as caught:
        load_thresholds(path)
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [(path, wrong + 1)]
