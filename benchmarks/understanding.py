"""Compare ways of understanding a message: the same training data, the same held-out messages, one run.

    python -m benchmarks.understanding                    # everything; Rasa's default pipeline takes most of the time
    python -m benchmarks.understanding --without diet     # the rest, in a few minutes
    python -m benchmarks.understanding --write            # also renew the table in docs/understanding.md

Every topic of the library is a class whose examples are its questions and its title, and every intent of `data/nlu` is
a class, apart from `ask_question` and `report_problem`: those two say how something is asked, not what about, and their
examples would compete with the topics'. Each system runs in a process of its own with at most two threads.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bot.evaluation.held_out import HELD_OUT, LabelledMessage, load_intents, load_out_of_scope, load_topics
from bot.evaluation.intervals import wilson
from bot.quiet import be_quiet
from bot.settings import ROOT, settings
from knowledge.build import build_library
from knowledge.library import LibraryReader

TOPIC = "topic:"
INTENT = "intent:"
MANNERS = ("ask_question", "report_problem")
THREADS = "2"
RESULTS = ROOT / "var" / "benchmarks" / "understanding.json"

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


@dataclass
class Outcome:
    """What one system made of the held-out messages."""

    system: str
    training_seconds: float
    training_cpu_seconds: float
    load_seconds: float
    milliseconds: float
    milliseconds_p95: float
    peak_megabytes: float
    note: str
    topics: list[dict[str, Any]] = field(default_factory=list)
    """For every topic message: the first three topics, the chance that it is about any topic, the likeliest class, and
    what was right. The next two hold the same."""
    out_of_scope: list[dict[str, Any]] = field(default_factory=list)
    intents: list[dict[str, Any]] = field(default_factory=list)


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


def prepare(work: Path) -> None:
    """Put copies of the library, the training examples and the held-out messages into `work`, so that every system
    sees the same, whatever is edited meanwhile."""
    here = settings()
    build_library(here.knowledge_folder, here.library_path)
    shutil.copy(here.library_path, work / "knowledge.db")
    shutil.copytree(HELD_OUT, work / "held_out")
    pairs = training_examples(work / "knowledge.db")
    (work / "training.json").write_text(json.dumps(pairs, ensure_ascii=False), encoding="utf-8")


def read_training(work: Path) -> tuple[list[str], list[str]]:
    """The texts and the classes that `prepare` left in `work`."""
    pairs = json.loads((work / "training.json").read_text(encoding="utf-8"))
    return [text for text, _ in pairs], [label for _, label in pairs]


# -- the systems


def _through_rasa(work: Path, name: str, pipeline: Sequence[Mapping[str, Any]], intents: Sequence[str]) -> Any:
    """Train `pipeline` with Rasa on the examples and load it again: (agent, training seconds, load seconds)."""
    os.environ.pop("TQDM_DISABLE", None)
    from rasa.core.agent import Agent
    from rasa.model_training import train_nlu
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(30)
    texts, labels = read_training(work)
    by_class: dict[str, list[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        if label in intents:
            # square brackets would be read as the markup of an entity
            by_class.setdefault(label, []).append(" ".join(text.translate(str.maketrans("[]", "  ")).split()))
    folder = work / name
    folder.mkdir(exist_ok=True)
    nlu = [{"intent": label, "examples": "".join(f"- {t}\n" for t in ts)} for label, ts in by_class.items()]
    (folder / "nlu.yml").write_text(yaml.safe_dump({"version": "3.1", "nlu": nlu}, allow_unicode=True, width=10_000))
    config = {"recipe": "default.v1", "language": "en", "assistant_id": name, "pipeline": list(pipeline)}
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    started = time.perf_counter()
    model = train_nlu(str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder))
    trained = time.perf_counter()
    if model is None:
        raise RuntimeError(f"Rasa did not train {name}")
    agent = Agent.load(model)
    return agent, trained - started, time.perf_counter() - trained


def diet(work: Path, epochs: int) -> Trained:
    """Rasa's default pipeline."""
    labels = sorted(set(read_training(work)[1]))
    pipeline = [dict(part, epochs=epochs) if part["name"] == "DIETClassifier" else part for part in DIET_PIPELINE]
    agent, training, loading = _through_rasa(work, "diet", pipeline, labels)
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

    from bot.understanding.minilm import MiniLM
    from bot.understanding.tidy import tidy

    texts, labels = read_training(work)
    started = time.perf_counter()
    inputs = MiniLM(threads=2).encode([tidy(text) for text in texts])
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


FEATURES = ("ridge", "nearest", "near_three", "spelling", "words", "prose", "is_intent")
"""The columns of TopicIndex.features, in order."""


