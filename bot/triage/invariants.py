"""The invariants of the decision table, each as a proof over every possible check-in.

`knowledge/triage.yml` states them in words; here each id has the check that settles it. A check yields what it finds
wrong, and nothing when the invariant holds. Statements about wording and names are settled by counting, all others by
the solver.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass

import z3

from bot.triage.explain import reason_sentences
from bot.triage.symbolic import Case, CheckIn, Formula, all_of, any_of
from bot.triage.table import LARGEST_GROUP_WORDS, MOST_GROUPS, NONE_OPTION, Question, TriageTable

EMERGENCY, URGENT, SOON, SELF_CARE = "emergency", "urgent", "soon", "self-care"
CHILDREN = ("child", "baby")
ADULTS = ("me", "someone-i-help")


@dataclass(frozen=True)
class Finding:
    """One way in which an invariant fails: what went wrong, and the check-ins that show it (none about wording)."""

    what: str
    check_ins: tuple[CheckIn, ...] = ()


class Space:
    """Every possible check-in of one table, and pairs of them that differ in one answer."""

    def __init__(self, table: TriageTable, categories: Collection[str] | None = None) -> None:
        self.table = table
        self.categories = categories
        self.queries = 0
        self.case = Case(table, "a")
        self._solvers: dict[tuple[Case, ...], z3.Solver] = {}
        self._pairs: dict[str, Case] = {}

    def pair(self, question: str) -> tuple[Case, Case]:
        """Two check-ins alike in everything but one question or kept fact."""
        if question not in self._pairs:
            self._pairs[question] = Case(self.table, f"b[{question}]", like=self.case, but=question)
        return self.case, self._pairs[question]

    def always(self, claim: Formula, what: str, *cases: Case) -> Iterator[Finding]:
        """Yield a finding unless the claim holds in every case."""
        model = self._model(z3.Not(claim), cases or (self.case,))
        if model is not None:
            yield Finding(what, tuple(case.read(model) for case in cases or (self.case,)))

    def possible(self, claim: Formula, what: str) -> Iterator[Finding]:
        """Yield a finding unless the claim holds in some case."""
        if self.witness(claim) is None:
            yield Finding(what)

    def witness(self, claim: Formula) -> CheckIn | None:
        """A check-in in which the claim holds, if there is one."""
        model = self._model(claim, (self.case,))
        return None if model is None else self.case.read(model)

    def _model(self, wanted: Formula, cases: tuple[Case, ...]) -> z3.ModelRef | None:
        # Finite choices only: the finite-domain solver decides every query, so "unknown" would be a fault of ours.
        if cases not in self._solvers:
            self._solvers[cases] = z3.SolverFor("QF_FD")
            for case in cases:
                self._solvers[cases].add(*case.bounds)
        solver = self._solvers[cases]
        self.queries += 1
        solver.push()
        solver.add(wanted)
        verdict = solver.check()
        model = solver.model() if verdict == z3.sat else None
        solver.pop()
        if verdict == z3.unknown:
            raise RuntimeError(f"the solver gave no answer: {solver.reason_unknown()}")
        return model


def _outranked(before: Case, after: Case, question: str) -> Formula:
    """Whether both say something and the answer after is a worse one."""
    options = before.table.by_id[question].options
    return any_of(
        z3.And(before.says(question, low.id), after.says(question, high.id))
        for low in options
        for high in options
        if high.rank > low.rank
    )


def _no_lower(before: Case, after: Case) -> Formula:
    """Whether the level after is that before or higher."""
    return all_of(z3.Implies(before.at_least(level), after.at_least(level)) for level in before.table.levels)


def red_flag_always_emergency(space: Space) -> Iterator[Finding]:
    case, danger = space.case, space.table.danger_question
    for option in (*danger.signs, danger.by_id["not-sure"]):
        claim = z3.Implies(case.says(danger.id, option.id), case.level[EMERGENCY])
        yield from space.always(claim, f"'{option.text}' does not lead to an emergency")


def worse_never_lower(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        if not question.choose_many:
            before, after = space.pair(question.id)
            claim = z3.Implies(_outranked(before, after, question.id), _no_lower(before, after))
            yield from space.always(claim, f"a worse answer to '{question.label}' lowers the level", before, after)
    for fact in space.table.kept_facts:
        before, after = space.pair(fact.id)
        worse = any_of(
            z3.And(before.facts[fact.id][low.id], after.facts[fact.id][high.id])
            for low in fact.options
            for high in fact.options
            if high.rank > low.rank
        )
        yield from space.always(
            z3.Implies(worse, _no_lower(before, after)), f"a worse state of '{fact.id}' lowers the level", before, after
        )


def adding_never_lower(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        if not question.choose_many:
            continue
        before, after = space.pair(question.id)
        kept = all_of(
            z3.Implies(before.says(question.id, option.id), after.says(question.id, option.id))
            for option in question.options
        )
        claim = z3.Implies(z3.And(before.answered(question.id), kept), _no_lower(before, after))
        yield from space.always(claim, f"one more tick at '{question.label}' lowers the level", before, after)
        case = space.case
        others = [case.value[question.id][option.id] for option in question.options if option.id != NONE_OPTION]
        alone = z3.Implies(case.value[question.id][NONE_OPTION], z3.Not(any_of(others)))
        yield from space.always(alone, f"'none' counts beside another tick at '{question.label}'")


def max_rule(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    decisive = [(level, row.id) for level, row in table.rows if row.gate is None and row.gate_not is None]
    for rows in (decisive, decisive[::-1]):
        # Bit vectors, not integers: the finite-domain solver knows no unbounded numbers.
        rank: Formula = z3.BitVecVal(table.levels[table.lowest_level].rank, 4)
        for level, row in rows:
            of = z3.BitVecVal(table.levels[level].rank, 4)
            rank = z3.If(z3.And(case.matches[row], z3.UGT(of, rank)), of, rank)
        for level in table.levels:
            claim = case.level[level] == (rank == z3.BitVecVal(table.levels[level].rank, 4))
            yield from space.always(claim, f"the level {level} is not the highest of the matching rows")


def unknown_never_better_than_mild(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        unsure, sure = space.pair(question.id)
        compared = [option.id for option in question.options if option.rank == 0 or option.id == question.mild]
        silent = unsure.unknown(question.id)
        said = any_of(unsure.says(question.id, option.id) for option in question.options if option.unknown)
        for option in compared:
            told = [sure.says(question.id, other.id) == (other.id == option) for other in question.options]
            claim = z3.Implies(z3.And(z3.Or(silent, said), *told), _no_lower(sure, unsure))
            what = f"not knowing '{question.label}' gives a lower level than '{question.by_id[option].text}'"
            yield from space.always(claim, what, unsure, sure)


def unknown_level_holds(space: Space) -> Iterator[Finding]:
    case = space.case
    for question in space.table.questions:
        unknown, level = case.does_not_know(question.id), question.unknown_level
        below = z3.Implies(unknown, case.at_least(level))
        yield from space.always(below, f"not knowing '{question.label}' can give a level below {level}")
        reached = z3.And(case.unknown(question.id), case.level[level])
        yield from space.possible(reached, f"not knowing '{question.label}' never gives {level}")


def skip_not_safer_than_best(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        case = space.case
        unknown = case.does_not_know(question.id)
        claim = z3.Implies(unknown, z3.Not(z3.Or(case.gate, case.shows["jumping-if-cleared"])))
        yield from space.always(claim, f"jumping is open though '{question.label}' is not known")
        if question.unknown_level != SELF_CARE:
            calm = z3.Implies(unknown, z3.Not(case.level[SELF_CARE]))
            yield from space.always(calm, f"not knowing '{question.label}' can end in self-care")
        skipped, best = space.pair(question.id)
        for option in question.options:
            if option.rank == 0:
                told = [best.says(question.id, other.id) == (other.id == option.id) for other in question.options]
                claim = z3.Implies(z3.And(skipped.unknown(question.id), *told), _no_lower(best, skipped))
                what = f"skipping '{question.label}' gives a lower level than its best answer"
                yield from space.always(claim, what, skipped, best)


def silence_is_not_good_news(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    silent = all_of(
        z3.And(z3.Not(case.answered(question.id)), case.reached[question.id]) for question in table.questions
    )
    claim = z3.Implies(silent, z3.And(case.at_least(URGENT), z3.Not(case.gate)))
    yield from space.always(claim, "with every question skipped the level is below urgent, or jumping is open")
    matters = any_of(
        case.does_not_know(question.id) for question in table.questions if question.unknown_level != SELF_CARE
    )
    yield from space.always(
        z3.Implies(matters, case.at_least(SOON)), "an unknown answer that matters ends in self-care"
    )


def first_question_fixed(space: Space) -> Iterator[Finding]:
    table, case = space.table, space.case
    danger = table.danger_question
    if danger.id != "red-flags" or danger.skip_allowed:
        yield Finding("the danger question is not first, or can be skipped")
    if danger.ask_who or danger.ask_when or danger.ask_when_any or danger.ask_when_gate:
        yield Finding("the danger question is not asked of everybody")
    alone = all_of(
        z3.And(z3.Not(case.answered(question.id)), z3.Not(case.reached[question.id]))
        for question in table.questions
        if question is not danger
    )
    for option in danger.signs:
        claim = z3.Implies(z3.And(alone, case.says(danger.id, option.id)), case.level[EMERGENCY])
        yield from space.always(claim, f"'{option.text}' alone does not end the check-in")


def stop_early_is_final(space: Space) -> Iterator[Finding]:
    table, now = space.table, space.case
    later = Case(table, "later")
    same: list[Formula] = []
    for question in table.questions:
        known = z3.Or(now.answered(question.id), now.reached[question.id])
        alike = [now.told[question.id][option.id] == later.told[question.id][option.id] for option in question.options]
        same.append(z3.Implies(known, z3.And(later.reached[question.id], *alike)))
    for fact in table.kept_facts:
        same += [now.facts[fact.id][option.id] == later.facts[fact.id][option.id] for option in fact.options]
    claim = z3.Implies(z3.And(now.level[EMERGENCY], *same), later.level[EMERGENCY])
    yield from space.always(claim, "an emergency is undone by a question answered later", now, later)


def take_back_floor(space: Space) -> Iterator[Finding]:
    case = space.case
    taken_back = case.has("danger-taken-back", ["sign-taken-back"])
    safe = z3.And(case.at_least(URGENT), z3.Not(case.gate), z3.Not(case.shows["jumping-if-cleared"]))
    yield from space.always(
        z3.Implies(taken_back, safe), "after a take-back the level is below urgent, or jumping is open"
    )


def held_and_lasting(space: Space) -> Iterator[Finding]:
    case = space.case
    held = case.has("bounce-stop", ["does-not"])
    lasting = case.has("bounce-length", ["minutes", "not-sure", "over-ten", "not-stopping"])
    going_on = case.has("bounce-length", ["not-stopping"])
    doubt = z3.And(going_on, case.has("bounce-spread", ["not-sure"]))
    yield from space.always(
        z3.Implies(z3.And(held, lasting), case.at_least(URGENT)), "not stopping when held for a minute is below urgent"
    )
    yield from space.always(
        z3.Implies(z3.And(held, z3.Or(case.has("bounce-spread", ["spreads"]), doubt)), case.level[EMERGENCY]),
        "not stopping when held, with spread or doubt about a seizure, is no emergency",
    )
    yield from space.always(
        z3.Implies(case.has("bounce-spread", ["spreads"]), case.level[EMERGENCY]),
        "shaking that spreads is no emergency",
    )
    yield from space.always(
        z3.Implies(z3.And(held, case.has("who", ["baby"])), case.level[EMERGENCY]),
        "a baby whose jerks do not stop when held is no emergency",
    )


def _of_kind(table: TriageTable, *kinds: str) -> list[str]:
    return [slug for slug, step in table.next_steps.items() if step.kind in kinds]


def no_exercise_when_unwell(space: Space) -> Iterator[Finding]:
    case = space.case
    for slug in _of_kind(space.table, "exercise"):
        claim = z3.Implies(case.at_least(URGENT), z3.Not(case.shows[slug]))
        yield from space.always(claim, f"the exercise step '{slug}' is shown at emergency or urgent level")


def no_exercise_or_brace_for_children(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    for slug in _of_kind(table, "exercise", "brace"):
        claim = z3.Implies(case.has("who", [*CHILDREN, "not-sure"]), z3.Not(case.shows[slug]))
        yield from space.always(claim, f"'{slug}' is shown to a child, a baby or someone not named")
    for who in CHILDREN:
        for slug in table.audience[who].omit:
            claim = z3.Implies(case.has("who", [who]), z3.Not(case.shows[slug]))
            yield from space.always(claim, f"'{slug}' is shown for a {who}")
    claim = z3.Implies(
        z3.And(case.has("who", CHILDREN), z3.Not(case.level[EMERGENCY])), case.shows["contact-child-team"]
    )
    yield from space.always(claim, "a child or baby is not sent to its own team")


def children_never_self_care(space: Space) -> Iterator[Finding]:
    case = space.case
    claim = z3.Implies(case.has("who", CHILDREN), case.at_least(SOON))
    yield from space.always(claim, "a child or a baby ends in self-care")


def jumping_gate_closed_by_risk(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    jumping = case.shows["jumping-if-cleared"]
    for name, options in table.jumping_gate.all_of.items():
        known = case.level if name == "level" else case.value[name]
        outside = any_of(formula for option, formula in known.items() if option not in options)
        yield from space.always(
            z3.Implies(jumping, z3.Not(outside)), f"jumping is shown though '{name}' closes the gate"
        )
    danger, today = table.danger_question, table.by_id["same-day-signs"]
    risks: list[tuple[str, Formula]] = [
        ("a fall in the past year", case.has("falls", ["one-year", "more-year", "one-month", "more-month"])),
        ("knee locking or knee pain", case.has("knee", ["locks-no-pain", "locks-with-pain", "locks-swollen"])),
        ("a feeling of falling backward", case.has("backward", ["sometimes", "often"])),
        ("a danger sign", case.has(danger.id, [option.id for option in danger.signs])),
        ("a same-day sign", case.has(today.id, [option.id for option in today.signs])),
        ("an unknown answer", any_of(case.does_not_know(question.id) for question in table.questions)),
        ("a limit", case.has("jump-limits", ["one-or-more", "not-sure"])),
        ("no clearance said in so many words", z3.Not(case.says("jump-clear", "cleared"))),
        ("a child, a baby or someone not named", case.has("who", [*CHILDREN, "not-sure"])),
    ]
    for risk, formula in risks:
        yield from space.always(z3.Implies(jumping, z3.Not(formula)), f"jumping is shown with {risk}")


def jumping_and_no_jumping_exclusive(space: Space) -> Iterator[Finding]:
    case = space.case
    jump, stay = case.shows["jumping-if-cleared"], case.shows["no-jumping"]
    yield from space.always(z3.Not(z3.And(jump, stay)), "both 'jumping-if-cleared' and 'no-jumping' are shown")
    yield from space.always(
        z3.Implies(case.level[SELF_CARE], z3.Or(jump, stay)), "self-care says nothing about jumping"
    )


def always_an_outcome(space: Space) -> Iterator[Finding]:
    case = space.case
    yield from space.always(_exactly_one(case.level.values()), "there is not exactly one level")
    for question in space.table.questions:
        value = case.value[question.id].values()
        total = any_of(value) if question.choose_many else _exactly_one(value)
        yield from space.always(total, f"'{question.label}' has no value, or several")


def _exactly_one(formulas: Iterable[Formula]) -> Formula:
    every = list(formulas)
    return z3.And(z3.Or(*every), z3.AtMost(*every, 1))


def always_a_step(space: Space) -> Iterator[Finding]:
    steps = any_of(formula for slug, formula in space.case.shows.items() if slug != "reach-a-human")
    yield from space.always(steps, "no step is shown besides reaching a human")


def always_a_human(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    yield from space.always(case.shows["reach-a-human"], "no way to reach a human is shown")
    net = {
        EMERGENCY: "call-emergency-now",
        URGENT: "emergency-if-no-answer",
        SOON: "recheck-if-change",
        SELF_CARE: "recheck-if-change",
    }
    for level, slug in net.items():
        yield from space.always(z3.Implies(case.level[level], case.shows[slug]), f"{level} does not show '{slug}'")
        if "emergency number" not in table.next_steps[slug].text:
            yield Finding(f"the step '{slug}' does not name the emergency number")


def someone_to_call_by_level(space: Space) -> Iterator[Finding]:
    case = space.case
    within_days = (
        "contact-pt", "contact-doctor", "contact-brace-clinic", "contact-child-team", "ask-pharmacist", "afo-review",
    )  # fmt: skip
    someone = any_of(case.shows[slug] for slug in within_days)
    yield from space.always(z3.Implies(case.level[SOON], someone), "soon says nobody to contact")
    today = z3.Implies(case.level[URGENT], case.shows["same-day-advice"])
    yield from space.always(today, "urgent does not say to call today")


def emergency_first_line(space: Space) -> Iterator[Finding]:
    case, outcome = space.case, space.table.outcomes[EMERGENCY]
    first = outcome.always_steps[0]
    if first != "call-emergency-now":
        yield Finding(f"the first step of an emergency is '{first}'")
    yield from space.always(
        z3.Implies(case.level[EMERGENCY], case.shows[first]), "the first step of an emergency is hidden"
    )
    for text in (outcome.headline, space.table.next_steps[first].text):
        if not re.match(r"call your emergency number", text, re.IGNORECASE):
            yield Finding(f"'{text}' does not say to call the emergency number")


def quiet_at_home(space: Space) -> Iterator[Finding]:
    case = space.case
    unsafe = case.has("red-flags", ["rf-danger-home"])
    for slug in ("phone-on-speaker", "stay-with-person"):
        yield from space.always(z3.Implies(unsafe, z3.Not(case.shows[slug])), f"'{slug}' is shown to someone in danger")
    yield from space.always(z3.Implies(unsafe, case.shows["call-safely"]), "no quiet way to call is shown")
    loud = z3.Implies(case.shows["phone-on-speaker"], case.level[EMERGENCY])
    yield from space.always(loud, "the speaker is named below emergency")


def no_contradicting_steps(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    excluded = {name for step in table.next_steps.values() for name in step.excludes}
    for slug, step in table.next_steps.items():
        if step.excludes and slug in excluded:
            yield Finding(f"the step '{slug}' both excludes and is excluded")
        for other in step.excludes:
            claim = z3.Not(z3.And(case.shows[slug], case.shows[other]))
            yield from space.always(claim, f"'{slug}' and '{other}' are shown together")
        if "in the next few days" in step.text:
            claim = z3.Not(z3.And(case.shows["same-day-advice"], case.shows[slug]))
            yield from space.always(claim, f"'{slug}' says days where today is meant")
    plan = z3.Implies(case.shows["keep-plan"], case.level[SELF_CARE])
    yield from space.always(plan, "'keep-plan' is shown above self-care")
    stretch = z3.Implies(case.has("stretch", ["hurts"]), z3.Not(case.shows["calf-stretch-plan"]))
    yield from space.always(stretch, "a calf stretch is shown though stretching hurts")


def brace_steps_need_a_brace(space: Space) -> Iterator[Finding]:
    case = space.case
    for slug in ("brace-off-until-checked", "contact-brace-clinic"):
        claim = z3.Implies(case.has("brace", ["none"]), z3.Not(case.shows[slug]))
        yield from space.always(claim, f"'{slug}' is shown though no brace is worn")


_MEDICINE = re.compile(r"\b(baclofen|tizanidine|medicines?|pills?|dose)\b", re.IGNORECASE)
_STOPPING = re.compile(r"\b(stop|quit|skip|halve|come off|cut|leave out|no more)\b", re.IGNORECASE)


def keep_baclofen(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    for slug, step in table.next_steps.items():
        for sentence in re.split(r"(?<=[.!?])\s+", step.text):
            stops = _STOPPING.search(sentence) and _MEDICINE.search(sentence)
            told_not_to = re.search(r"\bdo not stop\b", sentence, re.IGNORECASE)
            until_told = "until the emergency team says so" in sentence
            if stops and not told_not_to and not until_told:
                yield Finding(f"the step '{slug}' may be read as stopping a medicine: {sentence}")
    if not re.search(r"\bdo not stop baclofen\b", table.next_steps["keep-medicines"].text, re.IGNORECASE):
        yield Finding("the step 'keep-medicines' does not say to keep baclofen")
    keep, no_more = case.shows["keep-medicines"], case.shows["no-more-baclofen-now"]
    yield from space.always(z3.Implies(case.level[URGENT], keep), "urgent does not say to keep the medicines")
    too_much = case.has("red-flags", ["rf-baclofen-too-much"])
    spared = z3.Or(too_much, case.has("red-flags", ["rf-self-harm"]))
    for row in ("E7", "E4", "E6", "E9", "E10", "E12", "E13"):
        claim = z3.Implies(z3.And(case.matches[row], z3.Not(spared)), keep)
        yield from space.always(claim, f"row {row} does not say to keep the medicines")
    yield from space.always(
        z3.Implies(too_much, z3.And(z3.Not(keep), no_more)), "too much baclofen, and it still says to keep taking it"
    )
    if "until the emergency team says so" not in table.next_steps["no-more-baclofen-now"].text:
        yield Finding("the step 'no-more-baclofen-now' does not say who decides")


def result_texts(table: TriageTable) -> Iterator[str]:
    """Every sentence that any result can show, apart from what other files add."""
    for outcome in table.outcomes.values():
        yield from (outcome.headline, outcome.time_frame, outcome.reach_human, *outcome.say)
    for step in table.next_steps.values():
        yield step.text
        yield from filter(None, [step.visit_question])
    for pattern in table.patterns:
        yield from (pattern.title, pattern.plain, *pattern.from_the_article.values())
    yield from (item.text for item in table.call_if)
    yield table.jumping_gate.limits_note
    yield table.summary_for_visit.closing_line
    yield from reason_sentences(table)


def diagnosis_pattern(table: TriageTable) -> re.Pattern[str]:
    """What a diagnosis would look like: an opener, at most three small words, and a condition."""
    openers = "|".join(re.escape(text) for text in table.diagnosis_words.openers)
    conditions = "|".join(re.escape(text) for text in table.diagnosis_words.conditions)
    between = r"(?:(?:a|an|the|had|another|new|mild|severe|some|signs of|any|kind of|type of)\s+){0,3}"
    return re.compile(rf"\b(?:{openers})\s+{between}(?:{conditions})\b", re.IGNORECASE)


def no_diagnosis_words(space: Space) -> Iterator[Finding]:
    pattern = diagnosis_pattern(space.table)
    for text in result_texts(space.table):
        if pattern.search(text):
            yield Finding(f"this reads like a diagnosis: {text}")


def known_slugs(space: Space) -> Iterator[Finding]:
    table = space.table
    steps = set(table.next_steps)
    named = {step for outcome in table.outcomes.values() for step in outcome.always_steps}
    named |= {step for _, row in table.rows for step in row.steps}
    for lost in sorted(named - steps):
        yield Finding(f"the step '{lost}' does not exist")
    for idle in sorted(steps - named):
        yield Finding(f"the step '{idle}' is never used")
    for question in table.questions:
        yield from _signs_in_order(question)
    conditions = [condition for _, row in table.rows for condition in (row.if_, row.if_any)]
    conditions += [condition for step in table.next_steps.values() for condition in (step.only_if, step.not_if)]
    conditions += [table.jumping_gate.all_of, *(pattern.shown_by for pattern in table.patterns)]
    for condition in conditions:
        for name, options in condition.items():
            known: Collection[str] = table.levels if name == "level" else ()
            known = table.by_id[name].by_id if name in table.by_id else known
            known = table.fact_by_id[name].by_id if name in table.fact_by_id else known
            for lost in sorted(set(options) - set(known)):
                yield Finding(f"'{name}' has no option '{lost}'")
    used = {name for question in table.questions for option in question.options for name in option.categories}
    used |= {name for _, row in table.rows for name in row.categories}
    for lost in sorted(used - set(space.categories) if space.categories is not None else ()):
        yield Finding(f"there is no warning-sign category '{lost}'")


def _signs_in_order(question: Question) -> Iterator[Finding]:
    groups = {group.id for group in question.groups}
    for option in question.signs if question.choose_many else ():
        if option.offered and (option.group not in groups or not option.ask):
            yield Finding(f"the sign '{option.id}' has no group or no question of its own")


def groups_fit_small_screens(space: Space) -> Iterator[Finding]:
    for question in space.table.questions:
        if len(question.groups) > MOST_GROUPS:
            yield Finding(f"'{question.label}' has {len(question.groups)} groups")
        for group in question.groups:
            words = len(group.text.split())
            if words > LARGEST_GROUP_WORDS:
                yield Finding(f"the group '{group.id}' has {words} words")
        for option in question.signs if question.choose_many else ():
            homes = [group.id for group in question.groups if option in question.group_signs(group.id)]
            if option.offered and len(homes) != 1:
                yield Finding(f"the sign '{option.id}' is in {len(homes)} groups")


def brace_rule(space: Space) -> Iterator[Finding]:
    case = space.case
    short = case.has("ankle-bend", ["less-than-ten", "not-flat"])
    unbraced = case.has("brace", ["sometimes", "none", "not-sure", "poor-fit"])
    claim = z3.Implies(z3.And(short, unbraced), case.at_least(SOON))
    yield from space.always(claim, "less than 10 degrees without a well-fitting brace is self-care")
    calm = z3.Or(case.level[SOON], case.level[URGENT])
    shown = z3.Implies(z3.And(short, unbraced, calm, case.has("who", ADULTS)), case.shows["afo-review"])
    yield from space.always(shown, "an adult with less than 10 degrees is not told to ask about a brace")
    for slug in _of_kind(space.table, "brace"):
        hidden = z3.Or(case.level[EMERGENCY], case.has("who", [*CHILDREN, "not-sure"]))
        yield from space.always(z3.Implies(hidden, z3.Not(case.shows[slug])), f"the brace step '{slug}' is shown")


def every_row_matters(space: Space) -> Iterator[Finding]:
    case, table = space.case, space.table
    for level, row in table.rows:
        here = case.matches[row.id]
        yield from space.possible(here, f"row {row.id} can never match")
        if level == table.lowest_level:
            yield from space.possible(z3.And(here, case.level[level]), f"row {row.id} never matches at {level}")
        elif row.steps_only:
            beside = z3.Implies(here, any_of(case.matches[name] for name in row.with_))
            yield from space.always(beside, f"row {row.id} can match without {' or '.join(row.with_)}")
            yield from space.possible(_adds_a_step(case, level, row.id), f"row {row.id} never adds a step of its own")
        else:
            rivals = [
                case.matches[other.id]
                for of, other in table.rows
                if other.id != row.id and not other.steps_only and table.levels[of].rank >= table.levels[level].rank
            ]
            alone = z3.And(here, z3.Not(any_of(rivals)))
            yield from space.possible(alone, f"row {row.id} never decides the level alone")


def _adds_a_step(case: Case, level: str, row_id: str) -> Formula:
    """Whether a row brings a step to the result that nothing else brings."""
    table = case.table
    row = next(row for _, row in table.rows if row.id == row_id)
    own: list[Formula] = []
    for step in row.steps:
        if step not in table.outcomes[level].always_steps:
            others = [case.matches[other.id] for _, other in table.rows if other.id != row_id and step in other.steps]
            own.append(z3.And(case.shows[step], z3.Not(any_of(others))))
    return z3.And(case.matches[row_id], case.level[level], any_of(own))


Check = Callable[[Space], Iterator[Finding]]

CHECKS: dict[str, Check] = {
    check.__name__.replace("_", "-"): check
    for check in (
        red_flag_always_emergency, worse_never_lower, adding_never_lower, max_rule, unknown_never_better_than_mild,
        unknown_level_holds, skip_not_safer_than_best, silence_is_not_good_news, first_question_fixed,
        stop_early_is_final, take_back_floor, held_and_lasting, no_exercise_when_unwell,
        no_exercise_or_brace_for_children,
        children_never_self_care, jumping_gate_closed_by_risk, jumping_and_no_jumping_exclusive, always_an_outcome,
        always_a_step, always_a_human, someone_to_call_by_level, emergency_first_line, quiet_at_home,
        no_contradicting_steps, brace_steps_need_a_brace, keep_baclofen, no_diagnosis_words, known_slugs,
        groups_fit_small_screens, brace_rule, every_row_matters,
    )
}  # fmt: skip
"""Invariant id -> the check that settles it."""
