"""The proof of the decision table: it proves every invariant, it agrees with the evaluator, and it can fail."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import z3
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from bot.triage.cli import app
from bot.triage.decide import decide
from bot.triage.proof.content import diagnosis_pattern
from bot.triage.proof.prove import Verdict, prove
from bot.triage.proof.symbolic import Case, CheckIn
from bot.triage.table import TABLE_FILE, load_table
from bot.triage.table_models import TriageTable

TABLE = load_table()
TEXT = TABLE_FILE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def verdicts() -> list[Verdict]:
    return list(prove(TABLE))


def test_every_invariant_of_the_table_is_proved(verdicts: list[Verdict]) -> None:
    assert [verdict.invariant for verdict in verdicts] == [invariant.id for invariant in TABLE.invariants]
    assert len(verdicts) == 31
    assert {verdict.invariant: verdict.findings for verdict in verdicts if not verdict.proved} == {}


def test_only_statements_about_wording_and_names_are_settled_by_counting(verdicts: list[Verdict]) -> None:
    counted = {verdict.invariant for verdict in verdicts if not verdict.queries}

    assert counted == {"no-diagnosis-words", "known-slugs", "groups-fit-small-screens"}


# The evaluator and the proof say the same


def _check_ins() -> st.SearchStrategy[CheckIn]:
    """Any check-in: answers given, also unasked, questions skipped or not reached, and every kept fact."""
    answers: dict[str, st.SearchStrategy[Any]] = {}
    for question in TABLE.questions:
        ids = [option.id for option in question.options]
        # The first options are the best ones: without a pull towards them, nearly every example would be an emergency.
        usual = st.sampled_from(ids[:2])
        several = st.lists(st.sampled_from(ids), min_size=1, max_size=3, unique=True)
        answers[question.id] = usual.map(lambda one: [one]) | several if question.choose_many else (
            usual | st.sampled_from(ids)
        )  # fmt: skip
    facts = {fact.id: st.sampled_from([option.id for option in fact.options]) for fact in TABLE.kept_facts}
    return st.builds(
        lambda told, running, reached, kept: CheckIn(told, running, frozenset(reached) | frozenset(told), kept),
        st.fixed_dictionaries({}, optional=answers) | st.fixed_dictionaries(answers),
        st.booleans(),
        st.sets(st.sampled_from(list(TABLE.by_id))),
        st.fixed_dictionaries(facts),
    )


@pytest.fixture(scope="module")
def solver() -> tuple[Case, z3.Solver]:
    case = Case(TABLE, "any")
    solver = z3.SolverFor("QF_FD")
    solver.add(*case.bounds)
    return case, solver


@settings(max_examples=200, deadline=None)
@given(check_in=_check_ins())
def test_evaluator_and_proof_agree_on_every_check_in(solver: tuple[Case, z3.Solver], check_in: CheckIn) -> None:
    case, solving = solver
    solving.push()
    solving.add(*case.pins(check_in))
    assert solving.check() == z3.sat
    model = solving.model()
    solving.pop()

    def true(formulas: Any) -> set[str]:
        return {name for name, formula in formulas.items() if z3.is_true(model.eval(formula, model_completion=True))}

    result = decide(
        TABLE, check_in.answers, running=check_in.running, reached=check_in.reached, kept_facts=check_in.kept_facts
    )
    proved = (
        true(case.level),
        true(case.matches),
        true(case.shows),
        {name: true(of) for name, of in case.value.items()},
    )
    assert proved == ({result.level}, set(result.rows), set(result.steps), dict(result.values))


# The proof can fail


def _verdict(tmp_path: Path, invariant: str, old: str, new: str) -> Verdict:
    """The verdict on one invariant for the product's table with one piece of text replaced."""
    assert TEXT.count(old) == 1, f"{TEXT.count(old)} places hold {old!r}"
    path = tmp_path / "triage.yml"
    path.write_text(TEXT.replace(old, new), encoding="utf-8")
    (verdict,) = prove(load_table(path), only=[invariant])
    return verdict