def ours(work: Path, leave_out: Sequence[str] = (), spelling: bool = True, without: str = "") -> Trained:
    """This project's reader; `leave_out` takes measures of likeness away, `without` one of the two encoders. Vectors
    are kept for the next time."""
    from bot.understanding import classifier, meaning
    from bot.understanding import encoder as encoders
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
    encoder = Encoder()
    used = [column for column, name in enumerate(FEATURES) if name not in leave_out]

    def index() -> TopicIndex:
        return TopicIndex(
            LibraryReader(work / "knowledge.db"), intents, VectorCache(cache_folder / cache_name, encoder)
        )

    started = time.perf_counter()
    features, right = index().training_features(VectorCache(cache_folder / cache_name, encoder))
    if features.shape[2] != len(FEATURES):
        raise RuntimeError("the reader measures other likenesses than this benchmark names")
    weights = fit_weights(features[:, :, used], right)
    trained = time.perf_counter()
    encoder = Encoder()
    loaded = index()
    loading = time.perf_counter() - trained

    def probabilities(text: str) -> Mapping[str, float]:
        measured = loaded.features(text, encode_tidied(encoder, text))[:, used]
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


# -- measuring


def measure(system: str, work: Path, epochs: int) -> Outcome:
    """Train one system, read every held-out message with it, and say what came out."""
    cpu = time.process_time()
    trained = SYSTEMS[system][1](work, epochs)
    cpu = time.process_time() - cpu
    seconds: list[float] = []
    trained.probabilities("warm up")

    def read(message: LabelledMessage) -> dict[str, Any]:
        started = time.perf_counter()
        chances = trained.probabilities(message.text)
        seconds.append(time.perf_counter() - started)
        ranked = sorted(chances, key=lambda label: -chances[label])
        topics = [label[len(TOPIC) :] for label in ranked if label.startswith(TOPIC)]
        return {
            "topics": topics[:3],
            "about": float(sum(chance for label, chance in chances.items() if label.startswith(TOPIC))),
            "class": ranked[0],
            "right": list(message.right),
        }

    outcome = Outcome(
        system, trained.training_seconds, cpu, trained.load_seconds, 0.0, 0.0, 0.0, trained.note,
        [read(message) for message in load_topics(work / "held_out" / "topics.jsonl")],
        [read(message) for message in load_out_of_scope(work / "held_out" / "out_of_scope.jsonl")],
        [read(message) for message in load_intents(work / "held_out" / "intents.jsonl")],
    )  # fmt: skip
    outcome.milliseconds = float(np.median(seconds) * 1000)
    outcome.milliseconds_p95 = float(np.percentile(seconds, 95) * 1000)
    outcome.peak_megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return outcome


def refused_at(about_in: Sequence[float], about_out: Sequence[float], accepted: float) -> tuple[int, float]:
    """How many of `about_out` fall below the threshold at which the share `accepted` of `about_in` is reached.

    The threshold is the quantile of each system's own scores on the in-scope messages, so every system answers the same
    share of them and the refusals can be compared. Returns (refused, threshold).
    """
    threshold = float(np.quantile(np.asarray(about_in), 1.0 - accepted))
    return int((np.asarray(about_out) < threshold).sum()), threshold


def area_under_curve(about_in: Sequence[float], about_out: Sequence[float]) -> float:
    """The chance that an in-scope message scores above an out-of-scope one: 0.5 is guessing, 1 is perfect."""
    inside, outside = np.asarray(about_in)[:, None], np.asarray(about_out)[None, :]
    return float((inside > outside).mean() + 0.5 * (inside == outside).mean())


@dataclass(frozen=True)
class Row:
    """The figures of one system as the table shows them; shares are from 0 to 1."""

    name: str
    first: float
    first_interval: tuple[float, float]
    first_three: float
    refused: dict[float, float]
    curve: float
    intents: float
    outcome: Outcome


ACCEPTED = (0.95, 0.98)
"""Shares of the in-scope messages that every system answers while its refusals are counted."""


def row_of(outcome: Outcome) -> Row:
    """The figures of one system."""
    total = len(outcome.topics)
    first = sum(read["topics"][0] in read["right"] for read in outcome.topics)
    three = sum(bool(set(read["topics"]) & set(read["right"])) for read in outcome.topics)
    inside = [read["about"] for read in outcome.topics]
    outside = [read["about"] for read in outcome.out_of_scope]
    right = sum(read["class"] == INTENT + read["right"][0] for read in outcome.intents)
    return Row(
        SYSTEMS[outcome.system][0], first / total, wilson(first, total), three / total,
        {share: refused_at(inside, outside, share)[0] / len(outside) for share in ACCEPTED},
        area_under_curve(inside, outside), right / len(outcome.intents), outcome,
    )  # fmt: skip


HEADINGS = (
    "System", "Right topic first (95 % interval)", "In first three",
    *(f"Out of scope refused, {share:.0%} of topics answered" for share in ACCEPTED), "Area under curve",
    "Intents right", "Training, s (CPU s)", "Loading, s", "A message, ms (95th)", "Memory, MB", "Note",
)  # fmt: skip


