"""After a long pause: "You were telling me about …, go on?" before anything is taken as an answer."""

from __future__ import annotations

from dataclasses import replace

from bot.triage.interview_state import NO, YES, InterviewState
from bot.triage.prompts import SHALL_WE_GO_ON
from bot.triage.reading.reader import Reader
from bot.triage.reading.reply import ANSWER, COMMAND, DIGRESSION
from bot.triage.stage import Stage
from bot.triage.turns import EMERGENCY, STOPPED, Turn


class Pausing:
    """Takes an interview up again after hours. A bare "no" is not taken as the answer to a question of hours ago."""

    def __init__(self, stage: Stage, reader: Reader) -> None:
        self._stage, self._reader = stage, reader

    def ask(self, state: InterviewState, text: str) -> Turn | None:
        """Ask whether to go on; None when the reply needs no reminding, as it plainly answers the question or is a
        command.
        """
        name = self._stage.current(state)
        if name is None or name == SHALL_WE_GO_ON or state.ended == EMERGENCY or state.pending is not None:
            return None
        reading = self._reader.read(text, self._stage.writer.write(name, state))
        told = reading.answers or reading.maybe or reading.signs or reading.beside
        bare = reading.mark != YES and not told
        if reading.kind == COMMAND or (reading.kind == ANSWER and not bare):
            return None
        state = replace(state, current=SHALL_WE_GO_ON, before_pause=name, misses=0)
        return self._stage.shown(state, SHALL_WE_GO_ON, "digression" if reading.kind == DIGRESSION else "reminded")

    def hear(self, state: InterviewState, text: str) -> tuple[InterviewState, Turn | None]:
        """The reply to "go on?". Without a turn the reply is for the question before the pause, which is back."""
        prompt = self._stage.writer.write(SHALL_WE_GO_ON, state)
        reading = self._reader.read(text, prompt)
        back = replace(state, current=state.before_pause, before_pause=None, misses=0)
        if (reading.kind == ANSWER and reading.mark == YES) or reading.command == "go_on":
            return back, self._stage.again(back, "asked")
        if (reading.kind == ANSWER and reading.mark == NO) or reading.command == "stop":
            stopped = replace(back, ended=STOPPED)
            return back, Turn(stopped, STOPPED, None, (self._stage.wording.prompts.stopped,))
        if reading.command == "explain":
            return state, self._stage.again(state, "explained", (prompt.simpler,))
        if reading.kind == COMMAND:
            return back, None
        asked = self._reader.read(text, self._stage.writer.write(state.before_pause or "", back))
        if asked.kind == ANSWER:
            return back, None
        return state, self._stage.again(state, "digression" if reading.kind == DIGRESSION else "reminded")
