"""The project's own topics: all there, all linked, all readable."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.understanding.tidy import same_words
from knowledge.build import SHOWN
from knowledge.models import Topic
from knowledge.topic_files import Library, editorial_problems, load_library
from tests.conftest import ROOT

SLUGS = {
    "about": [
        "causes-of-clonus",
        "clonus-and-spasticity",
        "clonus-beats",
        "clonus-in-children",
        "clonus-or-something-else",
        "clonus-triggers",
        "how-clonus-happens",
        "how-clonus-is-tested",
        "how-clonus-is-treated",
        "is-clonus-dangerous",
        "stop-an-episode",
        "what-is-clonus",
        "where-clonus-occurs",
        "will-clonus-go-away",
    ],
    "walking": [
        "avoiding-weight-on-leg",
        "clonus-and-walking",
        "falling-backward",
        "foot-bounce",
        "knee-locking",
        "step-to-pattern",
        "swing-leg-out",
        "toe-first-landing",
        "walking-faster-and-slopes",
    ],
    "help": [
        "afo-do-i-need-one",
        "afo-fit-and-skin",
        "afo",
        "ankle-range-check",
        "baclofen-pump",
        "botulinum-toxin",
        "calf-stretching",
        "electrical-stimulation",
        "footwear",
        "gait-and-balance-training",
        "heel-wedge",
        "home-exercise-safety",
        "jumping",
        "physical-therapy",
        "spasticity-medicines",
        "stretching-mistakes",
        "surgery-options",
        "vibration-and-heat-cold",
        "walking-aids",
        "who-can-help",
    ],
    "living": [
        "brain-foods",
        "brain-healthy-habits",
        "caregiver-help",
        "clonus-at-night",
        "driving",
        "exercises-not-helping",
        "falls-prevention",
        "fatigue",
        "fear-of-falling-and-mood",
        "intensive-rehab-and-hiit",
        "plyometrics-for-walking",
        "prepare-for-appointment",
        "recovery-and-plateau",
        "rehab-myths",
        "transfers-and-sitting",
        "walking-mistakes",
    ],
    "safety": [
        "after-a-fall",
        "autonomic-dysreflexia",
        "baclofen-stopping",
        "blood-clots",
        "crisis-support",
        "pregnancy-and-clonus",
        "seizure-or-clonus",
        "serotonin-syndrome",
        "signs-of-a-new-stroke",
        "sudden-worsening",
        "when-to-call-doctor",
        "when-to-call-emergency",
    ],
}


@pytest.fixture(scope="module")
def library() -> Library:
    """All topics and sources."""
    return load_library(ROOT / "knowledge")


def test_there_are_71_topics() -> None:
    assert sum(len(slugs) for slugs in SLUGS.values()) == 71


@pytest.mark.parametrize("group", SLUGS)
def test_every_group_holds_its_topics(library: Library, group: str) -> None:
    found = [slug for slug, topic in library.topics.items() if topic.group.value == group]
    assert sorted(found) == sorted(SLUGS[group])


def test_every_related_topic_exists(library: Library) -> None:
    wanted = {(slug, related) for slug, topic in library.topics.items() for related in topic.related}
    assert [link for link in sorted(wanted) if link[1] not in library.topics] == []


def test_no_topic_names_a_related_topic_or_a_source_twice(library: Library) -> None:
    doubled = {
        slug: name
        for slug, topic in library.topics.items()
        for name, times in (Counter(topic.related) + Counter(topic.sources)).items()
        if times > 1
    }
    assert doubled == {}


def test_every_source_a_topic_names_exists(library: Library) -> None:
    wanted = {(slug, source) for slug, topic in library.topics.items() for source in topic.sources}
    assert [link for link in sorted(wanted) if link[1] not in library.sources] == []


def test_every_topic_is_shown_to_patients(library: Library) -> None:
    assert [slug for slug, topic in library.topics.items() if topic.status not in SHOWN] == []


def test_wording_is_readable_and_fits_a_text_message() -> None:
    assert editorial_problems(ROOT / "knowledge") == []


def test_no_two_topics_have_the_same_title(library: Library) -> None:
    titles = Counter(same_words(topic.title) for topic in library.topics.values())
    assert [title for title, times in titles.items() if times > 1] == []


def test_no_title_is_the_question_of_another_topic(library: Library) -> None:
    titles = {same_words(topic.title): slug for slug, topic in library.topics.items()}
    clashes = [
        (question, slug)
        for slug, topic in library.topics.items()
        for question in topic.questions
        if titles.get(same_words(question), slug) != slug
    ]
    assert clashes == []


def test_no_topic_holds_the_same_question_twice(library: Library) -> None:
    def doubled(topic: Topic) -> list[str]:
        times = Counter(same_words(question) for question in topic.questions)
        return [words for words, count in times.items() if count > 1]

    assert {slug: doubled(topic) for slug, topic in library.topics.items() if doubled(topic)} == {}