def cells(row: Row) -> list[str]:
    """One row of the table, as text."""
    low, high = row.first_interval
    out = row.outcome
    # a part taken away starts from the vectors that the whole has kept, so its cost says nothing
    cost = [""] * 4 if row.name.startswith("…") else [
        f"{out.training_seconds:.0f} ({out.training_cpu_seconds:.0f})", f"{out.load_seconds:.1f}",
        f"{out.milliseconds:.1f} ({out.milliseconds_p95:.1f})", f"{out.peak_megabytes:.0f}",
    ]  # fmt: skip
    return [
        row.name, f"{row.first:.1%} ({low * 100:.1f}–{high * 100:.1f})", f"{row.first_three:.1%}",
        *(f"{row.refused[share]:.1%}" for share in ACCEPTED), f"{row.curve:.3f}", f"{row.intents:.1%}", *cost, out.note,
    ]  # fmt: skip


def markdown(rows: Sequence[Row], examples: int, version: str) -> str:
    """The table as it stands in the docs."""
    lines = ["| " + " | ".join(HEADINGS) + " |", "|" + " --- |" * len(HEADINGS)]
    lines += ["| " + " | ".join(cells(row)) + " |" for row in rows]
    return "\n".join([*lines, "", f"{examples} training examples, library version `{version}`."])


@contextmanager
def working_folder(kept: Path | None) -> Iterator[Path]:
    """A folder for the copies and models of this run, removed afterwards unless it was named."""
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def run_all(chosen: Sequence[str], epochs: int, kept: Path | None, console: Console) -> tuple[list[Outcome], int, str]:
    """Measure every chosen system in a process of its own: (outcomes, training examples, library version).

    With a folder `kept`, its copy of the training data is used again and what it already measured is not repeated.
    """
    outcomes: list[Outcome] = []
    with working_folder(kept) as work:
        if not (work / "training.json").is_file():
            prepare(work)
        library = LibraryReader(work / "knowledge.db")
        version = library.version
        library.close()
        examples = len(read_training(work)[0])
        threads = {"OMP_NUM_THREADS": THREADS, "OPENBLAS_NUM_THREADS": THREADS,
                   "TF_INTRA_OP_PARALLELISM_THREADS": THREADS, "TF_INTER_OP_PARALLELISM_THREADS": "1"}  # fmt: skip
        for system in track(chosen, description="Measuring", console=console):
            result = work / f"{system}.result.json"
            if not result.is_file():
                subprocess.run(
                    [sys.executable, "-m", "benchmarks.understanding", "--one", system, "--work", str(work),
                     "--epochs", str(epochs)],
                    cwd=ROOT, check=True, env={**os.environ, **threads},
                )  # fmt: skip
            outcomes.append(Outcome(**json.loads(result.read_text(encoding="utf-8"))))
    return outcomes, examples, version


def main() -> None:
    """Run the comparison from the command line."""
    be_quiet()
    parser = argparse.ArgumentParser(description="Compare ways of understanding a message.")
    parser.add_argument("--without", nargs="*", choices=SYSTEMS, default=[], help="systems to leave out")
    parser.add_argument("--epochs", type=int, default=DIET_EPOCHS, help="epochs of DIET")
    parser.add_argument("--write", action="store_true", help="renew the table in docs/understanding.md")
    parser.add_argument("--show", action="store_true", help="show the last run again instead of running")
    parser.add_argument(
        "--work", type=Path, help="keep copies and results here; a second start goes on where it stopped"
    )
    parser.add_argument("--one", choices=SYSTEMS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        outcome = measure(options.one, options.work, options.epochs)
        path = options.work / f"{options.one}.result.json"
        path.write_text(json.dumps(asdict(outcome)), encoding="utf-8")
        return
    console = Console(width=200)
    if options.show:
        kept = json.loads(RESULTS.read_text(encoding="utf-8"))
        outcomes, examples, version = [Outcome(**o) for o in kept["outcomes"]], kept["examples"], kept["version"]
    else:
        chosen = [system for system in SYSTEMS if system not in options.without]
        outcomes, examples, version = run_all(chosen, options.epochs, options.work, Console(stderr=True))
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        kept = {"examples": examples, "version": version, "outcomes": [asdict(outcome) for outcome in outcomes]}
        RESULTS.write_text(json.dumps(kept), encoding="utf-8")
    rows = [row_of(outcome) for outcome in outcomes]
    table = Table(*HEADINGS, title=f"Understanding: {examples} training examples")
    for row in rows:
        table.add_row(*cells(row))
    console.print(table)
    if options.write:
        from bot.evaluation.document import UNDERSTANDING_DOC, renew_sections

        renew_sections(UNDERSTANDING_DOC, {"comparison": markdown(rows, examples, version)})
        console.print(f"Renewed the comparison in {UNDERSTANDING_DOC.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
