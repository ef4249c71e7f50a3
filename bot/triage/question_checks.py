"""What can be wrong with the questions of the decision table."""

from __future__ import annotations

from collections.abc import Iterator

from bot.triage.question_models import NONE_OPTION, Condition, Question
from bot.triage.table_names import NameChecks, Where
from knowledge.files import Problem

LARGEST_GROUP_WORDS = 45
"""Words in one group of signs: what can be read aloud in about 15 seconds."""

MOST_GROUPS = 4
"""Groups of signs in one question, so that a tired person on a phone gets through them."""


class QuestionChecks(NameChecks):
    """The checks of the questions, each a generator of problems placed on their lines."""

    def question(self, index: int, question: Question) -> Iterator[Problem]:
        """One question: what silence means, when it is asked, its groups and signs."""
        where: Where = ("questions", index)
        for field in ("unknown_counts_as", "not_asked_as", "mild"):
            named = getattr(question, field)
            if named is not None and named not in question.by_id:
                yield self._at(where, field, message=f"'{question.id}' has no option '{named}'")
        counted = question.by_id.get(question.unknown_counts_as)
        if counted is not None and not counted.unknown:
            yield self._at(
                where,
                "unknown_counts_as",
                message=f"'{counted.id}' must be marked 'unknown: true': silence is never an answer",
            )
        if question.mild is None and not question.choose_many:
            yield self._at(where, message=f"'{question.id}' needs a 'mild' answer to compare an unknown one with")
        if question.unknown_level not in self._table.levels:
            yield self._at(where, "unknown_level", message=f"there is no level '{question.unknown_level}'")
        earlier = {other.id for other in self._table.questions[:index]}
        for field in ("ask_when", "ask_when_any"):
            condition: Condition = getattr(question, field)
            yield from self._condition(condition, (*where, field))
            for name in condition:
                if name in self._table.by_id and name not in earlier:
                    yield self._at(
                        where,
                        field,
                        name,
                        message=f"'{question.id}' can wait only for an earlier question, not for '{name}'",
                    )
        yield from self._who(question.ask_who, (*where, "ask_who"))
        if question.ask_when_gate not in (None, self._table.jumping_gate.id):
            yield self._at(where, "ask_when_gate", message=f"there is no gate '{question.ask_when_gate}'")
        if question.choose_many:
            yield from self._signs(question, where)
        elif question.groups:
            yield self._at(where, "groups", message="only a choose-many question has groups")

    def _signs(self, question: Question, where: Where) -> Iterator[Problem]:
        none = question.by_id.get(NONE_OPTION)
        if none is None or none.rank != 0:
            yield self._at(where, "options", message=f"'{question.id}' needs an option 'none' of rank 0")
        if len(question.groups) > MOST_GROUPS:
            yield self._at(where, "groups", message=f"at most {MOST_GROUPS} groups, has {len(question.groups)}")
        for place, group in enumerate(question.groups):
            words = len(group.text.split())
            if words > LARGEST_GROUP_WORDS:
                yield self._at(
                    where, "groups", place,
                    message=f"group '{group.id}' has {words} words; at most {LARGEST_GROUP_WORDS} fit into 15 seconds",
                )  # fmt: skip
            if not question.group_signs(group.id):
                yield self._at(where, "groups", place, message=f"group '{group.id}' has no sign")
        groups = {group.id for group in question.groups}
        for place, option in enumerate(question.options):
            here: Where = (*where, "options", place)
            if option.group is not None and option.group not in groups:
                yield self._at(here, "group", message=f"there is no group '{option.group}'")
            if option in question.signs and option.offered and (option.group is None or option.ask is None):
                yield self._at(here, message=f"the sign '{option.id}' needs a 'group' and an 'ask' of its own")
            yield from self._who(option.ask_who, (*here, "ask_who"))
            yield from self._condition(option.ask_when, (*here, "ask_when"))
            yield from self._condition(option.not_when, (*here, "not_when"))

    def audience(self) -> Iterator[Problem]:
        """Every answer to whom it is for has its audience, and nothing else has."""
        who = self._table.by_id.get("who")
        if who is None or set(who.by_id) != set(self._table.audience):
            yield self._document.problem("audience: must name exactly the options of the question 'who'", "audience")
        for name, audience in self._table.audience.items():
            yield from self._step_names(audience.omit, ("audience", name, "omit"))
            yield from self._kinds(audience.hide_kinds, ("audience", name, "hide_kinds"))
