"""Whether a sign is told of the past: over, or long ago."""

from __future__ import annotations

from bot.safety.clauses import Clauses
from bot.safety.phrases import Span

_PRESENT_TENSE = frozenset(["is", "are", "am", "has", "keep", "feel", "look", "seem", "get", "cannot", "go", "start"])
_GOING_ON = _PRESENT_TENSE | {"be", "been", "have", "still", "do", "does", "will", "cannot"}
# Words of "sudden", "out of the blue", "out of nowhere", "all at once" in plain form: how something began, not when.
_SUDDEN = frozenset({"sudden", "blue", "nowher", "nowhere", "onc"})
_SPEAKERS = frozenset({"i", "he", "she", "they", "we"})


class Past:
    """What one message tells of the past."""

    def __init__(self, clauses: Clauses) -> None:
        self._clauses = clauses
        self._keys = clauses.keys
        self._cues = clauses.cues

    def of(self, span: Span) -> tuple[str | None, str | None]:
        """(why it is past, why it may be past)."""
        here, clause = self._clauses.sentence(span.first), self._clauses.clause(span.first)
        over = [c for name in ("past", "that_was_past") for c in self._clauses.cues_here(name, here)]
        now = [
            # The "now" of "seven years ago now" and of "he is a teacher now" tells of no present sign.
            c
            for name in ("present", "change")
            for c in self._clauses.cues_here(name, here)
            if self._clauses.is_change(c)
            and not any(past.first <= c.first <= past.last for past in over)
            and not (_SUDDEN.intersection(self._keys[c.first : c.last]) and self._told_as_past(c))
        ]
        now += [c for c in self._cues.get("lasting", ()) if self._goes_on(c)]
        present_here = any(self._clauses.clause(c.first) == clause for c in now)
        present_sentence = bool(now)
        maybe = None
        for cue in self._clauses.cues_here("past", here):
            if self._clauses.clause(cue.first) == clause or self._clauses.clause(cue.last - 1) == clause:
                if not present_here:
                    return self._clauses.said(cue), None
            elif not present_sentence:
                words = self._keys[self._clauses.clause_starts[clause] : span.last]
                if cue.first > span.last and self._told_by_itself(cue):
                    maybe = self._clauses.said(cue)
                elif cue.first > span.last or not _PRESENT_TENSE.intersection(words):
                    return self._clauses.said(cue), None
        for cue in self._cues.get("that_was_past", ()):
            if cue.first >= span.last and not present_sentence:
                return self._clauses.said(cue), None
        return None, maybe

    def _told_as_past(self, cue: Span) -> bool:
        """Whether what was sudden is dated later in the same clause: "began to shake out of the blue in 1995"."""
        here = self._clauses.clause(cue.first)
        dated = any(c.first >= cue.last and self._clauses.clause(c.first) == here for c in self._cues.get("past", ()))
        return dated and not self._goes_on(cue)

    def _goes_on(self, cue: Span) -> bool:
        """Whether the clause tells of something that goes on: "has been shaking for two hours"."""
        clause = self._clauses.clause(cue.first)
        start = self._clauses.clause_starts[clause]
        end = (
            self._clauses.clause_starts[clause + 1]
            if clause + 1 < len(self._clauses.clause_starts)
            else len(self._keys)
        )
        return bool(_GOING_ON.intersection(self._keys[start:end]))

    def _told_by_itself(self, cue: Span) -> bool:
        """Whether a past cue belongs to a statement with a subject and a sign of its own.

        "I bumped my head and I had brain surgery in the past": the past may be that of the surgery only.
        """
        start = self._clauses.clause_starts[self._clauses.clause(cue.first)]
        subject = start + 1 < len(self._keys) and self._keys[start] == "and" and self._keys[start + 1] in _SPEAKERS
        return subject and any(
            start <= first and last <= cue.first
            for first, last in self._clauses.signs_by_sentence.get(self._clauses.sentence(start), ())
        )
