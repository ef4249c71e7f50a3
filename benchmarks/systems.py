"""The ways of understanding a message that benchmarks/understanding.py compares, and the data they all learn from."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import yaml

from bot.evaluation.held_out import HELD_OUT
from bot.settings import ROOT, settings
from knowledge.build import build_library
from knowledge.library import LibraryReader

if TYPE_CHECKING:
    from bot.understanding.encoder import SentenceEncoder

TOPIC = "topic:"
INTENT = "intent:"
MANNERS = ("ask_question", "report_problem")

SEED = 1
"""Draws the same examples again."""

DIET_EPOCHS = 100
DIET_PIPELINE: list[dict[str, Any]] = [
    {"name": "WhitespaceTokenizer"},
    {"name": "RegexFeaturizer"},
    {"name": "LexicalSyntacticFeaturizer"},
    {"name": "CountVectorsFeaturizer"},
    {"name": "CountVectorsFeaturizer", "analyzer": "char_wb", "min_ngram": 1, "max_ngram": 4},
    {
        "name": "DIETClassifier",
        "epochs": DIET_EPOCHS,
        "constrain_similarities": True,
        # beyond the default: repeatable, and every class reported instead of the ten likeliest
        "random_seed": 42,
        "ranking_length": 0,
    },
]
"""What `rasa init` trains when no pipeline is configured. Left out are its parts for entities and canned answers,
and its fallback, which is a threshold: thresholds are chosen alike for every system below."""

Probabilities = Callable[[str], Mapping[str, float]]
"""A message to the chance of every class, from 0 to 1."""


@dataclass
class Trained:
    """A system that is ready to read messages, and what it cost to get there (seconds on the clock)."""

    probabilities: Probabilities
    training_seconds: float
    load_seconds: float
    note: str = ""


# -- the training data, the same for all


def training_examples(library_path: Path) -> list[tuple[str, str]]:
    """(text, class) pairs: the library's questions and titles, and the examples of `data/nlu`."""
    library = LibraryReader(library_path)
    pairs = [(p.text, TOPIC + p.topic) for p in library.passages() if p.kind in ("question", "title")]
    library.close()
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            if entry.get("intent") and entry["intent"] not in MANNERS:
                lines = (line.strip() for line in entry["examples"].splitlines())
                pairs.extend((line[2:].strip(), INTENT + entry["intent"]) for line in lines if line.startswith("- "))
    return pairs


def prepare(work: Path, most: int) -> None:
    """Put a library, the training examples and the held-out messages into `work`, so that every system sees the same,
    whatever is edited meanwhile. At most so many examples of a class are among them; 0: all."""
    content = work / "content"
    copy_content(content, most)
    build_library(content, work / "knowledge.db")
    shutil.copytree(HELD_OUT, work / "held_out")
    by_class: dict[str, list[str]] = {}
    for text, label in training_examples(work / "knowledge.db"):
        by_class.setdefault(label, []).append(text)
    pairs = [(text, label) for label, texts in by_class.items() for text in drawn(texts, label, most)]
    write_training(work, pairs)


def drawn(texts: Sequence[str], name: str, most: int) -> list[str]:
    """At most so many of the texts, drawn at random, and the fewer always among the more; 0: all, as they are."""
    return random.Random(f"{SEED} {name}").sample(texts, len(texts))[:most] if most else list(texts)


def copy_content(content: Path, most: int) -> None:
    """Copy the knowledge to `content`, with at most so many questions of every topic; 0: all."""
    shutil.copytree(settings().knowledge_folder, content, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    for path in sorted((content / "topics").rglob("*.yml")):
        topic = yaml.safe_load(path.read_text(encoding="utf-8"))
        topic["questions"] = drawn(topic["questions"], topic["slug"], most)
        path.write_text(yaml.safe_dump(topic, allow_unicode=True, width=10_000), encoding="utf-8")


def write_training(work: Path, pairs: Sequence[tuple[str, str]]) -> None:
    """Put the training examples into `work`."""
    (work / "training.json").write_text(json.dumps(pairs, ensure_ascii=False), encoding="utf-8")


def read_training(work: Path) -> tuple[list[str], list[str]]:
    """The texts and the classes that `prepare` left in `work`."""
    pairs = json.loads((work / "training.json").read_text(encoding="utf-8"))
    return [text for text, _ in pairs], [label for _, label in pairs]


# -- the systems


def rasa_project(work: Path, name: str, pipeline: Sequence[Mapping[str, Any]]) -> Path:
    """A folder with `config.yml` and `nlu.yml`: the pipeline and the examples, as Rasa reads them."""
    by_class: dict[str, list[str]] = {}
    for text, label in zip(*read_training(work), strict=True):
        # square brackets would be read as the markup of an entity
        by_class.setdefault(label, []).append(" ".join(text.translate(str.maketrans("[]", "  ")).split()))
    folder = work / name
    folder.mkdir(exist_ok=True)
    nlu = [{"intent": label, "examples": "".join(f"- {t}\n" for t in ts)} for label, ts in by_class.items()]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000))
    config = {"recipe": "default.v1", "language": "en", "assistant_id": name, "pipeline": list(pipeline)}
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    return folder


