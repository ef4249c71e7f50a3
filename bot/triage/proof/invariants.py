"""The invariants of the decision table, each as a proof over every possible check-in.

`knowledge/triage.yml` states them in words; here each id has the check that settles it. A check yields what it finds
wrong, and nothing when the invariant holds. Statements about wording and names are settled by counting, all others by
the solver.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.triage.proof import content, levels, steps
from bot.triage.proof.space import Finding, Space

Check = Callable[[Space], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    check.__name__.replace("_", "-"): check
    for check in (
        levels.red_flag_always_emergency,
        levels.worse_never_lower,
        levels.adding_never_lower,
        levels.max_rule,
        levels.unknown_never_better_than_mild,
        levels.unknown_level_holds,
        levels.skip_not_safer_than_best,
        levels.silence_is_not_good_news,
        levels.first_question_fixed,
        levels.stop_early_is_final,
        levels.take_back_floor,
        levels.held_and_lasting,
        steps.no_exercise_when_unwell,
        steps.no_exercise_or_brace_for_children,
        levels.children_never_self_care,
        steps.jumping_gate_closed_by_risk,
        steps.jumping_and_no_jumping_exclusive,
        levels.always_an_outcome,
        steps.always_a_step,
        steps.always_a_human,
        steps.someone_to_call_by_level,
        steps.emergency_first_line,
        steps.quiet_at_home,
        steps.no_contradicting_steps,
        steps.brace_steps_need_a_brace,
        steps.keep_baclofen,
        content.no_diagnosis_words,
        content.known_slugs,
        content.groups_fit_small_screens,
        steps.brace_rule,
        content.every_row_matters,
    )
}
"""Invariant id -> the check that settles it."""
