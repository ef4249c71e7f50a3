"""One bot of real processes for all faults, and one whose model is broken; they start side by side."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.bot_processes import Bot, model


@pytest.fixture(scope="session")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bot, Bot]]:
    whole = Bot(tmp_path_factory.mktemp("whole"), model())
    folder = tmp_path_factory.mktemp("without-model")
    broken = folder / "broken.tar.gz"
    broken.write_bytes(model().read_bytes()[:2000])
    without_model = Bot(folder / "bot", broken)
    try:
        whole.start()
        without_model.start_chat()
        whole.wait()
        without_model.wait()
        yield whole, without_model
    finally:
        whole.stop()
        without_model.stop()


@pytest.fixture
def bot(both: tuple[Bot, Bot]) -> Bot:
    return both[0]


@pytest.fixture
def bot_without_model(both: tuple[Bot, Bot]) -> Bot:
    return both[1]