def _through_rasa(work: Path, name: str, pipeline: Sequence[Mapping[str, Any]]) -> Any:
    """Train `pipeline` with Rasa on the examples and load it again: (agent, training seconds, load seconds)."""
    os.environ.pop("TQDM_DISABLE", None)
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(30)
    folder = rasa_project(work, name, pipeline)
    started = time.perf_counter()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    trained = time.perf_counter()
    if model is None:
        raise RuntimeError(f"Rasa did not train {name}")
    agent = Agent.load(model)
    return agent, trained - started, time.perf_counter() - trained


def default_pipeline(epochs: int) -> list[dict[str, Any]]:
    """Rasa's default pipeline, trained for so many epochs."""
    return [dict(part, epochs=epochs) if part["name"] == "DIETClassifier" else part for part in DIET_PIPELINE]


def diet(work: Path, epochs: int) -> Trained:
    """Rasa's default pipeline."""
    agent, training, loading = _through_rasa(work, "diet", default_pipeline(epochs))
    loop = asyncio.new_event_loop()

    def probabilities(text: str) -> Mapping[str, float]:
        parsed = loop.run_until_complete(agent.parse_message(text))
        return {entry["name"]: entry["confidence"] for entry in parsed["intent_ranking"]}

    note = f"{epochs} epochs" + ("" if epochs == DIET_EPOCHS else f" in place of {DIET_EPOCHS}")
    return Trained(probabilities, training, loading, note)