BROKEN = {
    "red-flag-always-emergency": ("rf-leg-color, rf-saddle-bladder, rf-cannot", "rf-saddle-bladder, rf-cannot"),
    "worse-never-lower": (
        "if: { knee: [locks-no-pain, locks-with-pain, locks-swollen] }",
        "if: { knee: [locks-no-pain, locks-swollen] }",
    ),
    "adding-never-lower": ("if: { same-day-signs: [sd-leg-clot,", "if: { same-day-signs: [none, sd-leg-clot,"),
    "unknown-never-better-than-mild": (
        "medicines: [not-sure], knee: [not-sure], backward: [not-sure], fall-harm: [not-sure], skin",
        "medicines: [not-sure], backward: [not-sure], fall-harm: [not-sure], skin",
    ),
    "unknown-level-holds": ("if: { red-flags: [unanswered] }", "if: { red-flags: [not-sure] }"),
    "silence-is-not-good-news": (
        "if: { diagnosis: [not-sure, unknown] }\n        steps: [contact-doctor]",
        "if: { diagnosis: [unknown] }\n        steps: [contact-doctor]",
    ),
    "take-back-floor": (
        "if: { danger-taken-back: [sign-taken-back] }",
        "if: { danger-taken-back: [no-sign-taken-back] }",
    ),
    "held-and-lasting": (
        "bounce-length: [minutes, not-sure, over-ten, not-stopping] }\n        steps: [same-day",
        "bounce-length: [not-sure, over-ten, not-stopping] }\n        steps: [same-day",
    ),
    "no-exercise-when-unwell": (
        "hide_kinds: [exercise]\n    reach_human: Doctor's",
        "hide_kinds: []\n    reach_human: Doctor's",
    ),
    "no-exercise-or-brace-for-children": (
        "  baby: { hide_kinds: [exercise, brace]",
        "  baby: { hide_kinds: [exercise]",
    ),
    "children-never-self-care": ("if: { who: [child, baby] }", "if: { who: [baby] }"),
    "jumping-gate-closed-by-risk": ("    jump-clear: [cleared]", "    jump-clear: [cleared, not-cleared]"),
    "jumping-and-no-jumping-exclusive": (
        "gate_not: jumping\n        steps: [no-jumping]",
        "gate_not: jumping\n        steps: [keep-plan]",
    ),
    "always-a-human": (
        "always_steps: [keep-plan, recheck-if-change, reach-a-human]",
        "always_steps: [keep-plan, recheck-if-change]",
    ),
    "someone-to-call-by-level": ("always_steps: [same-day-advice, emergency-if", "always_steps: [emergency-if"),
    "emergency-first-line": ('headline: "Call your emergency number now"', 'headline: "Please get help"'),
    "quiet-at-home": ("rf-danger-home: [phone-on-speaker, stay-with-person]", "rf-danger-home: [stay-with-person]"),
    "no-contradicting-steps": (
        "keep-plan: { kind: everyday, only_if: { level: [self-care] }",
        "keep-plan: { kind: everyday",
    ),
    "brace-steps-need-a-brace": (
        "contact-brace-clinic: { kind: contact, only_if: { brace: [fits, sometimes, not-sure, poor-fit] }",
        "contact-brace-clinic: { kind: contact",
    ),
    "keep-baclofen": ('"Do not jump. First', '"Stop baclofen. First'),
    "no-diagnosis-words": ('"Nothing you told me needs urgent care"', '"You do not have a stroke"'),
    "brace-rule": (
        "brace: [sometimes, none, not-sure, poor-fit] }\n        steps: [afo-review",
        "brace: [sometimes, none, poor-fit] }\n        steps: [afo-review",
    ),
    "every-row-matters": (
        "if: { bounce-stop: [does-not] }\n        steps: [contact-doctor]",
        "if: { bounce-stop: [does-not], who: [baby] }\n        steps: [contact-doctor]",
    ),
}


