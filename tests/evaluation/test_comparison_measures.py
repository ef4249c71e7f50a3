"""How the benchmark compares refusals of systems whose scores mean different things."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from benchmarks.systems import DIET_PIPELINE
from benchmarks.understanding import area_under_curve, kept_lines, refused_at

IN_SCOPE = [0.1, 0.6, 0.7, 0.8, 0.9]
OUT_OF_SCOPE = [0.05, 0.3, 0.65]


def test_a_system_that_was_not_run_keeps_its_line_and_says_what_it_was_trained_on() -> None:
    before = "| System | Note |\n| --- | --- |\n| DIET | 100 epochs |\n| Ours |  |\n\n8 training examples, library `x`."
    kept = ["| DIET | 100 epochs, earlier run: 8 training examples, library `x` |"]
    assert kept_lines(before, ["Ours"]) == kept
    again = "\n".join(["| System | Note |", *kept, "", "9 training examples, library `y`."])
    assert kept_lines(again, ["Ours"]) == kept
    assert kept_lines("", ["Ours"]) == []


def test_refusals_are_counted_where_the_wanted_share_of_in_scope_messages_is_answered() -> None:
    refused, threshold = refused_at(IN_SCOPE, OUT_OF_SCOPE, accepted=0.75)
    assert (refused, threshold) == (2, pytest.approx(0.6))


def test_answering_everything_in_scope_refuses_only_what_lies_below_all_of_it() -> None:
    assert refused_at(IN_SCOPE, OUT_OF_SCOPE, accepted=1.0) == (1, 0.1)


def test_another_scale_of_scores_changes_no_refusal() -> None:
    squeezed = refused_at([s / 10 for s in IN_SCOPE], [s / 10 for s in OUT_OF_SCOPE], accepted=0.75)
    assert squeezed[0] == refused_at(IN_SCOPE, OUT_OF_SCOPE, accepted=0.75)[0]


def test_the_area_is_the_share_of_pairs_in_the_right_order_and_a_tie_counts_half() -> None:
    assert area_under_curve([0.5, 0.9], [0.5, 0.1]) == pytest.approx((0.5 + 1 + 1 + 1) / 4)


def test_the_yardstick_is_the_pipeline_that_rasa_trains_by_default() -> None:
    rasa = find_spec("rasa")
    assert rasa is not None
    assert rasa.origin is not None
    default = Path(rasa.origin).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
    pipeline = yaml.safe_load(default.read_text())["pipeline"]
    ours = [{k: v for k, v in part.items() if k not in ("random_seed", "ranking_length")} for part in DIET_PIPELINE]
    assert ours == pipeline[: len(ours)]