def _linear(inputs: Any, labels: Sequence[str], solver: str) -> tuple[Any, float, str]:
    """Logistic regression whose penalty is the better of two on a fifth of the training data put aside:
    (model, seconds of the last fit, note)."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.model_selection import train_test_split

    def fit(penalty: float, x: Any, y: Any) -> Any:
        return LogisticRegression(C=penalty, solver=solver, max_iter=200, tol=1e-3).fit(x, y)

    numbers = np.arange(len(labels))
    kept, aside = train_test_split(numbers, test_size=0.2, random_state=0, stratify=labels)
    targets = np.array(labels)
    scores = {c: fit(c, inputs[kept], targets[kept]).score(inputs[aside], targets[aside]) for c in (10.0, 30.0)}
    best = max(scores, key=lambda c: scores[c])
    started = time.perf_counter()
    model = fit(best, inputs, targets)
    return model, time.perf_counter() - started, f"C={best:g}, {solver}"


def spelling_linear(work: Path) -> Trained:
    """Character n-grams weighed by TF-IDF, and logistic regression."""
    import joblib
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts, labels = read_training(work)
    started = time.perf_counter()
    features = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), min_df=2, sublinear_tf=True)
    inputs = features.fit_transform(texts)
    prepared = time.perf_counter() - started
    model, fitted, note = _linear(inputs, labels, "liblinear")
    joblib.dump((features, model), work / "spelling.joblib")
    started = time.perf_counter()
    features, model = joblib.load(work / "spelling.joblib")
    loading = time.perf_counter() - started

    def probabilities(text: str) -> Mapping[str, float]:
        return dict(zip(model.classes_, model.predict_proba(features.transform([text]))[0], strict=True))

    return Trained(probabilities, prepared + fitted, loading, note)


def vectors_linear(work: Path) -> Trained:
    """MiniLM sentence vectors, and logistic regression."""
    import joblib

    from bot.understanding.encoders.minilm import MiniLM
    from bot.understanding.tidy import tidy

    texts, labels = read_training(work)
    started = time.perf_counter()
    inputs = MiniLM().encode([tidy(text) for text in texts])
    prepared = time.perf_counter() - started
    model, fitted, note = _linear(inputs, labels, "lbfgs")
    joblib.dump(model, work / "vectors.joblib")
    started = time.perf_counter()
    encoder = MiniLM()
    model = joblib.load(work / "vectors.joblib")
    loading = time.perf_counter() - started

    def probabilities(text: str) -> Mapping[str, float]:
        return dict(zip(model.classes_, model.predict_proba(encoder.encode([tidy(text)]))[0], strict=True))

    return Trained(probabilities, prepared + fitted, loading, note)


FEATURES = ("ridge", "nearest", "near_three", "spelling", "words", "prose", "all_topics", "is_intent")
"""The columns of TopicIndex.features, in order."""


def ours(
    work: Path,
    leave_out: Sequence[str] = (),
    spelling: bool = True,
    without: str = "",
    encoder: SentenceEncoder | None = None,
) -> Trained:
    """This project's reader; `leave_out` takes measures of likeness away, `without` one of the two encoders. Vectors
    are kept for the next time. With `encoder`, that one is used, with what it remembers."""
    from bot.understanding import classifier, meaning
    from bot.understanding import encoder as encoders
    from bot.understanding.thresholds import load_thresholds
    from bot.understanding.topic_index import TopicIndex, encode_tidied
    from bot.understanding.vector_cache import VectorCache
    from bot.understanding.weighing import fit_weights

    if not spelling:
        classifier.MEANING_SHARE = 1.0
    cache_name = f"v{without}.db"
    if without:
        meaning.MINILM_SHARE, meaning.E5_SHARE = (0.0, 1.0) if without == "minilm" else (1.0, 0.0)

    class Encoder(encoders.SentenceEncoder):
        """The encoder, with one half silenced when it is left out."""

        def encode(self, texts: Sequence[str]) -> encoders.Vectors:
            both = super().encode(texts)
            if without:
                lost = slice(None, encoders.HALF) if without == "minilm" else slice(encoders.HALF, None)
                both[:, lost] = 0.0
            return both

    texts, labels = read_training(work)
    intents: dict[str, list[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        if label.startswith(INTENT):
            intents.setdefault(label[len(INTENT) :], []).append(text)
    cache_folder = work / "cache"
    cache_folder.mkdir(exist_ok=True)
    calibration = load_thresholds(settings().knowledge_folder / "understanding.yml").calibration
    encoder = encoder or Encoder()
    used = np.array([name not in leave_out for name in FEATURES], dtype=np.float32)

    def index() -> TopicIndex:
        return TopicIndex(
            LibraryReader(work / "knowledge.db"), intents, VectorCache(cache_folder / cache_name, encoder)
        )

    started = time.perf_counter()
    features, right = index().training_features(VectorCache(cache_folder / cache_name, encoder))
    if features.shape[2] != len(FEATURES):
        raise RuntimeError("the reader measures other likenesses than this benchmark names")
    weights = fit_weights(features * used, right).calibrated(calibration)
    trained = time.perf_counter()
    loaded = index()
    loading = time.perf_counter() - trained

    def probabilities(text: str) -> Mapping[str, float]:
        measured = loaded.features(text, encode_tidied(encoder, text)) * used
        return dict(zip(loaded.classes, weights.probabilities(measured), strict=True))

    return Trained(probabilities, trained - started, loading)


SYSTEMS: dict[str, tuple[str, Callable[[Path, int], Trained]]] = {
    "diet": ("Rasa's default pipeline (DIET)", diet),
    "spelling": ("Character n-grams, logistic regression", lambda work, _: spelling_linear(work)),
    "vectors": ("Sentence vectors, logistic regression", lambda work, _: vectors_linear(work)),
    "ours": ("This project", lambda work, _: ours(work)),
    "ours-no-words": ("… without shared words (BM25)", lambda work, _: ours(work, ("words",))),
    "ours-no-prose": ("… without likeness to the answers", lambda work, _: ours(work, ("prose",))),
    "ours-no-spelling": ("… without spelling", lambda work, _: ours(work, ("spelling",), spelling=False)),
    "ours-no-e5": ("… without the second encoder", lambda work, _: ours(work, without="e5")),
    "ours-no-minilm": ("… without the first encoder", lambda work, _: ours(work, without="minilm")),
    "ours-no-nearest": ("… without nearest examples", lambda work, _: ours(work, ("nearest", "near_three"))),
}