@pytest.mark.parametrize("invariant", BROKEN)
def test_a_table_that_breaks_an_invariant_is_not_proved(tmp_path: Path, invariant: str) -> None:
    assert not _verdict(tmp_path, invariant, *BROKEN[invariant]).proved


def test_a_counterexample_says_in_plain_words_what_was_answered_and_what_came_out(tmp_path: Path) -> None:
    verdict = _verdict(
        tmp_path, "worse-never-lower", "if: { knee: [locks-swollen] }", "if: { knee: [locks-with-pain] }"
    )

    first, *lines = verdict.findings[0].split("\n")
    assert first == "a worse answer to 'Knee snaps or locks back' lowers the level"
    assert "Knee snaps or locks back: Yes, and it hurts" in lines[0]
    assert "gives urgent by" in lines[1]
    assert "Knee snaps or locks back: It is swollen, gets stuck or gives way, with or without a snap" in lines[2]


def test_an_invariant_without_a_check_and_a_check_without_a_statement_are_not_proved() -> None:
    renamed = TABLE.invariants[0].copy(update={"id": "pigs-can-fly"})
    table = TriageTable(**{**TABLE.__dict__, "invariants": (renamed, *TABLE.invariants[1:])})

    only = ["pigs-can-fly", "red-flag-always-emergency"]
    failed = {verdict.invariant: verdict.findings for verdict in prove(table, only=only)}

    assert failed == {
        "pigs-can-fly": ("nothing checks this invariant",),
        "red-flag-always-emergency": ("the table no longer states this invariant",),
    }


def test_a_category_that_is_not_in_the_list_of_warning_signs_is_found() -> None:
    used = {name for question in TABLE.questions for option in question.options for name in option.categories}
    used |= {name for _, row in TABLE.rows for name in row.categories}

    (whole,) = prove(TABLE, categories=used, only=["known-slugs"])
    (lacking,) = prove(TABLE, categories=used - {"dvt"}, only=["known-slugs"])

    assert (whole.findings, lacking.findings) == ((), ("there is no warning-sign category 'dvt'",))


@pytest.mark.parametrize(
    ("sentence", "is_diagnosis"),
    [
        ("You have a stroke.", True),
        ("you do not have a new infection", True),
        ("This is serotonin syndrome.", True),
        ("You have a spinal cord injury.", True),
        ("You said there is some pain in your leg.", False),
        ("Call for signs of a stroke.", False),
    ],
)
def test_a_sentence_that_names_a_disease_as_the_persons_own_is_a_diagnosis(sentence: str, is_diagnosis: bool) -> None:
    assert bool(diagnosis_pattern(TABLE).search(sentence)) is is_diagnosis


# The command line


def _run(*arguments: str, given: str | bytes = "") -> tuple[int, list[str]]:
    result = CliRunner().invoke(app, list(arguments), input=given)
    return result.exit_code, result.stdout.splitlines()


def test_the_command_prints_one_line_for_each_invariant_and_succeeds() -> None:
    code, lines = _run("prove")

    assert code == 0
    assert [line.split()[:2] for line in lines[:-1]] == [["PROVED", name.id] for name in TABLE.invariants]
    assert lines[-1].startswith("31 of 31 invariants proved in ")


def test_the_command_fails_with_the_counterexample_for_a_broken_table(tmp_path: Path) -> None:
    path = tmp_path / "triage.yml"
    path.write_text(TEXT.replace("if: { who: [child, baby] }", "if: { who: [baby] }"), encoding="utf-8")

    code, lines = _run("prove", "--table", str(path))

    assert code == 1
    failed = next(index for index, line in enumerate(lines) if line.startswith("FAILED  children-never-self-care"))
    assert lines[failed + 1].strip() == "a child or a baby ends in self-care"
